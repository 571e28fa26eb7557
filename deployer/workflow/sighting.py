"""A service as the cloud showed it, and what of it differs from what we remember. Nothing is written here."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deployer.domain.lifecycle import SETTLED_STATUSES
from deployer.models import Service

GONE = "deleted"


@dataclass(frozen=True)
class Sight:
    """A service as the cloud showed it: `progress` in percent, `due_time` aware; None where it was not shown."""

    service_id: str
    name: str
    status: str
    infer_type: str = ""
    progress: int | None = None
    due_time: datetime | None = None
    error_msg: str | None = None
    access_address: str | None = None
    config: list[Any] | None = field(default=None, hash=False)


LOST = Sight("", "", GONE)
"""What is seen of a service that is no more."""


def is_settled(status: str) -> bool:
    """Whether nothing is expected to move by itself. Words we do not know count as moving."""
    return status == GONE or status.lower() in SETTLED_STATUSES


def differing(row: Service, sight: Sight) -> dict[str, Any]:
    """The columns whose value is another one now, with that value."""
    found = {name: value for name, value in columns(sight).items() if getattr(row, name) != value}
    if "status" in found and found["status"] != "failed" and row.error_msg:
        found.setdefault("error_msg", "")  # shown only while failed: ModelArts API reference, ShowService
    if found:
        found["is_settled"] = is_settled(found.get("status", row.status))
    return found


def columns(sight: Sight) -> dict[str, Any]:
    """The columns of a sight, cut to what they hold; what was not shown is left as it is."""
    facts: dict[str, Any] = {"status": clean(sight.status, 40), "progress": sight.progress}
    if sight.progress is not None:
        facts["progress"] = min(max(sight.progress, 0), 100)
    if sight.name:
        facts["name"] = clean(sight.name, 200)
    if sight.infer_type:
        facts["infer_type"] = clean(sight.infer_type, 40)
    if sight.error_msg is not None:
        facts["error_msg"] = clean(sight.error_msg, 4000)
    if sight.access_address is not None:
        facts["access_address"] = clean(sight.access_address, 500)
    if sight.config is not None:
        facts["config"] = clean(json.dumps(sight.config, sort_keys=True), 500_000)
    if sight.due_time is not None or sight.error_msg is not None:  # a list may leave it out
        facts["due_time"] = sight.due_time
    return facts


def clean(text: str, limit: int) -> str:
    """Without what a database refuses."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:limit]
