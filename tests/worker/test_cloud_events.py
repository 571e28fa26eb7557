"""Events of the cloud are copied once, within bounds, without secrets; a cloud that keeps them back stops nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from deployer.models import CloudEvent, Service, Watch
from deployer.worker import closely, pace
from deployer.workflow import hearing, rounds
from deployer.workflow.hearing import Heard
from tests.worker.watching import go_round, look

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def service(submission, step) -> Service:
    return step(submission).deployment.service


@pytest.fixture
def current(service, here) -> rounds.Round:
    rounds.begin(here.pk)
    Watch.objects.update(next_look_at=timezone.now() - timedelta(hours=1))
    claimed = rounds.claim(here.pk, seconds=30)
    assert claimed
    return claimed


def told(number: int, first: int = 0) -> list[Heard]:
    return [Heard(AT + timedelta(minutes=place), "normal", f"Event {place}.") for place in range(first, number)]


def words(service: Service) -> list[str]:
    return list(service.cloud_events.order_by("occurred_at", "pk").values_list("info", flat=True))


def test_the_phases_of_a_deployment_are_copied_while_it_deploys(service, cloud):
    look(service)
    assert words(service) == ["Start to deploy the service."]
    cloud.advance(9)
    look(service)
    assert words(service) == ["Start to deploy the service."], "not more often than every ten seconds"
    Service.objects.update(events_at=timezone.now() - timedelta(seconds=10))
    look(service)
    assert words(service)[-1] == "Scheduling resources is complete."
    cloud.advance(60)
    go_round(service.target)
    assert words(service)[-1] == "The service is running."
    assert len(words(service)) == len(set(words(service)))


def test_copied_twice_is_copied_once(service, current):
    assert hearing.keep(current, service, told(5)) == 5
    assert hearing.keep(current, service, told(5)) == 0
    assert hearing.keep(current, service, told(7)) == 2
    twice = [Heard(AT, "normal", "Twice."), Heard(AT, "normal", "Twice."), Heard(AT, "abnormal", "Twice.")]
    assert hearing.keep(current, service, twice) == 2


def test_an_event_without_a_time_is_copied_once(service, current):
    for _ in range(2):
        hearing.keep(current, service, [Heard(None, "normal", "When?")])
    assert CloudEvent.objects.get().occurred_at


def test_the_oldest_stay_and_nothing_is_asked_for_beyond_the_bound(service, current, cloud, monkeypatch):
    monkeypatch.setattr(hearing, "MOST", 10)
    assert hearing.keep(current, service, told(8)) == 8
    assert hearing.keep(current, service, told(20)) == 2
    assert words(service)[-1] == "Event 9."
    assert hearing.is_full(service)
    rounds.finish(current, again_in=0)
    look(service)
    assert cloud.count("GET", "/events") == 0


def test_only_what_is_new_is_asked_for(service, current, cloud):
    hearing.keep(current, service, told(3))
    assert hearing.from_when(service) == AT + timedelta(minutes=2) - hearing.OVERLAP


def test_what_an_event_quotes_is_masked(service, current, here):
    text = f"Pull failed: password=hunter22hunter for {here.secret}, token: {'MII' + 'x' * 80} and \x00 odd \ud800"
    one = closely.heard(AT, "abnormal", text, [str(here.secret)])
    hearing.keep(current, service, [one])
    kept = CloudEvent.objects.get().info
    assert "Pull failed" in kept
    for secret in ("hunter22hunter", str(here.secret), "MIIx"):
        assert secret not in kept


def test_a_cloud_that_keeps_events_back_stops_nothing(service, cloud):
    cloud.next_time("503", match="GET /v1/*/services/*/events", times=20)
    look(service)
    assert service.status == "deploying"
    assert service.events_at
    assert not words(service)


@pytest.mark.parametrize(
    ("since", "settled", "changed", "wanted"),
    [
        (None, True, False, True),
        (1, False, True, True),
        (3, False, False, False),
        (9.5, False, False, True),
        (3600, True, False, False),
        (pace.DAY, True, False, True),
    ],
)
def test_how_often_events_are_wanted(since, settled, changed, wanted):
    assert pace.wants_events(since, settled=settled, changed=changed) is wanted


@pytest.mark.parametrize(
    ("status", "least", "most"),
    [
        ("deploying", 10, 10),
        ("", 2, 2),
        ("pending", 2, 2),
        ("running", pace.DAY * 0.9, pace.DAY * 1.1),
        ("failed", pace.DAY * 0.9, pace.DAY * 1.1),
    ],
)
def test_how_long_until_a_closer_look(status, least, most):
    waits = [pace.before_looking_closer(status, is_gone=False, chance=chance) for chance in (0, 0.5, 1)]
    assert min(waits) == pytest.approx(least)
    assert max(waits) == pytest.approx(most)
    assert pace.before_looking_closer(status, is_gone=True, chance=0) is None


@pytest.mark.parametrize(
    ("moving", "until_whole", "seconds"), [(True, 40, 2), (True, 1, 1), (False, 40, 40), (False, -3, 0)]
)
def test_how_long_until_the_next_list(moving, until_whole, seconds):
    assert max(0, pace.before_next_round(is_moving=moving, until_whole=until_whole)) == seconds


@pytest.mark.parametrize(
    ("refused", "asked", "seconds"), [(False, None, 10), (True, None, 60), (False, 120, 120), (False, 10**9, 3600)]
)
def test_how_long_a_cloud_that_is_away_is_left_alone(refused, asked, seconds):
    assert pace.before_asking_again(refused=refused, asked=asked) == seconds
