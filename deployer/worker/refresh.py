"""Keeping one list of what a cloud offers fresh. Safe to call again at any moment."""

import logging
from collections.abc import Collection

from django.utils import timezone

from deployer.modelarts.errors import LoginFailed
from deployer.models import CatalogList
from deployer.models.catalog import Kind
from deployer.worker import details, supply, troubles, waits
from deployer.worker.ending import may_be_left
from deployer.worker.records import AWAY, OUR_FAULT
from deployer.worker.room import room
from deployer.workflow import catalog

log = logging.getLogger(__name__)

# Seconds of the lease. The walk through a list of models ends after 300 (modelarts.paging), the others are short.
READING = {Kind.MODEL: 330.0}
MOST_READING = 120.0

OF_THE_NETWORK = (Kind.VPC, Kind.SUBNET, Kind.SECURITY_GROUP)
OF_MODELARTS = (Kind.MODEL, Kind.SPECIFICATION, Kind.POOL, Kind.WORKSPACE)


def refresh(pk: int, worker: str) -> bool:
    """Read one list that is due. False if somebody else has it, or too many are being read here already."""
    row = CatalogList.objects.filter(pk=pk).values("target_id", "kind", "asked_at").first()
    if row is None:
        return False
    with room.place(row["target_id"], asked=row["asked_at"] is not None) as got:
        held = catalog.claim(pk, seconds=READING.get(row["kind"], MOST_READING)) if got else None
        if held is None:
            return False
        if take(held) and held.kind == Kind.MODEL:
            details.fetch_ahead(held.target)
    return True


def take(held: CatalogList) -> bool:
    """Read and remember. When it cannot be read, what was seen stays, and the list says why."""
    began_at = timezone.now()
    try:
        with may_be_left(held):
            offers = list(supply.read(held.target, held.kind))
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - a cloud that lies is told of, and never stops the line
        could_not_read(held, trouble)
        return False
    changed = catalog.replace(held.target, held.kind, offers, lease=held.lease, looked_at=began_at)
    if changed:
        log.info("%s of %s: %s new, %s gone.", held.kind, held.target.name, changed.added, changed.removed)
    return True


def could_not_read(held: CatalogList, trouble: Exception) -> None:
    reason = troubles.why_not_read(trouble)
    log.info("%s of %s cannot be read: %s", held.kind, held.target.name, type(trouble).__name__)
    if reason == OUR_FAULT:
        log.error("Reading %s of %s broke.", held.kind, held.target.name, exc_info=trouble)
    wait = waits.before_reading_again(
        stale_for(held), asked=getattr(trouble, "retry_after", None), refused=troubles.is_refusal(trouble)
    )
    catalog.put_off(held, reason, seconds=wait, others=those_as_lost(held, trouble))


def those_as_lost(held: CatalogList, trouble: Exception) -> Collection[str]:
    """Kinds that would meet the same now. One call tells as much as seven that all wait for their time-out."""
    if isinstance(trouble, LoginFailed):
        return catalog.KINDS  # IAM itself, which all of them need
    if troubles.concerns_host(trouble):
        return OF_THE_NETWORK if held.kind in OF_THE_NETWORK else OF_MODELARTS
    return ()


def stale_for(held: CatalogList) -> float:
    """Seconds since it was last read, or since the target changed, whichever is later."""
    known = [at for at in (held.seen_at, held.target.updated_at) if at]
    return (timezone.now() - max(known)).total_seconds()
