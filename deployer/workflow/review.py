"""Asking for review and deciding. One function takes every verdict; pages and programs all come through it."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from deployer.domain import checking
from deployer.domain import payload as payloads
from deployer.domain.lifecycle import MOVES, Closed, State
from deployer.domain.problems import BLOCK, Problem, blocks
from deployer.models import Decision, Deployment, ModelShare, Person, Version
from deployer.workflow import history, locking, preflight, submission
from deployer.workflow.errors import HasProblems, MovedOn
from deployer.workflow.rulebook import check
from deployer.workflow.standing import asked_since, standing

NEEDS_A_REASON = {
    "request_changes": "Say what should change.",
    "reject": "Say why it is rejected.",
}


@transaction.atomic
def ask_review(deployment: Deployment, *, seen: int, by: Person, comment: str = "") -> Deployment:
    """Make a version of what is typed and ask for verdicts.

    Raises NotAllowed, MovedOn, or HasProblems with every problem of the draft. Text and target that equal the
    latest version make no new one, so an unchanged fingerprint keeps its approvals. Its preflight is queued, and not
    waited for.
    """
    fresh = locking.begin(deployment, "ask_review", seen=seen, by=by)
    checked = check(fresh)
    if blocks(checked.problems) or checked.payload is None:
        raise HasProblems(checked.problems)
    version = version_for(fresh, checked, by=by)
    fresh.state, fresh.version_number = State.IN_REVIEW, version.number
    fresh.submission = None  # an earlier sending that came back is past; what is asked now has not been sent
    fresh.updated_at = timezone.now()
    fresh.asked_at = asked_since(standing(fresh), fresh.updated_at)
    fresh.save()
    data = {"version": version.number, "fingerprint": version.fingerprint}
    entries = [history.Entry("review_asked", by, fresh, comment=comment, data=data)]
    entries += settle(fresh)
    preflight.queue(version, by=by)
    history.write(entries)
    return fresh


def is_as_asked(deployment: Deployment) -> bool:
    """Whether asking for review now makes no new version, so that the approvals of the latest one stay. One query."""
    same = {"draft": deployment.draft, "target_fingerprint": deployment.target.fingerprint}
    return deployment.versions.filter(number=deployment.version_number, **same).exists()


def version_for(fresh: Deployment, checked: checking.Checked, *, by: Person) -> Version:
    """The latest version if nothing changed since, else a new one with its model rows and editors."""
    text = checked.payload or ""
    fingerprint = payloads.fingerprint(text)
    latest = fresh.versions.filter(number=fresh.version_number).first()
    if latest and (latest.draft, latest.fingerprint, latest.target_fingerprint) == (
        fresh.draft,
        fingerprint,
        fresh.target.fingerprint,
    ):
        return latest
    version = Version.objects.create(
        deployment=fresh,
        number=fresh.version_number + 1,
        draft=fresh.draft,
        payload=text,
        fingerprint=fingerprint,
        target_fingerprint=fresh.target.fingerprint,
        revision=fresh.revision,
        problems=json.dumps([problem.as_dict() for problem in checked.problems]),
        created_by=by,
        created_at=timezone.now(),
    )
    version.editors.set(fresh.editors.all())
    ModelShare.objects.bulk_create(shares_of(version, checked.body))
    return version


def shares_of(version: Version, body: dict[str, Any]) -> list[ModelShare]:
    return [
        ModelShare(
            version=version,
            position=place,
            model_id=str(entry.get("model_id", ""))[:200],
            weight=number_in(entry.get("weight")),
            specification=str(entry.get("specification", ""))[:200],
            instance_count=number_in(entry.get("instance_count")),
        )
        for place, entry in enumerate(body["config"])
    ]


def number_in(value: object) -> int | None:
    """A number as the column can hold it; the payload keeps the exact one."""
    return min(int(value), 2**63 - 1) if isinstance(value, int | float) else None


@transaction.atomic
def decide(deployment: Deployment, verdict: str, *, seen: int, by: Person, comment: str = "") -> Deployment:
    """One verdict on the version the page showed: `approve`, `request_changes` or `reject`.

    Raises NotAllowed, MovedOn (also when the version moved on, or the target requires a preflight that has not
    passed), HasProblems when a reason is missing. Approving what one has approved already (a double click, a page
    loaded again) changes nothing.
    """
    fresh = locking.begin(deployment, verdict, seen=seen, by=by)
    if verdict == "approve" and standing(fresh).has_word_of(by):
        must_say_the_same(fresh, by, comment)
        return fresh
    if verdict in NEEDS_A_REASON and not comment.strip():
        raise HasProblems([Problem("comment", BLOCK, NEEDS_A_REASON[verdict])])
    version = fresh.versions.get(number=fresh.version_number)
    if verdict == "approve" and (why := preflight.objection(fresh, version)):
        raise MovedOn(fresh, why)
    Decision.objects.create(
        version=version,
        person=by,
        verdict=verdict,
        comment=comment,
        target_fingerprint=fresh.target.fingerprint,
        decided_at=timezone.now(),
    )
    data = {"version": version.number, "fingerprint": version.fingerprint}
    if verdict == "approve":
        entries = [history.Entry("approved", by, fresh, comment=comment, data=data)]
        entries += settle(fresh)
    else:
        fresh.state = MOVES[verdict].enters
        fresh.closed_as = Closed.REJECTED if verdict == "reject" else ""
        action = "rejected" if verdict == "reject" else "changes_requested"
        entries = [history.Entry(action, by, fresh, comment=comment, data=data)]
    fresh.updated_at = timezone.now()
    fresh.save()
    history.write(entries)
    return fresh


def must_say_the_same(fresh: Deployment, by: Person, comment: str) -> None:
    """A second approval changes nothing. With other words it is no double click, and the words must not get lost."""
    said = (
        Decision.objects.filter(version__deployment=fresh, person=by).order_by("-pk").values_list("comment", flat=True)
    )
    if comment.strip() and comment != said.first():
        raise MovedOn(fresh, "You approved this version already. What you write now is not kept with it.")


def settle(fresh: Deployment) -> list[history.Entry]:
    """Approved as soon as enough approvals count; sent at once where the target says so.

    Where the target requires a preflight that has not passed, it stays in review; the end of that run settles it.
    """
    version = fresh.versions.defer("draft", "payload", "problems").get(number=fresh.version_number)
    if not standing(fresh).is_met or preflight.objection(fresh, version):
        return []
    fresh.state = State.APPROVED
    fresh.save()
    data = {"version": fresh.version_number, "needed": fresh.target.approvals}
    entries = [history.Entry("approval_complete", None, fresh, data=data)]
    if fresh.target.submits_itself:
        entries += submission.put_in_line(fresh, by=None)
    return entries


@transaction.atomic
def withdraw(deployment: Deployment, *, seen: int, by: Person, comment: str = "") -> Deployment:
    """Close it from our side: nothing will be sent."""
    fresh = locking.begin(deployment, "withdraw", seen=seen, by=by)
    fresh.state, fresh.closed_as = State.CLOSED, Closed.WITHDRAWN
    fresh.updated_at = timezone.now()
    fresh.save()
    history.write([history.Entry("withdrawn", by, fresh, comment=comment)])
    return fresh
