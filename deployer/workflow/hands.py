"""The hands people may lay on what is in the line: cancel, send again, give up, say which service it is."""

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from deployer.domain.lifecycle import Outcome, State
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Attempt, Deployment, Person, Service, Submission
from deployer.models.clock import DbNow
from deployer.workflow import history, locking
from deployer.workflow.errors import HasProblems, NotAllowed
from deployer.workflow.leasing import after
from deployer.workflow.line import LATE_LOOK, became_due, final, wake_followers, was_lost
from deployer.workflow.outcome import is_taken, known_service

LOST = "Only operators decide what was lost."
HANDS = {
    "cancel": "Only operators and the author cancel what waits.",
    "send_again": LOST,
    "give_up": LOST,
    "settle_as": LOST,
}
LONGEST_ID = 64  # characters of the id of a service


def hands_on(person: Person, submission: Submission | None) -> dict[str, str]:
    """What can be done by hand now: the name of the verb and why this person may not (empty if they may).

    Only what certainly had no effect is cancelled; where an answer was lost, it is given up, or somebody says which
    service came of it.
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
        offers += ["give_up", "settle_as"]
    return {name: hand_refusal(person, name, submission) for name in offers}


def hand_refusal(person: Person, name: str, submission: Submission) -> str:
    """Why this person may not, whatever the row; empty if they may."""
    wrote = "author" in person.roles and submission.deployment.author_id == person.pk
    if "operator" in person.roles or (name == "cancel" and wrote):
        return ""
    return HANDS[name]


@transaction.atomic
def by_hand(
    deployment: Deployment, name: str, *, seen: int, by: Person, comment: str = "", service_id: str = ""
) -> Deployment:
    """`cancel`, `send_again`, `give_up` or `settle_as` (it is this service), with a reason. `seen`: the row's key.

    Raises NotAllowed, MovedOn when the row is past this, HasProblems without a reason (place: comment) or with a
    service that cannot be it (place: service_id).
    """
    fresh = locking.locked(deployment)
    submission = fresh.submission
    if submission is not None:
        submission = locking.for_change(Submission.objects.all()).get(pk=submission.pk)
        submission.deployment, submission.target = fresh, fresh.target
        why = hand_refusal(by, name, submission)
        if why:
            raise NotAllowed(why)
    if submission is None or submission.pk != seen or name not in hands_on(by, submission):
        raise locking.moved_on(fresh, fresh.seen)
    if not comment.strip():
        raise HasProblems([Problem("comment", BLOCK, "Say why.")])
    data: dict[str, Any] = {"submission": submission.pk}
    if name == "settle_as":
        data["service_id"] = service_id.strip()
        settle_as(fresh, submission, data["service_id"], by, comment)
    else:
        ACTS[name](fresh, submission, f"{by}: “{comment.strip()}”")
    fresh.updated_at = timezone.now()
    fresh.save()
    history.write([history.Entry(name, by, fresh, comment=comment, data=data)])
    return fresh


def change(submission: Submission, **columns: Any) -> None:
    """The row is locked by our transaction."""
    Submission.objects.filter(pk=submission.pk).update(**columns)
    submission.refresh_from_db(fields=list(columns))


def cancel(fresh: Deployment, submission: Submission, why: str) -> None:
    """`why`: who did so and their words. What it waited for before is over, and no reason any more."""
    change(submission, reason=why, **final(Outcome.CANCELLED))
    wake_followers(submission)
    fresh.state = State.CHANGES_REQUESTED


def give_up(fresh: Deployment, submission: Submission, why: str) -> None:
    """What was lost may still show; then it is linked, so it is looked for now and then."""
    change(submission, reason=why, **final(Outcome.GIVEN_UP, late_look_at=after(LATE_LOOK)))
    wake_followers(submission)
    fresh.state = State.CHANGES_REQUESTED


def send_again(fresh: Deployment, submission: Submission, why: str) -> None:
    """Somebody looked and took the risk: the same row goes back into the line."""
    change(
        submission, outcome=Outcome.WAITING, needs_person=False, reason="", lease="", lease_until=None, returns=0,
        next_action_at=DbNow(), late_look_at=None,
    )  # fmt: skip
    became_due.send(Submission, submission=submission)


def settle_as(fresh: Deployment, submission: Submission, service_id: str, by: Person, comment: str) -> None:
    """Somebody looked and says which service came of it. It is looked at from now on: one that the cloud does not know
    is taken back (doubted.py)."""
    why = unfit(submission, service_id)
    if why:
        raise HasProblems([Problem("service_id", BLOCK, why)])
    now = timezone.now()
    fresh.service = known_service(submission, service_id)
    number = submission.tried + 1
    late = after(LATE_LOOK) if submission.lost > 1 else None
    change(submission, service_id=service_id, reason="", tried=number, **final(Outcome.ACCEPTED, late_look_at=late))
    Attempt.objects.create(
        submission=submission, number=number, kind=Attempt.Kind.HAND, worker=by.username[:64], started_at=now,
        finished_at=now, outcome="accepted", detail=f"It is {service_id}: {comment}",
    )  # fmt: skip
    wake_followers(submission)


def unfit(submission: Submission, service_id: str) -> str:
    """Why this service cannot be what came of it; empty if it can."""
    if not service_id or len(service_id) > LONGEST_ID or not service_id.isprintable():
        return f"Give the id of the service, at most {LONGEST_ID} characters."
    if service_id in json.loads(submission.known_before):
        return "This service was there before the request was sent, so it cannot have come of it."
    if is_taken(submission, service_id):
        return f"This service belongs to another deployment{owner_of(submission, service_id)}."
    other = Service.objects.filter(target=submission.target_id, service_id=service_id).exclude(status="").first()
    if other is not None and other.name != submission.service_name:
        return f"This service is called {other.name}, so it cannot have come of it."
    return ""


def owner_of(submission: Submission, service_id: str) -> str:
    row = Submission.objects.filter(site=submission.site, service_id=service_id).first()
    return f": {row.service_name}, {row.deployment_id}" if row else ""


ACTS: dict[str, Callable[[Deployment, Submission, str], None]] = {
    "cancel": cancel,
    "give_up": give_up,
    "send_again": send_again,
}
