"""Our own doors under /_sandbox/: faults, journal, truth, time, behaviour, reset.

They answer wrong use with a sentence. None of them asks for a token, and none is journalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import account, conduct, neighbours, shapes
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


def _switch(call: Call) -> bool:
    body = _body(call)
    wanted = body.get("on") if isinstance(body, dict) else None
    if not isinstance(wanted, bool):
        raise DoorRefusal('Send {"on": true} or {"on": false}.')
    return wanted


def let_twins(cloud: Cloud, call: Call) -> Answer:
    wanted = _switch(call)
    _told(cloud, {"twins": wanted})
    return Answer(200, {"on": wanted})


def mend(cloud: Cloud, call: Call) -> Answer:
    """No fault waits any more."""
    cloud.faults.clear()
    return Answer(200, [])


def be_strict(cloud: Cloud, call: Call) -> Answer:
    wanted = _switch(call)
    with cloud.lock:
        cloud.strict = wanted
        cloud.keeper.changed()
    return Answer(200, {"on": wanted})


def _told(cloud: Cloud, changes: dict[str, Any]) -> None:
    """Keep changed settings of the cloud's conduct."""
    with cloud.lock:
        cloud.conduct.load(changes)
        cloud.keeper.changed()


def set_quotas(cloud: Cloud, call: Call) -> Answer:
    wanted = conduct.read_quotas(_body(call))
    _told(cloud, {"quotas": {**cloud.conduct.quotas, **wanted}})
    return show_quotas(cloud, call)


def show_quotas(cloud: Cloud, call: Call) -> Answer:
    return Answer(200, dict(cloud.conduct.quotas))


def set_rights(cloud: Cloud, call: Call) -> Answer:
    wanted = conduct.read_rights(_body(call))
    changes = {"denied": wanted.get("deny"), "authorized": wanted.get("authorized")}
    _told(cloud, {name: value for name, value in changes.items() if value is not None})
    return Answer(200, {"deny": cloud.conduct.denied, "authorized": cloud.conduct.authorized})


def set_paces(cloud: Cloud, call: Call) -> Answer:
    _told(cloud, conduct.read_paces(_body(call)))
    return Answer(200, {"stopping": cloud.conduct.stopping_ms / 1000, "deleting": cloud.conduct.deleting_ms / 1000})


def add_fates(cloud: Cloud, call: Call) -> Answer:
    wanted = conduct.read_fates(_body(call))
    with cloud.lock:
        cloud.conduct.fates = [*cloud.conduct.fates, *wanted][: conduct.MOST_FATES]
        cloud.keeper.changed()
        return Answer(200, {"fates": list(cloud.conduct.fates)})


def add_models(cloud: Cloud, call: Call) -> Answer:
    _told(cloud, {"more_models": conduct.read_count(_body(call))})
    return Answer(200, {"count": cloud.conduct.more_models})


def add_neighbours(cloud: Cloud, call: Call) -> Answer:
    """Services of others in one project, the first unless another is named."""
    body = _body(call) if call.body else {}
    project_id = body.get("project_id", next(iter(account.PROJECTS))) if isinstance(body, dict) else None
    if not isinstance(project_id, str) or project_id not in account.PROJECTS:
        raise DoorRefusal('Send {} or {"project_id": "…"} with the id of a project of the sandbox.')
    with cloud.lock:
        ids = neighbours.move_in(cloud, project_id)
        cloud.keeper.changed()
    return Answer(200, ids)


def reset(cloud: Cloud, call: Call) -> Answer:
    cloud.reset()
    return Answer(200, {})
