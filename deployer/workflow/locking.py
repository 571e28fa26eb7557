"""The first two beats of a verb: lock the row, and see whether it is still what the page showed."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from deployer.domain.lifecycle import MOVES
from deployer.models import Deployment, Event, Person, Target
from deployer.workflow import permissions
from deployer.workflow.errors import MovedOn

Row = TypeVar("Row", bound=Model)

HAPPENED = {
    "created": "began it",
    "edited": "edited it",
    "review_asked": "asked for review",
    "approved": "approved it",
    "changes_requested": "asked for changes",
    "rejected": "rejected it",
    "withdrawn": "withdrew it",
    "submitted": "sent it",
    "cancel": "took it out of the line",
    "send_again": "had it sent again",
    "give_up": "gave it up",
    "settle_as": "said which service it is",
    "rescheduled": "chose another time for it",
}


def for_change(rows: QuerySet[Row]) -> QuerySet[Row]:
    """These rows, each locked until the transaction ends.

    Not against being pointed at (FOR NO KEY UPDATE): PostgreSQL checks foreign keys at the commit, when the chain
    of events is locked already, and who waits for the chain with a stronger lock would close a circle.
    """
    return rows.select_for_update(of=("self",), no_key=True)


def locked(deployment: Deployment) -> Deployment:
    """The row as it is now, locked until the transaction ends, with its target as it is now.

    The target is read after the lock is ours: in one statement PostgreSQL would give it as it was when we began
    to wait.
    """
    fresh = for_change(Deployment.objects.select_related("author")).get(pk=deployment.pk)
    fresh.target = Target.objects.get(pk=fresh.target_id)
    return fresh


def begin(deployment: Deployment, move: str, *, seen: int, by: Person) -> Deployment:
    """Lock, then raise NotAllowed or MovedOn, or return the fresh row for this move."""
    fresh = locked(deployment)
    permissions.must_allow(by, move, fresh)
    if fresh.state not in MOVES[move].leaves or fresh.seen != seen:
        raise moved_on(fresh, seen)
    return fresh


def moved_on(fresh: Deployment, seen: int) -> MovedOn:
    """Say what happened meanwhile, by whom, and where the row stands now."""
    last = Event.objects.filter(deployment=fresh, action__in=HAPPENED).first()
    meanwhile = f"{last.by_name or 'Deployer'} {HAPPENED[last.action]} meanwhile. " if last else ""
    stands = f"It is {permissions.READABLE_STATES[fresh.state]} now"
    if fresh.seen != seen:
        kind = "revision" if fresh.is_writable else "version"
        stands += f", {kind} {fresh.seen}. You were looking at {seen}"
    return MovedOn(fresh, f"{meanwhile}{stands}.")
