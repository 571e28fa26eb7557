"""When a service was seen, whether somebody waits for a look at it, and one sign for all its page shows."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from deployer.models import Service
from deployer.workflow.watching import GONE

FRESH = timedelta(seconds=10)  # what was seen since needs no look because a page is opened
SILENT = timedelta(seconds=20)  # after this perhaps no worker is there
AT_ONCE = timedelta(seconds=1)  # within it two times of the database in one statement are the same
GIVES_UP = timedelta(minutes=2)  # then the page waits no longer


def context_of(service: Service, *, opened: bool = False) -> dict[str, Any]:
    """When the service was seen and is seen next. `opened`: the page is being opened, and may ask for a look."""
    now = timezone.now()
    waits = is_waited_for(service)
    watch = getattr(service.target, "watch", None)
    # What is gone is asked for no more, unless somebody wishes so: then it is no news that the cloud is away.
    away = watch.problem if watch and (waits or service.status != GONE) else ""
    looks = [row.next_look_at for row in (service, watch) if row is not None and row.next_look_at]
    return {
        "waits": waits,
        "silence": silence(service, away) if waits else "",
        "asks": opened and not waits and now - service.seen_at > FRESH,
        "polls": waits or not service.is_settled,
        "next_look": min(looks) if service.next_look_at and looks else None,
        "away": away,
        "since": digest(service, away),
    }


def silence(service: Service, away: str) -> str:
    """Why a look that was asked for is not there yet; empty while it may come any moment."""
    taken = was_taken(service)
    if taken and away:
        return "the cloud could not be asked since"
    if timezone.now() - service.asked_at <= SILENT:
        return ""
    return "a worker is at it" if taken else "no worker has taken it"


def was_taken(service: Service) -> bool:
    """Whether a worker has met the wish: who takes it, and who fails at it, puts the next look off."""
    return service.next_look_at is not None and service.next_look_at > service.asked_at + AT_ONCE


def is_waited_for(service: Service) -> bool:
    """Whether somebody asked for a look that has not been taken."""
    asked = service.asked_at
    return asked is not None and asked > service.seen_at and timezone.now() - asked < GIVES_UP


def digest(service: Service, away: str) -> str:
    """One sign for all that would be drawn, but for what only counts the seconds."""
    facts = [
        service.status, service.progress, service.error_msg, service.access_address, service.config, service.name,
        str(service.due_time), str(service.changed_at), service.twin_of_id, away,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
