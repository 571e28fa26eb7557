"""The steps that are due, one after the other. Each does one unit of work and may be called again at any moment."""

import logging
import threading
from collections.abc import Callable

from deployer.domain.lifecycle import Outcome
from deployer.models import Service, Submission
from deployer.worker.records import AWAY
from deployer.worker.send import send
from deployer.worker.settle import settle
from deployer.worker.watch import watch
from deployer.workflow.outcome import LeaseLost

log = logging.getLogger(__name__)

stopping = threading.Event()
"""Set when the process is asked to end: a step is finished, none is begun."""

AT_ONCE = 20  # rows looked up at a time


def advance(worker: str) -> int:
    """Drain what is due, submissions before services. How many rows this worker did something with."""
    done = 0
    while not stopping.is_set():
        moved = sum(step(worker) for step in due_steps() if not stopping.is_set())
        if not moved:
            return done
        done += moved
    return done


def due_steps() -> list[Callable[[str], bool]]:
    rows = Submission.objects.due().exclude(outcome=Outcome.SENDING).order_by("next_action_at", "pk")
    steps: list[Callable[[str], bool]] = [
        guarded(send if outcome == Outcome.WAITING else settle, pk)
        for pk, outcome in rows.values_list("pk", "outcome")[:AT_ONCE]
    ]
    if steps:
        return steps
    services = Service.objects.due().order_by("next_look_at").values_list("pk", flat=True)
    return [guarded(watch, pk) for pk in services[:AT_ONCE]]


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
