"""What all share who change a row of the line: its last word, whom it wakes, and the news that something is due."""

from typing import Any

from django.db.models import QuerySet
from django.dispatch import Signal

from deployer.domain.lifecycle import Outcome
from deployer.models import Submission
from deployer.models.clock import DbNow
from deployer.models.once import Change, Update

LATE_LOOK = 300.0  # seconds until a lost call is looked for again although somebody decided, or is to

became_due = Signal()
"""Sent inside the transaction that makes a row due. The worker's room answers by putting a task into the queue."""


def was_lost(submission: Submission) -> bool:
    """Whether an earlier call of this row may have had an effect."""
    return submission.lost > 0


def final(outcome: Outcome, *, late_look_at: Any = None) -> dict[str, Any]:
    """The columns of a row whose last word is spoken."""
    over = {"needs_person": False, "next_action_at": None, "lease": "", "lease_until": None}
    return {"outcome": outcome, "settled_at": DbNow(), "late_look_at": late_look_at, **over}


def wake_followers(submission: Submission) -> None:
    """Rows of its name that waited behind it are looked at now."""
    woken(submission, waking_followers(submission).made())


def waking_followers(submission: Submission) -> Change:
    """The same, to be made together with others; whoever makes it tells `woken`."""
    return make_due.to(pk=submission.pk, site=submission.site, name=submission.service_name)


def woken(submission: Submission, count: int) -> None:
    """`count`: how many rows became due; of none there is no news."""
    if count:
        became_due.send(Submission, submission=submission)


@Update
def make_due(pk: int, site: str, name: str) -> tuple[QuerySet[Submission], dict[str, Any]]:
    rows = Submission.objects.filter(site=site, service_name=name, pk__gt=pk)
    return rows.filter(outcome=Outcome.WAITING, needs_person=False, lease=""), {"next_action_at": DbNow()}
