"""Submitting, and the hands people may lay on what is in the line: cancel, send again, give up."""

import json

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from deployer.domain import payload as payloads
from deployer.domain.lifecycle import Outcome, State
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment, Person, Submission, Version
from deployer.workflow import history, locking
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed
from deployer.workflow.standing import standing

became_due = Signal()
"""Sent inside the transaction that makes a row due. The worker's room answers by putting a task into the queue."""


@transaction.atomic
def submit(deployment: Deployment, *, seen: int, by: Person, comment: str = "") -> Deployment:
    """Put the approved version in the line to be sent, once.

    Checked here and by the worker again before it sends: the payload still has its fingerprint, and enough
    approvals still count for the target as it is now. Raises NotAllowed or MovedOn.
    """
    fresh = locking.begin(deployment, "submit", seen=seen, by=by)
    why = stale(fresh)
    if why:
        raise MovedOn(fresh, why)
    entries = put_in_line(fresh, by=by, comment=comment)
    history.write(entries)
    return fresh


def stale(fresh: Deployment) -> str:
    """Why the approval no longer holds; empty if it does."""
    version = fresh.versions.get(number=fresh.version_number)
    if payloads.fingerprint(version.payload) != version.fingerprint:
        return "The stored request no longer has its fingerprint. Nothing is sent; tell an administrator."
    now = standing(fresh)
    if now.is_met:
        return ""
    return (
        f"{now.given} of {now.needed} approvals count now: the target {fresh.target} changed, an approval lapsed, "
        "or an approver is none any more. Ask for review again."
    )


def put_in_line(fresh: Deployment, *, by: Person | None, comment: str = "") -> list[history.Entry]:
    """The submission row and its events; the caller holds the lock and writes the events."""
    version = fresh.versions.get(number=fresh.version_number)
    now = timezone.now()
    submission = Submission.objects.create(
        deployment=fresh,
        version=version,
        target=fresh.target,
        service_name=name_in(version),
        fingerprint=version.fingerprint,
        outcome=Outcome.WAITING,
        next_action_at=now,
        created_by=by,
        created_at=now,
    )
    fresh.state, fresh.submission, fresh.updated_at = State.SUBMITTED, submission, now
    fresh.save()
    became_due.send(Submission, submission=submission)
    data = {"version": version.number, "fingerprint": version.fingerprint}
    return [history.Entry("submitted", by, fresh, comment=comment, data=data)]


def name_in(version: Version) -> str:
    return str(json.loads(version.payload).get("service_name", ""))[:200]


def was_lost(submission: Submission) -> bool:
    """Whether an earlier call of this row may have had an effect."""
    return submission.tries.filter(outcome="unknown").exists()


HANDS = {
    "cancel": "Only operators and the author cancel what waits.",
    "send_again": "Only operators decide what was lost.",
    "give_up": "Only operators decide what was lost.",
}


def hands_on(person: Person, submission: Submission | None) -> dict[str, str]:
    """What can be done by hand now: the name of the verb and why this person may not (empty if they may).

    Only what certainly had no effect is cancelled; where an answer was lost, it is given up.
    """
    if submission is None:
        return {}
    offers = []
    is_free = submission.outcome == Outcome.WAITING and not submission.lease
    lost = is_free and was_lost(submission)
    if is_free and not lost:
        offers.append("cancel")
    if submission.needs_person:
        offers.append("send_again")
    if lost or (submission.needs_person and submission.outcome == Outcome.UNKNOWN):
        offers.append("give_up")
    return {name: hand_refusal(person, name, submission) for name in offers}


def hand_refusal(person: Person, name: str, submission: Submission) -> str:
    wrote = "author" in person.roles and submission.deployment.author_id == person.pk
    if "operator" in person.roles or (name == "cancel" and wrote):
        return ""
    return HANDS[name]


@transaction.atomic
def by_hand(deployment: Deployment, name: str, *, seen: int, by: Person, comment: str = "") -> Deployment:
    """`cancel`, `send_again` or `give_up`, with a reason. `seen` is the submission's key.

    Raises NotAllowed, MovedOn when the row is past this, HasProblems without a reason.
    """
    fresh = locking.locked(deployment)
    submission = fresh.submission
    if submission is not None:
        submission = locking.for_change(Submission.objects.all()).get(pk=submission.pk)
        why = hand_refusal(by, name, submission)
        if why:
            raise NotAllowed(why)
    if submission is None or submission.pk != seen or name not in hands_on(by, submission):
        raise locking.moved_on(fresh, fresh.seen)
    if not comment.strip():
        raise HasProblems([Problem("comment", BLOCK, "Say why.")])
    ACTS[name](fresh, submission)
    fresh.updated_at = timezone.now()
    fresh.save()
    history.write([history.Entry(name, by, fresh, comment=comment, data={"submission": submission.pk})])
    return fresh


def cancel(fresh: Deployment, submission: Submission) -> None:
    close(submission, Outcome.CANCELLED)
    fresh.state = State.CHANGES_REQUESTED


def give_up(fresh: Deployment, submission: Submission) -> None:
    close(submission, Outcome.GIVEN_UP)
    fresh.state = State.CHANGES_REQUESTED


def send_again(fresh: Deployment, submission: Submission) -> None:
    """Somebody looked and took the risk: the same row goes back into the line."""
    submission.outcome, submission.needs_person, submission.reason = Outcome.WAITING, False, ""
    submission.lease, submission.next_action_at = "", timezone.now()
    submission.save()
    became_due.send(Submission, submission=submission)


def close(submission: Submission, outcome: Outcome) -> None:
    submission.outcome, submission.settled_at = outcome, timezone.now()
    submission.next_action_at, submission.needs_person, submission.lease = None, False, ""
    submission.save()


ACTS = {"cancel": cancel, "give_up": give_up, "send_again": send_again}
