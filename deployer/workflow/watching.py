"""What the cloud says of its services, copied as heard, and written in the history where it concerns a deployment."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from deployer.domain.lifecycle import SETTLED_STATUSES
from deployer.models import Deployment, Service, Target
from deployer.workflow import history
from deployer.workflow.locking import for_change

GONE = "deleted"


@dataclass(frozen=True)
class Sight:
    """A service as the cloud showed it: `progress` in percent, `due_time` aware, `config` None where not shown."""

    service_id: str
    name: str
    status: str
    infer_type: str = ""
    progress: int | None = None
    error_msg: str = ""
    access_address: str = ""
    due_time: datetime | None = None
    config: list[Any] | None = field(default=None, hash=False)


def is_settled(status: str) -> bool:
    """Whether nothing is expected to move by itself. Words we do not know count as moving."""
    return status == GONE or status.lower() in SETTLED_STATUSES


def claim(pk: int, *, seconds: float) -> Service | None:
    """Take a service that is due to be looked at, or None if somebody else has it."""
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    if Service.objects.filter(pk=pk, next_look_at__lte=now).update(next_look_at=until) != 1:
        return None
    return Service.objects.select_related("target").get(pk=pk)


@transaction.atomic
def seen(service: Service, sight: Sight | None, *, again_in: float | None) -> bool:
    """Copy what the cloud shows (None: it knows no such service). True when it differs from what we had seen.

    `again_in`: seconds to the next look, None for never. Fenced by the claim: a late report changes nothing.
    """
    concerned = list(for_change(Deployment.objects.filter(service=service)).order_by("pk"))
    fresh = for_change(Service.objects.all()).get(pk=service.pk)
    if fresh.next_look_at != service.next_look_at:
        return False
    now = timezone.now()
    before = fresh.status
    facts: dict[str, Any] = columns(sight) if sight else {"status": GONE, "progress": None}
    changed = {name: value for name, value in facts.items() if getattr(fresh, name) != value}
    next_look = None if again_in is None else now + timedelta(seconds=again_in)
    if changed:
        changed |= {"changed_at": now, "is_settled": is_settled(facts["status"])}
    Service.objects.filter(pk=service.pk).update(**changed, seen_at=now, next_look_at=next_look)
    if before != facts["status"]:
        data = {"before": before, "after": facts["status"], "error": facts.get("error_msg", "")}
        history.write([history.Entry("cloud_status", None, one, data=data) for one in concerned])
    return bool(changed)


@transaction.atomic
def put_off(service: Service, *, seconds: float) -> None:
    """The cloud could not be asked: look again later, and keep what was last seen."""
    rows = Service.objects.filter(pk=service.pk, next_look_at=service.next_look_at)
    rows.update(next_look_at=timezone.now() + timedelta(seconds=seconds))


@transaction.atomic
def listed(target: Target, sights: Iterable[Sight]) -> int:
    """Remember services we did not know, and look closer where a known one moved. How many were news."""
    shown = {sight.service_id[:64]: sight for sight in sights if sight.service_id}
    known = {row.service_id: row for row in Service.objects.filter(target=target, service_id__in=list(shown))}
    now = timezone.now()
    moved = [known[key].pk for key, sight in shown.items() if key in known and differs(known[key], sight)]
    Service.objects.filter(pk__in=moved, next_look_at__isnull=False).update(next_look_at=now)
    fresh = [first_seen(target, sight, now) for key, sight in shown.items() if key not in known]
    Service.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh) + len(moved)


def differs(row: Service, sight: Sight) -> bool:
    return row.status != clean(sight.status, 40)


def first_seen(target: Target, sight: Sight, now: datetime) -> Service:
    facts = columns(sight)
    return Service(
        target=target,
        service_id=sight.service_id[:64],
        is_settled=is_settled(facts["status"]),
        created_at=now,
        seen_at=now,
        changed_at=now,
        next_look_at=now,
        **facts,
    )


def columns(sight: Sight) -> dict[str, Any]:
    """The columns of a sight, cut to what they hold; what was not shown is left as it is."""
    facts: dict[str, Any] = {
        "name": clean(sight.name, 200),
        "status": clean(sight.status, 40),
        "progress": None if sight.progress is None else min(max(sight.progress, 0), 100),
        "error_msg": clean(sight.error_msg, 4000),
        "access_address": clean(sight.access_address, 500),
        "due_time": sight.due_time,
    }
    if sight.infer_type:
        facts["infer_type"] = clean(sight.infer_type, 40)
    if sight.config is not None:
        facts["config"] = clean(json.dumps(sight.config, sort_keys=True), 500_000)
    return facts


def clean(text: str, limit: int) -> str:
    """Without what a database refuses."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:limit]
