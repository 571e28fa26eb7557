"""Deleting a twin: compared before the call, never what was adopted, settled by looking; judged by the sandbox."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from deployer.models import Event, Removal, Service
from deployer.worker import clouds
from deployer.worker.remove import remove
from deployer.workflow import removing, watching
from tests import factories
from tests.models import rows

pytestmark = pytest.mark.django_db

DELETE = "DELETE /v1/*/services/*"


@pytest.fixture
def adopted(submission, step) -> Service:
    """What the sending made, taken as its outcome. It is gone from the cloud, so that its name is free for another."""
    service = step(submission).deployment.service
    assert clouds.of(service.target).delete_service(service.service_id)
    return service


@pytest.fixture
def twin_with(adopted, cloud, here) -> Callable[..., Service]:
    """A service of the same name in the cloud, known as the twin; with other content where facts are given."""

    def make(**facts) -> Service:
        cloud.advance(120)
        key = cloud.create(factories.real_time_body(**facts), here)
        facts = {"name": adopted.name, "infer_type": adopted.infer_type, "twin_of": adopted}
        return rows.service(target=here, service_id=key, **facts)

    return make


@pytest.fixture
def asked(twin_with, olga) -> Removal:
    return removing.ask(twin_with(), by=olga, reason="Two are paid, one is wanted.")


def test_it_is_due_at_once_whatever_the_clock_of_the_pages_says(twin_with, olga):
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        removal = removing.ask(twin_with(), by=olga, reason="Two are paid, one is wanted.")
    assert removing.claim(removal.pk, seconds=5) is not None


def go(removal: Removal) -> Removal:
    """One step, as if its time had come."""
    Removal.objects.filter(pk=removal.pk, next_action_at__isnull=False).update(next_action_at=timezone.now())
    assert remove(removal.pk, "tester:1")
    removal.refresh_from_db()
    return removal


def tries(removal: Removal) -> list[tuple[int, str, str]]:
    return list(removal.tries.order_by("number").values_list("number", "kind", "outcome"))


def is_there(cloud, service: Service) -> bool:
    return clouds.of(service.target).service(service.service_id) is not None


def test_a_twin_is_compared_deleted_and_looked_at_until_it_is_gone(asked, cloud):
    go(asked)
    assert (asked.outcome, tries(asked)) == ("deleting", [(1, "delete", "taken")])
    cloud.advance(120)
    go(asked)
    assert (asked.outcome, asked.next_action_at, asked.said) == ("deleted", None, "The service is gone from the cloud.")
    assert tries(asked)[-1] == (2, "look", "deleted")
    assert not is_there(cloud, asked.service)
    asked.service.refresh_from_db()
    assert (asked.service.status, asked.service.next_look_at) == (watching.GONE, None)
    assert asked.service.seen_at == asked.service.changed_at > asked.asked_at  # the look that found it gone
    done = Event.objects.get(action="removal_done")
    assert done.deployment == asked.submission.deployment
    assert done.facts == {"removal": asked.pk, "service_id": asked.service.service_id, "outcome": "deleted"}


def test_it_is_asked_for_with_an_event_of_the_deployment(asked, olga):
    event = Event.objects.get(action="removal_asked")
    assert (event.by_key, event.comment) == ("olga", "Two are paid, one is wanted.")
    assert event.deployment == asked.submission.deployment


@pytest.mark.parametrize(
    "facts",
    [
        {"config": [factories.entry(instance_count=2)]},
        {"config": [factories.entry(model_id="another")]},
        {"infer_type": "batch", "config": factories.batch_body()["config"]},
    ],
)
def test_what_is_not_what_was_sent_is_left_alone(facts, twin_with, cloud, olga):
    removal = removing.ask(twin_with(**facts), by=olga, reason="It looks like a twin.")
    go(removal)
    assert removal.outcome == "unlike"
    assert "It was not deleted." in removal.said
    assert is_there(cloud, removal.service)
    assert cloud.count("DELETE", removal.service.service_id) == 0


def test_what_was_renamed_in_our_books_is_left_alone(asked, cloud):
    Service.objects.filter(pk=asked.service_id).update(name="another")
    go(asked)
    assert asked.outcome == "unlike"
    assert is_there(cloud, asked.service)


def test_what_was_adopted_meanwhile_is_left_alone(asked, cloud):
    submission = asked.submission
    submission.service_id = asked.service.service_id
    submission.save()
    go(asked)
    assert asked.outcome == "unlike"
    assert "is what a deployment made and keeps" in asked.said
    assert is_there(cloud, asked.service)
    assert cloud.count("DELETE", asked.service.service_id) == 0


@pytest.mark.parametrize("fault", ["reset-before", "reset-after", "500-before", "500-after", "503", "429", "truncated"])
def test_whatever_happens_to_the_answer_the_twin_goes_and_nothing_else(fault, asked, cloud, here):
    other = cloud.create(factories.real_time_body(service_name="stays"), here)
    cloud.next_time(fault, match=DELETE)
    for _ in range(5):
        if asked.outcome == "deleted":
            break
        go(asked)
        cloud.advance(120)
    assert asked.outcome == "deleted"
    assert not is_there(cloud, asked.service)
    assert clouds.of(here).service(other) is not None
    assert Event.objects.filter(action="removal_done").count() == 1


def test_a_plain_refusal_ends_it_and_says_so(asked, cloud):
    cloud.next_time("401", match=DELETE, times=5)
    go(asked)
    assert (asked.outcome, tries(asked)) == ("refused", [(1, "delete", "refused")])
    assert asked.said
    assert asked.settled_at
    assert is_there(cloud, asked.service)


def test_while_the_cloud_is_away_it_stays_in_the_line(asked, cloud):
    cloud.next_time("503", match="GET /v1/*/services/*", times=20)
    go(asked)
    assert (asked.outcome, tries(asked)) == ("waiting", [(1, "look", "unknown")])
    assert asked.next_action_at > timezone.now()


def test_a_cloud_that_never_does_it_is_left_to_people(asked, cloud):
    Removal.objects.filter(pk=asked.pk).update(attempts=59)
    go(asked)
    assert asked.outcome == "refused"


def test_a_late_report_under_a_lost_lease_changes_nothing(asked):
    first = removing.claim(asked.pk, seconds=30)
    Removal.objects.filter(pk=asked.pk).update(next_action_at=timezone.now())
    second = removing.claim(asked.pk, seconds=30)
    assert first
    assert second
    with pytest.raises(removing.LeaseLost):
        removing.begin(first, seconds=30)
    assert removing.begin(second, seconds=30) == ""


def test_what_is_not_due_is_not_taken(asked):
    assert removing.claim(asked.pk, seconds=30)
    assert not remove(asked.pk, "tester:1")
