"""The process, for machines: alive, ready, figures. These pages name nobody and nothing."""

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from deployer.models import CatalogList, Heartbeat, Service, Submission

ALIVE = timedelta(seconds=30)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready for people: 503 only when the database is away or migrations are missing.

    A dead worker is told in the body: it must not take the pages down.
    """
    try:
        facts = {"database": "ok", "migrations": "ok" if is_migrated() else "missing", **of_the_line()}
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "away"}, status=503)
    ready = facts["migrations"] == "ok"
    return JsonResponse({"status": "ok" if ready else "unavailable", **facts}, status=200 if ready else 503)


_migrated = False


def is_migrated() -> bool:
    """Asked once until it is true: migrations do not come undone under a running process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def of_the_line() -> dict:
    if not _migrated:
        return {}
    now = timezone.now()
    beats = Heartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True)[:100]
    oldest = Submission.objects.due(now).order_by("next_action_at").values_list("next_action_at", flat=True).first()
    return {
        "workers": [{"seconds_since_beat": round((now - beat).total_seconds(), 1)} for beat in beats],
        "workers_alive": sum(now - beat < ALIVE for beat in beats),
        "oldest_due_seconds": round((now - oldest).total_seconds(), 1) if oldest else None,
    }


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, read from the database, so that any web process tells the same."""
    if not may_measure(request):
        return HttpResponseNotFound()
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_OPEN:
        return True
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


class Figures:
    """Gauges counted when asked."""

    def collect(self):
        from django.db.models import Count

        now = timezone.now()
        submissions = GaugeMetricFamily(
            "deployer_submissions", "Submissions by outcome and target.", labels=["outcome", "target"]
        )
        for row in Submission.objects.values("outcome", "target__name").annotate(n=Count("pk")).order_by():
            submissions.add_metric([row["outcome"], row["target__name"]], row["n"])
        yield submissions
        services = GaugeMetricFamily("deployer_services", "Services by status, as last seen.", labels=["status"])
        for row in Service.objects.values("status").annotate(n=Count("pk")).order_by():
            services.add_metric([row["status"] or "unseen"], row["n"])
        yield services
        yield from of_the_catalog(now)
        people = Submission.objects.open().filter(needs_person=True).count()
        yield GaugeMetricFamily("deployer_needs_person", "Submissions that wait for a person.", value=people)
        line = of_the_line()
        age = line.get("oldest_due_seconds") or 0
        yield GaugeMetricFamily("deployer_oldest_due_seconds", "Age of the oldest due submission.", value=age)
        alive = Heartbeat.objects.filter(beat_at__gte=now - ALIVE).count()
        yield GaugeMetricFamily("deployer_workers", "Workers that beat lately.", value=alive)


def of_the_catalog(now: datetime) -> Iterator[GaugeMetricFamily]:
    """How old what we know of each cloud is. A list that was never read has no age, and shows among the failed."""
    age = GaugeMetricFamily(
        "deployer_catalog_age_seconds", "Seconds since a list of a cloud was read whole.", labels=["target", "list"]
    )
    failed = GaugeMetricFamily(
        "deployer_catalog_failed_lists", "Lists of a cloud that could not be read lately.", labels=["target"]
    )
    troubles: Counter[str] = Counter()
    for name, kind, seen_at, problem in CatalogList.objects.values_list("target__name", "kind", "seen_at", "problem"):
        troubles[name] += bool(problem)
        if seen_at:
            age.add_metric([name, kind], round((now - seen_at).total_seconds(), 1))
    for name, number in sorted(troubles.items()):
        failed.add_metric([name], number)
    yield age
    yield failed
