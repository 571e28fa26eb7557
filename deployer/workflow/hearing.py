"""Events of services, copied from the cloud, which forgets them after a month."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from deployer.models import CloudEvent, Service
from deployer.workflow.locking import for_change
from deployer.workflow.rounds import Round, held
from deployer.workflow.sighting import clean

MOST = 1000  # of one service; then the oldest stay
OVERLAP = timedelta(hours=1)  # by the cloud's clock: what it wrote late is still heard
LONGEST = 4000


@dataclass(frozen=True)
class Heard:
    """An event as the cloud told it: `kind` is normal or abnormal, `occurred_at` aware or None where not told."""

    occurred_at: datetime | None
    kind: str
    words: str

    @property
    def mark(self) -> str:
        """The same for the same event, however often it is told (SHA-256, hex)."""
        at = self.occurred_at.isoformat() if self.occurred_at else ""
        return hashlib.sha256("\n".join((at, self.kind, self.words)).encode("utf-8", "replace")).hexdigest()


def is_full(service: Service) -> bool:
    """Whether no more of its events are kept."""
    return service.cloud_events.count() >= MOST


def from_when(service: Service) -> datetime | None:
    """From when on events are asked for: a little before the newest we have, None for all there are."""
    newest: datetime | None = service.cloud_events.aggregate(newest=Max("occurred_at"))["newest"]
    return newest - OVERLAP if newest else None


def keep(current: Round, service: Service, told: Iterable[Heard]) -> int:
    """Copy what is new among these (oldest first), up to the limit. How many. Raises LeaseLost."""
    by_mark = {one.mark: one for one in told}
    if not by_mark.keys() - marks_of(service):
        return 0
    with held(current):
        for_change(Service.objects.all()).get(pk=service.pk)  # the round is ours, and so is the copy
        known = marks_of(service)
        fresh = [row(current, service, mark, one) for mark, one in by_mark.items() if mark not in known]
        kept = fresh[: max(0, MOST - len(known))]
        CloudEvent.objects.bulk_create(kept, batch_size=200)
    return len(kept)


def marks_of(service: Service) -> set[str]:
    return set(service.cloud_events.order_by().values_list("mark", flat=True))


def row(current: Round, service: Service, mark: str, one: Heard) -> CloudEvent:
    return CloudEvent(
        service=service,
        occurred_at=one.occurred_at or current.now,
        event_type=clean(one.kind, 40),
        info=clean(one.words, LONGEST),
        mark=mark,
        copied_at=current.now,
    )
