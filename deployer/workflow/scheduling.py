"""Another time for what waits to be sent. It stays the same row, approved as it was."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deployer.domain.lifecycle import Outcome
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment, Person, Submission
from deployer.workflow import history, locking
from deployer.workflow.errors import HasProblems, NotAllowed
from deployer.workflow.submission import became_due, first_due

PAST = "This time has passed. Choose a later one, or leave it empty to send at once."


def refusal(person: Person, deployment: Deployment) -> str:
    """Why this person may not choose another time; empty if they may: who may send may say when."""
    if "operator" in person.roles or ("author" in person.roles and deployment.author_id == person.pk):
        return ""
    return "Only operators and the author choose when it is sent."


def can_move(submission: Submission | None) -> bool:
    """Whether the row still waits, and nobody is at it."""
    if submission is None or submission.needs_person:
        return False
    return submission.outcome == Outcome.WAITING and not submission.lease


def problems_with(not_before: datetime | None) -> list[Problem]:
    """What is wrong with a time that was chosen (aware, or None for at once), its place being `at`."""
    return [Problem("at", BLOCK, PAST)] if not_before and not_before <= timezone.now() else []


@transaction.atomic
def reschedule(
    deployment: Deployment, *, seen: int, by: Person, not_before: datetime | None, comment: str = ""
) -> Deployment:
    """Send it at another time (aware; None: as soon as it may go). `seen` is the submission's key.

    Raises NotAllowed, MovedOn when the row waits no longer, HasProblems for a time that has passed.
    """
    fresh = locking.locked(deployment)
    why = refusal(by, fresh)
    if why:
        raise NotAllowed(why)
    row = fresh.submission
    row = locking.for_change(Submission.objects.all()).get(pk=row.pk) if row else None
    if row is None or row.pk != seen or not can_move(row):
        raise locking.moved_on(fresh, fresh.seen)
    problems = problems_with(not_before)
    if problems:
        raise HasProblems(problems)
    before = row.not_before
    Submission.objects.filter(pk=row.pk).update(
        not_before=not_before, reason="", next_action_at=first_due(fresh, not_before)
    )
    became_due.send(Submission, submission=row)
    data = {"submission": row.pk, "before": {"at": said(before)}, "after": {"at": said(not_before)}}
    history.write([history.Entry("rescheduled", by, fresh, comment=comment, data=data)])
    return fresh


def said(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
