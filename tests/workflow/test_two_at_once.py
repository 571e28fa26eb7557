"""Two people, two threads, one row: exactly one of them gets through, and nothing is lost."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.models import Decision, Deployment, Event, Submission
from deployer.workflow import drafting, freezing, history, intent, outcome, review, submission
from deployer.workflow.errors import MovedOn

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Start them all at the same moment; what each returned or raised, in order."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            found[place] = act()
        except Exception as error:  # what went wrong in a thread is judged by the test
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def fresh(deployment: Deployment) -> Deployment:
    return Deployment.objects.select_related("target", "author").get(pk=deployment.pk)


def won(found: list[object]) -> int:
    assert all(isinstance(one, MovedOn) or not isinstance(one, Exception) for one in found), found
    return sum(not isinstance(one, Exception) for one in found)


def test_two_who_submit_make_one_submission(deployment_in, alice, olga):
    deployment = deployment_in("approved")
    found = together(
        *(lambda by=by: submission.submit(fresh(deployment), seen=1, by=by) for by in (alice, olga, alice, olga))
    )
    assert won(found) == 1
    assert Submission.objects.count() == 1
    assert Event.objects.filter(action="submitted").count() == 1


def test_two_approvers_at_once_complete_it_once(draft_of, alice, bob, carol, prod):
    deployment = review.ask_review(draft_of(target=prod), seen=1, by=alice)
    found = together(*(lambda by=by: review.decide(fresh(deployment), "approve", seen=1, by=by) for by in (bob, carol)))
    assert won(found) == 2
    assert fresh(deployment).state == "approved"
    assert Event.objects.filter(action="approval_complete").count() == 1


def test_one_approves_while_one_sends_it_back(deployment_in, bob, carol):
    deployment = deployment_in("in_review")
    together(
        lambda: review.decide(fresh(deployment), "approve", seen=1, by=bob),
        lambda: review.decide(fresh(deployment), "reject", seen=1, by=carol, comment="No."),
    )
    # Either order is fine: a rejection may follow an approval. Never the other way round, and never two states.
    assert fresh(deployment).state == "closed"
    assert Decision.objects.filter(verdict="reject").count() == 1


def test_an_approval_never_lands_on_a_text_written_meanwhile(deployment_in, alice, bob):
    deployment = deployment_in("in_review")
    doc = drafts.loads(deployment.draft)
    doc["fields"]["description"] = "Written meanwhile"
    found = together(
        lambda: review.decide(fresh(deployment), "approve", seen=1, by=bob),
        lambda: drafting.save(fresh(deployment), doc, revision=1, by=alice),
    )
    assert won(found) >= 1
    now = fresh(deployment)
    assert now.state == "draft"  # the edit took it back, whichever came first
    assert not isinstance(found[1], Exception)


def test_two_saves_of_one_revision_keep_one_and_tell_the_other(draft_of, alice, bob):
    deployment = draft_of()

    def save(by, text):
        doc = drafts.loads(deployment.draft)
        doc["fields"]["description"] = text
        return drafting.save(fresh(deployment), doc, revision=1, by=by)

    found = together(lambda: save(alice, "Alice's"), lambda: save(bob, "Bob's"))
    assert won(found) == 1
    assert fresh(deployment).revision == 2


def test_two_who_ask_make_one_version(draft_of, alice, bob):
    deployment = draft_of()
    found = together(*(lambda by=by: review.ask_review(fresh(deployment), seen=1, by=by) for by in (alice, bob)))
    # Both saw revision 1; the second one finds version 1 already in review.
    assert won(found) == 1
    assert fresh(deployment).versions.count() == 1


def test_one_withdraws_while_one_submits(deployment_in, alice, olga):
    deployment = deployment_in("approved")
    found = together(
        lambda: review.withdraw(fresh(deployment), seen=1, by=alice),
        lambda: submission.submit(fresh(deployment), seen=1, by=olga),
    )
    assert won(found) == 1
    assert (fresh(deployment).state == "submitted") == Submission.objects.exists()


def test_the_chain_holds_when_many_write_at_once(draft_of, alice, bob, carol, dev):
    together(*(lambda by=by: [draft_of(by=by) for _ in range(5)] for by in (alice, bob, carol, alice)))
    assert history.verify() == 20


def test_what_is_frozen_while_it_waits_for_the_target_does_not_go_out(deployment_in, dev, olga, monkeypatch):
    row = outcome.read(deployment_in("submitted").submission.pk)
    written, sending = history.write, threading.Event()

    def slowly(*said):
        sending.set()  # the freeze is written and not committed; whoever sends waits for the target's lock now
        time.sleep(0.5)
        return written(*said)

    def freeze():
        with monkeypatch.context() as patch:
            patch.setattr(freezing.history, "write", slowly)
            return freezing.begin(dev, "Nothing goes out now.", None, olga)

    def send():
        assert sending.wait(10)
        return outcome.begin_sending(row, seconds=60)

    frozen, sent = together(freeze, send)
    assert not isinstance(frozen, Exception), frozen
    assert sent is False
    assert fresh(row.deployment).submission.outcome == "waiting"
    assert not Event.objects.filter(action="sending").exists()


def test_a_freeze_lifted_while_it_puts_a_row_off_does_not_leave_the_row_behind(deployment_in, dev, olga):
    """Else it would wait for the end of a freeze that is over."""
    freeze = freezing.begin(dev, "Quarter end", timezone.now() + timedelta(hours=3), olga)
    row = outcome.read(deployment_in("submitted").submission.pk)
    has_seen_it = threading.Event()

    @transaction.atomic
    def put_off():
        target = intent.place(dev.pk)
        going = freezing.going(row, timezone.now(), list(freezing.freezes_of(target)))
        has_seen_it.set()
        time.sleep(0.5)  # the other one begins, and waits for us
        return intent.hold(row, going.why, 3 * 3600)

    def lift():
        has_seen_it.wait(10)
        return freezing.lift(freeze, olga, "Over.")

    assert won(together(put_off, lift)) == 2
    assert Submission.objects.get(pk=row.pk).next_action_at <= timezone.now() + timedelta(seconds=1)
