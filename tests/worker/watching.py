"""Helpers to watch by hand, as if the time had come."""

from datetime import timedelta

from django.utils import timezone

from deployer.models import Event, Service, Target, Watch
from deployer.worker.watch import watch
from deployer.workflow import rounds

PAST = timezone.now() - timedelta(days=3)


def go_round(target: Target, *, whole: bool = False) -> None:
    """One round; of those services only that are due. With `whole` everything is listed."""
    rounds.begin(target.pk)
    times = {"next_look_at": PAST, "whole_look_at": PAST if whole else timezone.now() + timedelta(hours=1)}
    Watch.objects.filter(target=target).update(**times)
    assert watch(target.pk, "tester:1")


def look(service: Service) -> Service:
    """A close look at one service, and a list of what moves."""
    Service.objects.filter(pk=service.pk).update(next_look_at=PAST)
    go_round(service.target)
    service.refresh_from_db()
    return service


def heard(service: Service) -> list[tuple[str, str]]:
    """What the history says of its status."""
    rows = Event.objects.filter(deployment__service=service, action="cloud_status").order_by("number")
    return [(row.facts["before"], row.facts["after"]) for row in rows]


def wait_of(row: Service | Watch) -> float:
    row.refresh_from_db()
    return (row.next_look_at - timezone.now()).total_seconds()
