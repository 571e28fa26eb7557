"""A row whose earlier call was lost: whatever stops the second call, the effect of the first stays looked for."""

import json

import pytest
import requests
from django.utils import timezone

from deployer.modelarts.errors import NotSent
from deployer.models import Submission, Target
from deployer.worker import clouds
from deployer.worker import send as sender
from deployer.worker.late import look_late
from deployer.workflow import outcome, restored
from deployer.workflow import submission as hands
from deployer.workflow.errors import MovedOn

pytestmark = pytest.mark.django_db


@pytest.fixture
def again(submitted, step, cloud, olga):
    """Lost by this fault, given up by the worker, sent again by an operator: back in the line."""

    def lose(fault: str) -> Submission:
        cloud.next_time(fault)
        row = step(submitted("mine"))
        Submission.objects.filter(pk=row.pk).update(needs_person=True, reason="Quiet.", next_action_at=None)
        hands.by_hand(row.deployment, "send_again", seen=row.pk, by=olga, comment="I looked, it was not there.")
        row.refresh_from_db()
        return row

    return lose


def test_what_the_first_call_made_is_known_even_if_the_approval_went_stale(again, step, cloud, here):
    row = again("reset-after")
    Target.objects.filter(pk=here.pk).update(approvals=2)
    row = step(row)
    (service,) = cloud.services()
    assert (row.outcome, row.service_id) == ("accepted", service["service_id"])
    assert row.attempts == 1  # nothing went out a second time


def test_a_stale_approval_does_not_hide_that_an_answer_was_lost(again, step, cloud, here):
    row = again("reset-before")
    Target.objects.filter(pk=here.pk).update(approvals=2)
    row = step(row)
    assert (row.outcome, row.needs_person, row.deployment.state) == ("unknown", True, "submitted")
    assert "approvals count now" in row.reason
    assert cloud.count("POST", "/services") == 1


def test_what_may_exist_is_given_up_not_cancelled(again, alice, olga):
    row = again("reset-before")
    assert set(hands.hands_on(olga, row)) == {"give_up", "settle_as"}
    for person in (alice, olga):
        with pytest.raises(MovedOn):
            hands.by_hand(row.deployment, "cancel", seen=row.pk, by=person, comment="Stop.")
    fresh = hands.by_hand(row.deployment, "give_up", seen=row.pk, by=olga, comment="Not worth it.")
    assert (fresh.state, Submission.objects.get().outcome) == ("changes_requested", "given_up")


def test_a_refusal_of_the_second_call_is_no_last_word_on_the_first(again, step, cloud, here):
    """Refused means that nothing exists; what the lost call made may show later still."""
    row = again("reset-before")
    requests.post(f"{cloud.url}/_sandbox/quotas", json={"real-time": 0}, timeout=5).raise_for_status()
    row = step(row)
    assert (row.outcome, row.needs_person, row.deployment.state) == ("unknown", True, "submitted")
    assert "the one before was lost" in row.reason
    last = row.tries.order_by("number").last()
    assert (last.outcome, last.http_status) == ("needs_person", 400)
    requests.post(f"{cloud.url}/_sandbox/quotas", json={"real-time": None}, timeout=5).raise_for_status()
    made = cloud.create(json.loads(row.version.payload), here)
    Submission.objects.update(late_look_at=timezone.now())
    look_late(row.pk, "tester:1")
    row.refresh_from_db()
    assert (row.outcome, row.service_id) == ("accepted", made)


def test_what_was_sent_after_the_backup_is_found_before_it_is_sent_again(submission, step, cloud, here, olga):
    """A backup knows a row as waiting; it went out since, and a person who has not looked sends it again."""
    made = cloud.create(json.loads(submission.version.payload), here)
    restored.hold_what_waits(timezone.now())
    hands.by_hand(submission.deployment, "send_again", seen=submission.pk, by=olga, comment="Go on.")
    row = step(submission)
    assert (row.outcome, row.service_id) == ("accepted", made)
    assert cloud.count("POST", "/services") == 1


def test_a_sender_that_stood_still_after_its_intent_does_not_call(submission, cloud, here):
    """Its lease may be over and others may have sent meanwhile, so the call would be a second one."""
    claimed = outcome.claim(submission.pk, outcome="waiting", seconds=30)
    assert outcome.begin_sending(claimed, seconds=0.0)
    outcome.reap("sweeper:1")
    zombie = sender.Going(claimed, "zombie:1", intended_at=sender.ticks() - 60)
    created, trouble = sender.call(zombie, clouds.of(here))
    assert created is None
    assert isinstance(trouble, NotSent)
    sender.record(zombie, created, trouble)
    submission.refresh_from_db()
    assert submission.outcome == "unknown"
    assert cloud.count("POST", "/services") == 0
