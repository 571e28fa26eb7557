"""The table: every fault by name, how it is made, and how the row ends when the promises hold."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.faults import scripts
from tests.faults.scene import Scene

CREATE = "POST /v1/*/services"
DETAIL = "GET /v1/*/services/*"
LOGIN = "POST /v3/auth/tokens"
FOR_EVER = 500


@dataclass(frozen=True)
class Order:
    """Misbehaviour asked of the sandbox."""

    fault: str
    match: str = CREATE
    times: int = 1
    seconds: float = 5

    def as_json(self) -> dict[str, object]:
        return {"match": self.match, "fault": self.fault, "times": self.times, "seconds": self.seconds}


@dataclass(frozen=True)
class Fault:
    """One row. `ends`: the outcome of each submission, in order; `person` is one that waits for a person."""

    name: str
    orders: tuple[Order, ...] = ()
    ends: tuple[str, ...] = ("accepted",)
    effects: int = 1
    quiet: int = 25  # seconds a lost answer is looked for
    front: str = ""  # a door before the sandbox (fronts.py)
    twins: bool = True  # names may be taken twice, so that a request that comes twice shows
    facts: tuple[tuple[str, object], ...] = ()  # of the target, where they are not as usual
    before: Callable[[Scene], object] | None = None
    script: Callable[[Scene], object] | None = None  # runs beside the workers, from the moment of submitting


def lost(fault: str, **more: object) -> Fault:
    """Done, and the answer is lost: found by looking."""
    seconds = more.pop("seconds", 5)
    return Fault(fault, (Order(fault, seconds=seconds),), **more)


def nothing(fault: str) -> Fault:
    """Not done, and nobody can tell: a person decides."""
    return Fault(fault, (Order(fault),), ends=("person",), effects=0, quiet=3)


def veiled(fault: str) -> Fault:
    """Done, listed, and not to be read: a person decides, also where the target would send it again by itself."""
    orders = (Order("504-after"), Order(fault, DETAIL, times=FOR_EVER))
    name = f"found, and its detail is {fault}"
    return Fault(name, orders, ends=("person",), quiet=4, facts=(("resends_itself", True),))


FAULTS = [
    Fault("no fault at all"),
    Fault("no fault at all, signed with keys", facts=scripts.KEYS),
    Fault("refused connection", front="closed", script=partial(scripts.open_later, 3)),
    Fault("no such host", front="nameless", script=partial(scripts.open_later, 3)),
    Fault("untrusted certificate", front="untrusted", ends=("person",), effects=0),
    Fault("connect time-out", front="full", script=partial(scripts.open_later, 4)),
    *[nothing(kind) for kind in ("reset-before", "hang-before", "500-before", "502", "503", "redirect")],
    Fault("redirect to another origin", front="astray", ends=("person",), effects=0, quiet=3),
    *[lost(kind) for kind in ("reset-after", "hang-after", "500-after", "504-after")],
    *[lost(kind) for kind in ("malformed", "truncated", "array", "no-id", "huge", "bomb", "slow", "slow-head")],
    lost("504-late", seconds=3, script=scripts.note_effect),
    lost("504-hidden", seconds=5, script=partial(scripts.note_effect, later=5)),
    *[veiled(kind) for kind in ("404", "no-config")],
    Fault("429 twice", (Order("429", times=2, seconds=1),)),
    Fault("401 once", (Order("401"),)),
    Fault("401 for ever", (Order("401", times=FOR_EVER),), ends=("person",), effects=0),
    Fault("wrong password", facts=scripts.WRONG_PASSWORD, ends=("person",), effects=0),
    Fault("login down for a while", (Order("503", LOGIN, times=3),)),
    Fault("name taken by a stranger", twins=False, ends=("refused",), effects=0, before=scripts.a_stranger_was_here),
    Fault(
        "name taken by ourselves",
        (Order("hang-after"),),
        twins=False,
        ends=("accepted", "refused"),
        script=scripts.another_of_the_name,
    ),
    Fault(
        "name taken by our own lost call",
        (Order("504-hidden", seconds=600),),
        twins=False,
        quiet=4,
        script=scripts.send_again_and_show,
    ),
    Fault("list failing while settling", (Order("hang-after"),), script=scripts.the_list_fails),
    Fault(
        "list dropping while settling",
        (Order("hang-after"),),
        script=partial(scripts.the_list_fails, kind="reset-before"),
    ),
]
