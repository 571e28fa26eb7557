"""The order of locks: nobody waits in a circle, and whoever had to wait sees what is true now."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from deployer.models import Decision, Target
from deployer.workflow import drafting, history, locking, people, review, submission, targets
from deployer.workflow.errors import MovedOn
from tests.workflow.test_two_at_once import fresh, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_waited_for_the_row_sees_the_target_as_it_is_now(deployment_in, bob, dev):
    """PostgreSQL would give the joined row as it was when the waiting began."""
    deployment = deployment_in("in_review")
    found, started = [], threading.Event()

    def approve() -> None:
        try:
            started.set()
            found.append(review.decide(fresh(deployment), "approve", seen=1, by=bob))
        finally:
            connection.close()

    waiting = threading.Thread(target=approve)
    with transaction.atomic():
        locking.locked(deployment)
        waiting.start()
        started.wait(5)
        waiting.join(0.5)  # long enough to stand before the lock
        Target.objects.filter(pk=dev.pk).update(project_id="moved")
    waiting.join(30)
    assert len(found) == 1
    assert Decision.objects.get().target_fingerprint == Target.objects.get(pk=dev.pk).fingerprint


def circles(found: list[object]) -> list[object]:
    return [one for one in found if isinstance(one, Exception) and not isinstance(one, MovedOn)]


def meeting(first, second, *, between: float = 0.4) -> list[object]:
    """`second` runs while `first` holds its locks and has not yet asked for the chain."""
    real, gate, found = history.write, threading.Event(), []
    slow = threading.local()

    def write_after_a_pause(*entries):
        if getattr(slow, "yes", False):
            gate.set()
            threading.Event().wait(between)
        return real(*entries)

    def leading():
        slow.yes = True
        return first()

    def following():
        gate.wait(10)
        return second()

    history.write = write_after_a_pause
    try:
        found = together(leading, following)
    finally:
        history.write = real
    return found


def test_a_copy_and_a_move_of_its_source_do_not_wait_in_a_circle(deployment_in, alice, carol, olga):
    deployment = deployment_in("approved")
    found = meeting(
        lambda: submission.submit(fresh(deployment), seen=1, by=olga),
        lambda: drafting.copy(fresh(deployment), by=carol),
    )
    assert circles(found) == []
    assert fresh(deployment).state == "submitted"


def test_a_draft_begun_while_its_target_changes_does_not_wait_in_a_circle(alice, dev):
    found = meeting(
        lambda: targets.save("dev", region="elsewhere"),
        lambda: drafting.begin(dev, "real-time", by=alice),
    )
    assert circles(found) == []
    assert Target.objects.get().region == "elsewhere"


def test_submitting_while_the_target_changes_does_not_wait_in_a_circle(deployment_in, alice, dev):
    deployment = deployment_in("approved")
    found = meeting(
        lambda: submission.submit(fresh(deployment), seen=1, by=alice),
        lambda: targets.save("dev", region="elsewhere"),
    )
    assert circles(found) == []


def test_a_verdict_while_its_giver_changes_does_not_wait_in_a_circle(deployment_in, bob):
    deployment = deployment_in("in_review")
    found = meeting(
        lambda: people.save("bob", roles=["approver"], full_name=f"Bob {timezone.now():%H%M}"),
        lambda: review.decide(fresh(deployment), "approve", seen=1, by=bob),
    )
    assert circles(found) == []
