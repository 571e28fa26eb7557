"""Our own doors under /_sandbox/: faults, journal, truth, time, strictness, reset.

They answer wrong use with a sentence. None of them asks for a token, and none is journalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import shapes
from .calls import Answer, Call
from .faults import read_fault
from .refusals import DoorRefusal

if TYPE_CHECKING:
    from .cloud import Cloud

LONGEST_JUMP = 10 * 366 * 24 * 60 * 60  # seconds


def _body(call: Call) -> Any:
    try:
        return call.json()
    except ValueError as error:
        raise DoorRefusal(f"The body must be JSON. {error}") from None


def add_fault(cloud: Cloud, call: Call) -> Answer:
    fault = read_fault(_body(call))
    cloud.faults.add(fault)
    return Answer(200, fault.as_json())


def list_faults(cloud: Cloud, call: Call) -> Answer:
    return Answer(200, cloud.faults.remaining())


def list_journal(cloud: Cloud, call: Call) -> Answer:
    return Answer(200, cloud.journal.entries())


def list_services(cloud: Cloud, call: Call) -> Answer:
    with cloud.lock:
        return Answer(200, [shapes.truth(cloud.services, record) for record in cloud.services.records.values()])


def advance(cloud: Cloud, call: Call) -> Answer:
    body = _body(call)
    seconds = body.get("seconds") if isinstance(body, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_JUMP:
        raise DoorRefusal('Send {"seconds": 60}: a number from 0 up to ten years.')
    with cloud.lock:
        cloud.clock.advance(seconds)
        cloud.keeper.changed()
    return Answer(200, {"seconds": seconds})


def be_strict(cloud: Cloud, call: Call) -> Answer:
    body = _body(call)
    wanted = body.get("on") if isinstance(body, dict) else None
    if not isinstance(wanted, bool):
        raise DoorRefusal('Send {"on": true} or {"on": false}.')
    with cloud.lock:
        cloud.strict = wanted
        cloud.keeper.changed()
    return Answer(200, {"on": wanted})


def reset(cloud: Cloud, call: Call) -> Answer:
    cloud.reset()
    return Answer(200, {})
