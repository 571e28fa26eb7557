"""Submitting: the approved version goes into the line once, and the row that stands for it."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.domain.lifecycle import Outcome, State
from deployer.domain.problems import BLOCK, Problem, blocks
from deployer.models import Deployment, Person, Submission, Version
from deployer.models.clock import DbNow
from deployer.workflow import history, locking, rulebook
from deployer.workflow.errors import HasProblems, MovedOn
from deployer.workflow.hands import by_hand, hand_refusal, hands_on
from deployer.workflow.line import became_due, was_lost
from deployer.workflow.standing import carried

__all__ = ["became_due", "by_hand", "hand_refusal", "hands_on", "put_in_line", "stale", "submit", "was_lost"]


@transaction.atomic
def submit(
    deployment: Deployment, *, seen: int, by: Person, comment: str = "", not_before: datetime | None = None
) -> Deployment:
    """Put the approved version in the line to be sent, once; not before the moment that was chosen (aware), if any.

    Checked here and by the worker again before it sends: the payload still has its fingerprint, enough approvals still
    count for the target as it is now, and the rule book of today has nothing against it. Raises NotAllowed, MovedOn or
    HasProblems.
    """
    fresh = locking.begin(deployment, "submit", seen=seen, by=by)
    version = fresh.versions.get(number=fresh.version_number)
    why = stale(fresh, version)
    if why:
        raise MovedOn(fresh, why)
    problems = objections(fresh, version)
    if problems:
        raise HasProblems(problems)
    history.write(put_in_line(fresh, by=by, comment=comment, not_before=not_before))
    return fresh


def stale(fresh: Deployment, version: Version | None = None, *, now: datetime | None = None) -> str:
    """Why the approval no longer holds; empty if it does. `version`: the latest, where it is at hand.

    `now`: the time at the database, for a worker, whose own clock may be wrong.
    """
    version = version or fresh.versions.get(number=fresh.version_number)
    if payloads.fingerprint(version.payload) != version.fingerprint:
        return "The stored request no longer has its fingerprint. Nothing is sent; tell an administrator."
    stands = carried(fresh, version, now=now)
    if stands.is_met:
        return ""
    return (
        f"{stands.given} of {stands.needed} approvals count now: the target {fresh.target} changed, an approval "
        "lapsed, or an approver is none any more. Ask for review again."
    )


def objections(fresh: Deployment, version: Version) -> list[Problem]:
    """What blocks this version by the rule book as it is now: rules and limits may have changed since the review."""
    found = rulebook.check(fresh, drafts.loads(version.draft)).problems
    return [problem for problem in found if problem.severity == BLOCK] if blocks(found) else []


def put_in_line(
    fresh: Deployment, *, by: Person | None, comment: str = "", not_before: datetime | None = None
) -> list[history.Entry]:
    """The submission row and its events; the caller holds the lock and writes the events."""
    version = fresh.versions.get(number=fresh.version_number)
    now = timezone.now()
    submission = Submission.objects.create(
        deployment=fresh,
        version=version,
        target=fresh.target,
        site=fresh.target.site,
        service_name=name_in(version),
        fingerprint=version.fingerprint,
        outcome=Outcome.WAITING,
        not_before=not_before,
        next_action_at=first_due(fresh, not_before),
        created_by=by,
        created_at=now,
    )
    submission.refresh_from_db(fields=["next_action_at"])
    fresh.state, fresh.submission, fresh.updated_at = State.SUBMITTED, submission, now
    fresh.save()
    became_due.send(Submission, submission=submission)
    data = {"version": version.number, "fingerprint": version.fingerprint}
    if not_before:
        data["not_before"] = not_before.isoformat()
    return [history.Entry("submitted", by, fresh, comment=comment, data=data)]


def first_due(fresh: Deployment, not_before: datetime | None) -> Any:
    """Now, or when the time that was chosen has come and the pause that the cloud asked for is over."""
    later = [Value(moment) for moment in (not_before, fresh.target.paused_until) if moment]
    return Greatest(DbNow(), *later) if later else DbNow()


def name_in(version: Version) -> str:
    return str(json.loads(version.payload).get("service_name", ""))[:200]
