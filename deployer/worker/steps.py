"""The steps that are due, one after the other. Each does one unit of work and may be called again at any moment."""

import logging
from collections.abc import Callable

from deployer.domain.lifecycle import Outcome
from deployer.models import CatalogList, Enquiry, Preflight, Service, Submission
from deployer.worker.ending import stopping
from deployer.worker.enquire import enquire
from deployer.worker.preflight import preflight
from deployer.worker.records import AWAY
from deployer.worker.refresh import refresh
from deployer.worker.room import room
from deployer.worker.send import send
from deployer.worker.settle import settle
from deployer.worker.watch import watch
from deployer.workflow.outcome import LeaseLost

log = logging.getLogger(__name__)

AT_ONCE = 20  # rows looked up at a time


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
    rows = Submission.objects.due().exclude(outcome=Outcome.SENDING).order_by("next_action_at", "pk")
    return [
        guarded(send if outcome == Outcome.WAITING else settle, pk)
        for pk, outcome in rows.values_list("pk", "outcome")[:AT_ONCE]
    ]


def preflights() -> Steps:
    return [guarded(preflight, pk) for pk in Preflight.objects.due().values_list("pk", flat=True)[:AT_ONCE]]


def enquiries() -> Steps:
    return [guarded(enquire, pk) for pk in Enquiry.objects.due().values_list("pk", flat=True)[:AT_ONCE]]


def lists_asked_for() -> Steps:
    rows = CatalogList.objects.due().filter(asked_at__isnull=False)
    return [guarded(refresh, pk) for pk in rows.values_list("pk", flat=True)[:AT_ONCE]]


def services() -> Steps:
    rows = Service.objects.due().order_by("next_look_at").values_list("pk", flat=True)
    return [guarded(watch, pk) for pk in rows[:AT_ONCE]]


def lists() -> Steps:
    if not room.has_place():
        return []
    rows = CatalogList.objects.due().exclude(target__in=room.targets())
    return [guarded(refresh, pk) for pk in rows.values_list("pk", flat=True)[:AT_ONCE]]


IN_ORDER: list[tuple[Callable[[], Steps], int]] = [
    (submissions, AT_ONCE),
    (preflights, 1),
    (enquiries, 1),
    (lists_asked_for, 1),
    (services, AT_ONCE),
    (lists, 1),
]
"""What comes first, and how many of it before what came before it is looked at again."""


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
