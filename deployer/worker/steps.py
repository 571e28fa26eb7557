"""The steps that are due, one after the other. Each does one unit of work and may be called again at any moment."""

import logging
import random
import threading
from collections.abc import Callable
from functools import partial, wraps
from typing import NamedTuple

from django.db.models import Q, QuerySet

from deployer import logs
from deployer.domain.lifecycle import Outcome
from deployer.models import CatalogList, Enquiry, Preflight, Removal, Submission
from deployer.models.once import Select
from deployer.worker.ending import stopping
from deployer.worker.enquire import enquire
from deployer.worker.late import look_late
from deployer.worker.preflight import preflight
from deployer.worker.records import AWAY
from deployer.worker.refresh import refresh
from deployer.worker.remove import remove
from deployer.worker.room import room
from deployer.worker.send import send
from deployer.worker.settle import settle
from deployer.worker.shares import shares
from deployer.worker.slots import slots
from deployer.worker.watch import watch
from deployer.workflow import intent, rounds
from deployer.workflow.outcome import LeaseLost

log = logging.getLogger(__name__)

AT_ONCE = 20  # rows looked up at a time
AMONG = 100  # of submissions: so many that workers who take three of them seldom take the same


def advance(worker: str) -> int:
    """Drain what is due, in the order below. How many rows this worker did something with."""
    done = 0
    while not stopping.is_set():
        moved = one_round(worker)
        if not moved:
            return done
        done += moved
    return done


def one_round(worker: str) -> int:
    """Some steps of the first kind that has any; what takes long is done one at a time, so that the line is seen."""
    for due, most in IN_ORDER:
        moved = 0
        for step in due():
            if stopping.is_set() or moved >= most:
                break
            moved += step(worker)
        if moved:
            return moved
    return 0


Steps = list[Callable[[str], bool]]


def submissions() -> Steps:
    """Some that are due, in any order, so that several workers seldom reach for the same one. Order is kept where it
    counts, among those of one name (workflow.intent). Passed over: what a thread of this process has in hand, what
    would go to a target that has as many calls out as it allows, and what would only wait for a cloud that hangs."""
    found = [row for row in can_move() if row.pk not in _in_hand]
    random.shuffle(found)
    return [partial(move, row) for row in found]


class Due(NamedTuple):
    """What one needs to know of a submission to begin with it."""

    pk: int
    outcome: str
    deployment: int
    target: int

    @property
    def is_stuck(self) -> bool:
        """Whether it would only wait behind others of its target."""
        return shares.are_stuck(self.target) or (self.outcome == Outcome.WAITING and slots.are_stuck(self.target))


def can_move() -> list[Due]:
    found, passed = [Due(*row) for row in movable()], Q()
    while True:
        stuck = [row for row in found if row.is_stuck]
        if len(stuck) < len(found) or len(found) < AMONG:
            return [row for row in found if row not in stuck]
        passed |= behind(stuck)  # others may stand behind them
        found = [Due(*row) for row in rows_to_move().exclude(passed).values_list(*Due._fields)[:AMONG]]


def behind(stuck: list[Due]) -> Q:
    """Rows that are stuck as these are."""
    whole = {row.target for row in stuck if shares.are_stuck(row.target)}
    return Q(target__in=whole) | Q(target__in={row.target for row in stuck}, outcome=Outcome.WAITING)


@Select
def movable() -> QuerySet[Submission, tuple[int, str, int, int]]:
    return rows_to_move().values_list(*Due._fields)[:AMONG]


def rows_to_move() -> QuerySet[Submission]:
    rows = Submission.objects.due().exclude(outcome=Outcome.SENDING)
    return rows.filter(Q(outcome=Outcome.UNKNOWN) | intent.has_room())


def removals() -> Steps:
    return [guarded(remove, pk) for pk in Removal.objects.due().values_list("pk", flat=True)[:AT_ONCE]]


def late_looks() -> Steps:
    rows = Submission.objects.due_for_a_late_look().values_list("pk", flat=True)
    return [guarded(look_late, pk) for pk in rows[:AT_ONCE]]


def preflights() -> Steps:
    return [guarded(preflight, pk) for pk in Preflight.objects.due().values_list("pk", flat=True)[:AT_ONCE]]


def enquiries() -> Steps:
    return [guarded(enquire, pk) for pk in Enquiry.objects.due().values_list("pk", flat=True)[:AT_ONCE]]


def lists_asked_for() -> Steps:
    rows = CatalogList.objects.due().filter(asked_at__isnull=False)
    return [guarded(refresh, pk) for pk in rows.values_list("pk", flat=True)[:AT_ONCE]]


def services() -> Steps:
    return [guarded(watch, pk) for pk in rounds.due_targets(AT_ONCE)]


def lists() -> Steps:
    if not room.has_place():
        return []
    rows = CatalogList.objects.due().exclude(target__in=room.targets())
    return [guarded(refresh, pk) for pk in rows.values_list("pk", flat=True)[:AT_ONCE]]


IN_ORDER: list[tuple[Callable[[], Steps], int]] = [
    (submissions, 3),
    (preflights, 1),
    (removals, 1),
    (enquiries, 1),
    (lists_asked_for, 1),
    (late_looks, 1),
    (services, 1),
    (lists, 1),
]
"""What comes first, and how many of it before what came before it is looked at again."""


_in_hand: set[int] = set()
_lock = threading.Lock()


def alone(step: Callable[[int, str], bool]) -> Callable[[int, str], bool]:
    """One thread of this process at a time is at a row; the others need not find that out at the database."""

    @wraps(step)
    def run(pk: int, worker: str) -> bool:
        with _lock:
            if pk in _in_hand:
                return False
            _in_hand.add(pk)
        try:
            return step(pk, worker)
        finally:
            with _lock:
                _in_hand.discard(pk)

    return run


def guarded(step: Callable[[int, str], bool], pk: int) -> Callable[[str], bool]:
    """A step that cannot stop the line: only a lost database is passed on, since nothing can be done without."""

    def run(worker: str) -> bool:
        try:
            return step(pk, worker)
        except LeaseLost:
            return False
        except AWAY:
            raise
        except Exception:
            log.exception("%s %s broke; its lease ends by itself.", step.__name__, pk)
            return False

    return run


def move(row: Due, worker: str) -> bool:
    """Whatever is logged within carries the numbers; one record says that it was done."""
    if row.is_stuck:  # since it was found
        return False
    with logs.about(deployment=row.deployment, submission=row.pk):
        done = moved(row, worker)
        if done:
            log.info("Submission %s: %s done.", row.pk, "send" if row.outcome == Outcome.WAITING else "look")
        return done


def moved(row: Due, worker: str) -> bool:
    if row.outcome == Outcome.WAITING:
        return guarded(alone(send), row.pk)(worker)
    with shares.one(row.target) as is_ours:
        return is_ours and guarded(alone(settle), row.pk)(worker)
