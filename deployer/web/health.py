"""The process, for machines: alive, ready, figures. These pages name nobody and nothing."""

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest

from deployer.models import Heartbeat, Submission
from deployer.models.heartbeat import ALIVE
from deployer.web.gauges import Figures


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
    if not is_migrated():
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
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(of_the_line()))
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_OPEN:
        return True
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
