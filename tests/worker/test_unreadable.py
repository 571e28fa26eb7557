"""A service of our name that is listed and cannot be read may be what a lost call made: nothing is sent again."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from deployer.models import Event, Submission, Target
from deployer.worker import clouds, late, settle
from deployer.workflow import history, outcome
from deployer.workflow import submission as hands
from tests import factories
from tests.worker.lying import dictated  # noqa: F401 - the fixture `lists`

pytestmark = pytest.mark.django_db

AGAIN = {"send_again", "settle_as", "give_up"}


@pytest.fixture(params=["404", "no-config"])
def veil(request, cloud) -> Iterator[Callable[[str], None]]:
    """The list goes on showing a service; its detail is unknown, or without its content."""
    yield lambda service_id: cloud.next_time(request.param, match=f"GET /v1/*/services/{service_id}", times=9)
    cloud.forgive()


@pytest.fixture
def veiled(veil, submitted, step, cloud) -> Submission:
    """The answer was lost, and what the call made cannot be read."""
    cloud.next_time("504-after")
    row = step(submitted("mine"))
    assert row.outcome == "unknown"
    veil(made(cloud))
    return row


def made(cloud) -> str:
    (service,) = cloud.services()
    return service["service_id"]


def quiet(row: Submission) -> Submission:
    """Its quiet period is over."""
    Submission.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    return row


def sent_again(row: Submission, olga) -> Submission:
    hands.by_hand(row.deployment, "send_again", seen=row.pk, by=olga, comment="I saw nothing.")
    row.refresh_from_db()
    return row


def waits_for_a_person(row: Submission, service_id: str) -> bool:
    assert service_id in row.reason
    assert "is listed, but its content cannot be read" in row.reason
    assert "not created" not in row.reason
    assert Event.objects.first().action == "needs_person"
    assert isinstance(history.verify(), int)
    return (row.outcome, row.needs_person) == ("unknown", True)


def test_during_the_quiet_period_it_is_looked_at_again(veiled, step, cloud):
    row = step(veiled)
    assert (row.outcome, row.needs_person) == ("unknown", False)
    assert f"is listed, but its content cannot be read: {made(cloud)}" in row.reason
    cloud.forgive()
    row = step(row)
    assert (row.outcome, row.service_id) == ("accepted", made(cloud))


def test_after_it_a_person_decides(veiled, step, cloud, olga):
    row = step(quiet(veiled))
    assert waits_for_a_person(row, made(cloud))
    assert set(hands.hands_on(olga, row)) == AGAIN


def test_it_is_never_sent_again_by_itself(veiled, step, cloud, here):
    Target.objects.filter(pk=here.pk).update(resends_itself=True)
    row = step(quiet(veiled))
    assert waits_for_a_person(row, made(cloud))
    assert cloud.count("POST", "/services") == 1


def test_shown_only_after_the_quiet_period_it_stops_the_second_call(submitted, step, cloud, here, veil):
    Target.objects.filter(pk=here.pk).update(resends_itself=True)
    cloud.next_time("504-hidden", seconds=60)
    row = step(quiet(step(submitted("mine"))))
    assert (row.outcome, Event.objects.first().action) == ("waiting", "sent_again")
    veil(made(cloud))
    cloud.advance(61)
    row = step(row)
    assert waits_for_a_person(row, made(cloud))
    assert cloud.count("POST", "/services") == 1


def test_sent_again_by_hand_it_goes_back_to_a_person(veiled, step, cloud, olga):
    row = step(sent_again(step(quiet(veiled)), olga))
    assert waits_for_a_person(row, made(cloud))
    assert set(hands.hands_on(olga, row)) == AGAIN
    assert row.tries.order_by("number").last().kind == "look"
    assert row.attempts == cloud.count("POST", "/services") == 1
    assert row.late_look_at > timezone.now()


def test_a_person_says_that_it_is_this_one(veiled, step, cloud, olga):
    row = step(quiet(veiled))
    hands.by_hand(
        row.deployment, "settle_as", seen=row.pk, by=olga, comment="It shows in the console.", service_id=made(cloud)
    )
    row.refresh_from_db()
    assert (row.outcome, row.service_id) == ("accepted", made(cloud))


def test_deleted_in_the_cloud_it_holds_the_row_only_while_the_list_lags_behind(veiled, step, cloud, here, olga):
    row = step(sent_again(step(quiet(veiled)), olga))
    assert row.needs_person
    cloud.forgive()
    clouds.of(here).delete_service(made(cloud))
    cloud.advance(3600)
    row = step(sent_again(row, olga))
    assert (row.outcome, row.attempts) == ("accepted", 2)


def test_a_late_look_leaves_it_to_the_person_until_it_can_be_read(veiled, step, cloud):
    row = step(quiet(veiled))
    for is_veiled in (True, False):
        if not is_veiled:
            cloud.forgive()
        Submission.objects.filter(pk=row.pk).update(late_look_at=timezone.now())
        assert late.look_late(row.pk, "tester:1")
        row.refresh_from_db()
        assert row.outcome == ("unknown" if is_veiled else "accepted")
    assert row.service_id == made(cloud)


def test_other_content_beside_it_hides_it_from_nobody(veiled, step, cloud, here):
    hidden = made(cloud)
    requests.post(f"{cloud.url}/_sandbox/twins", json={"on": True}, timeout=5).raise_for_status()
    other = cloud.create(factories.real_time_body(factories.entry("model-b"), service_name="mine"), here)
    row = step(veiled)
    assert (row.outcome, row.needs_person) == ("unknown", True)
    assert other in row.reason
    assert hidden in row.reason


@pytest.mark.parametrize("service_id", ["", "x" * 65])
def test_one_whose_id_is_of_no_use_cannot_be_read_either(service_id, lists, submission, here):
    lists([{"service_id": service_id, "service_name": submission.service_name, "status": "running"}])
    row = outcome.read(submission.pk)
    found = settle.look(clouds.of(here), row)
    assert found.ours is None
    assert found.unreadable
