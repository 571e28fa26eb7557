"""The figures of /metrics: read from the database when asked, from kept numbers and short lists alone."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from deployer.domain.lifecycle import Outcome
from deployer.models import CatalogList, Freeze, Service, Target
from deployer.workflow import tallies

MOST = 10_000  # services of one status; where there are more, nobody needs to know how many


class Figures:
    """Everything, for one answer. `line` is what `/readyz` tells of workers and the oldest due row."""

    def __init__(self, line: dict[str, Any]) -> None:
        self.line = line
        self.targets: dict[int, str] = {}

    def collect(self) -> Iterator[Metric]:
        self.targets = dict(Target.objects.values_list("pk", "name"))
        standing, calls = tallies.standing(), tallies.calls()
        yield self.submissions(standing)
        waiting = standing.needs_person
        yield GaugeMetricFamily("deployer_needs_person", "Submissions that wait for a person.", value=waiting)
        yield from self.of_calls(calls)
        yield services()
        yield from of_the_catalog(timezone.now())
        yield from self.of_the_line()
        yield behind(standing, calls)

    def submissions(self, standing: tallies.Standing) -> Metric:
        told = GaugeMetricFamily(
            "deployer_submissions", "Submissions by outcome and target.", labels=["outcome", "target"]
        )
        for (outcome, target), number in sorted(standing.numbers.items()):
            told.add_metric([outcome, self.named(target)], number)
        return told

    def of_calls(self, calls: tallies.Calls) -> Iterator[Metric]:
        """What workers asked of each cloud for submissions: sends, looks, log-ins, and how long they took."""
        ended = CounterMetricFamily(
            "deployer_calls", "Calls for submissions by how they ended.", labels=["target", "kind", "outcome"]
        )
        for (target, kind, outcome), number in sorted(calls.ended.items()):
            ended.add_metric([self.named(target), kind, outcome], number)
        yield ended
        yield self.durations(calls)
        again = CounterMetricFamily("deployer_retries", "Sends of what was tried before.", labels=["target"])
        lost = CounterMetricFamily("deployer_unknowns", "Sends whose answer was lost.", labels=["target"])
        unknowns: Counter[int] = Counter()
        for (target, kind, outcome), number in calls.ended.items():
            unknowns[target] += number if (kind, outcome) == ("send", Outcome.UNKNOWN) else 0
        for target in sorted(unknowns):
            again.add_metric([self.named(target)], calls.again[target])
            lost.add_metric([self.named(target)], unknowns[target])
        yield again
        yield lost

    def durations(self, calls: tallies.Calls) -> Metric:
        told = HistogramMetricFamily("deployer_call_seconds", "How long calls took.", labels=["target", "kind"])
        for target, kind in sorted(calls.seconds):
            classes, total = [], 0
            for place, most in enumerate([*map(str, tallies.STEPS), "+Inf"]):
                total += calls.classes[target, kind, place]
                classes.append((most, total))
            told.add_metric([self.named(target), kind], buckets=classes, sum_value=calls.seconds[target, kind])
        return told

    def of_the_line(self) -> Iterator[Metric]:
        age = self.line.get("oldest_due_seconds") or 0
        yield GaugeMetricFamily("deployer_oldest_due_seconds", "Age of the oldest due submission.", value=age)
        alive = self.line.get("workers_alive", 0)
        yield GaugeMetricFamily("deployer_workers", "Workers that beat lately.", value=alive)
        frozen = Freeze.objects.in_force().count()
        yield GaugeMetricFamily("deployer_freezes", "Freezes in force.", value=frozen)

    def named(self, target: int) -> str:
        return self.targets.get(target, "")


def services() -> Metric:
    told = GaugeMetricFamily(
        "deployer_services", f"Services by status, as last seen; at most {MOST} of one.", labels=["status"]
    )
    for status in statuses():
        found = Service.objects.filter(status=status).order_by("-pk").values("pk")[:MOST].count()
        told.add_metric([status or "unseen"], found)
    return told


def statuses() -> Iterator[str]:
    """Each status there is, by a look into the index at a time."""
    rows = Service.objects.order_by("status").values_list("status", flat=True)
    status = rows.first()
    while status is not None:
        yield status
        status = rows.filter(status__gt=status).first()


def behind(standing: tallies.Standing, calls: tallies.Calls) -> Metric:
    told = GaugeMetricFamily(
        "deployer_uncounted", "Rows these figures do not hold yet; soon 0 after the first reading.", labels=["of"]
    )
    told.add_metric(["submissions"], standing.behind)
    told.add_metric(["calls"], calls.behind)
    return told


def of_the_catalog(now: datetime) -> Iterator[Metric]:
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
