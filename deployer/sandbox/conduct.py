"""How the cloud has been told to behave, by the doors under /_sandbox/: quotas, rights, paces, fates.

What changes here makes documented states reachable that a small cloud would never come to by itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from .lives import FATES
from .more_models import MOST
from .refusals import DoorRefusal, Refusal

Json = dict[str, Any]

# 20 real-time and 1000 batch services per user: ModelArts console. The others are open until a door sets them.
QUOTAS: dict[str, int | None] = {
    "real-time": 20,
    "batch": 1000,
    "running": None,
    "instances": None,
    "nodes": None,
    "models": None,
}
# The actions of IAM on services: ModelArts API reference, Permissions Policies and Supported Actions.
ACTIONS = ("create", "list", "get", "update", "delete", "action", "getMonitor", "getLogs", "getEvents")
LONGEST_PACE = 3600  # seconds
MOST_FATES = 1000


@dataclass
class Conduct:
    """The settings, as new. The caller holds the cloud's lock."""

    quotas: dict[str, int | None] = field(default_factory=lambda: dict(QUOTAS))
    denied: list[str] = field(default_factory=list)
    authorized: bool = True  # Has the user given ModelArts an agency?
    stopping_ms: int = 0  # how long a stop takes
    deleting_ms: int = 0  # how long a delete takes
    fates: list[str] = field(default_factory=list)  # of the next deployments, first come first served
    more_models: int = 0
    twins: bool = False  # Are names taken twice? Then a request that comes twice shows as two services.

    def as_json(self) -> Json:
        return asdict(self)

    def load(self, kept: Json) -> None:
        """Go on from kept settings; one that an older file lacks stays as new."""
        for name in asdict(self):
            if name in kept:
                setattr(self, name, kept[name])

    def next_fate(self) -> str:
        return self.fates.pop(0) if self.fates else ""

    def need(self, action: str) -> None:
        """Raise 403 ModelArts.0112 for an action that IAM does not allow the caller."""
        if action in self.denied:
            message = f"The policy does not allow modelarts:service:{action}."
            raise Refusal(403, "ModelArts.0112", message)

    def need_agency(self) -> None:
        """Raise 401 ModelArts.0428 while no agency lets ModelArts reach OBS and others for the user."""
        if not self.authorized:
            raise Refusal(401, "ModelArts.0428", "The user has not authorized ModelArts. Configure an agency.")


def _number(value: Any, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and _number(value, most)


def read_quotas(body: Any) -> dict[str, int | None]:
    if not isinstance(body, dict) or not body or any(name not in QUOTAS for name in body):
        raise DoorRefusal(f'Send {{"real-time": 20}}: any of {", ".join(QUOTAS)}.')
    if any(value is not None and not _whole(value, 1_000_000) for value in body.values()):
        raise DoorRefusal("A quota is a whole number from 0, or null for none.")
    return body


def read_rights(body: Any) -> Json:
    """`deny` (actions) and `authorized`, whichever is given."""
    if not isinstance(body, dict) or not body or set(body) - {"deny", "authorized"}:
        raise DoorRefusal('Send {"deny": ["create"], "authorized": false}, or one of the two.')
    denied = body.get("deny", [])
    if not isinstance(denied, list) or any(action not in ACTIONS for action in denied):
        raise DoorRefusal(f"deny is a list of actions: {', '.join(ACTIONS)}.")
    if not isinstance(body.get("authorized", True), bool):
        raise DoorRefusal("authorized is true or false.")
    return body


def read_paces(body: Any) -> dict[str, int]:
    """`stopping` and `deleting`, in seconds; answers milliseconds."""
    if not isinstance(body, dict) or not body or set(body) - {"stopping", "deleting"}:
        raise DoorRefusal('Send {"stopping": 5, "deleting": 5}, or one of the two, in seconds.')
    if not all(_number(seconds, LONGEST_PACE) for seconds in body.values()):
        raise DoorRefusal("A pace is a number of seconds from 0 to 3600.")
    return {f"{name}_ms": int(seconds * 1000) for name, seconds in body.items()}


def read_fates(body: Any) -> list[str]:
    if not isinstance(body, dict) or set(body) - {"fate", "times"} or body.get("fate") not in list(FATES):
        raise DoorRefusal(f'Send {{"fate": "fail", "times": 1}}; fate is one of {", ".join(FATES)}.')
    times = body.get("times", 1)
    if not _whole(times, MOST_FATES) or times < 1:
        raise DoorRefusal(f"times is a whole number from 1 to {MOST_FATES}.")
    return [body["fate"]] * times


def read_count(body: Any) -> int:
    count = body.get("count") if isinstance(body, dict) and set(body) == {"count"} else None
    if not isinstance(count, int) or not _whole(count, MOST):
        raise DoorRefusal(f'Send {{"count": 5000}}: a whole number from 0 to {MOST}.')
    return count
