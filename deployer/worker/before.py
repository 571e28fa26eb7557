"""What was there before a create: services listed already can never be adopted as what the create made."""

import threading
import time
from collections import defaultdict

from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import Refused
from deployer.worker.listing import everything

FRESH = 1.0  # seconds for which one list serves all rows that are about to be sent

_lists: dict[tuple[int, str], tuple[float, dict[str, set[str]]]] = {}
_locks: dict[tuple[int, str], threading.Lock] = defaultdict(threading.Lock)


def listed(cloud: ModelArts, target: int, workspace: str | None, name: str) -> set[str]:
    """Ids of the services of this name, as listed within the last second. Raises the errors of a read.

    One list serves a busy line: a stranger who takes a name within that second costs at worst a look by a person.
    """
    key = (target, workspace or "")
    with _locks[key]:
        known = _lists.get(key)
        if known is None or time.monotonic() - known[0] > FRESH:
            began = time.monotonic()
            known = (began, by_name(cloud, workspace))
            _lists[key] = known
    return known[1].get(name, set())


def by_name(cloud: ModelArts, workspace: str | None) -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    try:
        for service in everything(cloud, workspace):
            names[service.name].add(service.service_id)
    except Refused:
        # A wrong workspace, or no right to list. The create is refused for the same cause, in clearer words.
        return {}
    return names
