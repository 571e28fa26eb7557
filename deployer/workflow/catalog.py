"""What a target's cloud offers, as last seen: which lists there are, asking for a fresh one, writing one down.

A worker claims a list that is due, reads it, and reports with exactly one of `replace` and `put_off`, under the lease
of its claim. Pages only read, and ask.
"""

import json
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from deployer.models import CatalogEntry, CatalogList, Person, Target
from deployer.models.catalog import Kind
from deployer.workflow import offers as listing
from deployer.workflow import permissions
from deployer.workflow.errors import NotAllowed
from deployer.workflow.offers import Changed, Offer
from deployer.workflow.outcome import LeaseLost
from deployer.workflow.submission import became_due
from deployer.workflow.watching import clean

__all__ = ["KINDS", "Changed", "Offer"]

KINDS: tuple[str, ...] = tuple(Kind.values)
"""The lists of a target, in the order pages show them."""

ASK_AGAIN = 10  # seconds in which a second wish for the same list is the first one
DETAIL_HOLDS = timedelta(hours=1)
LONGEST_DETAIL = 500_000  # characters of JSON

detail_asked = Signal()
"""Sent inside the transaction in which somebody wants an entry's own page. The worker's room puts a task in line."""


def fresh_for(kind: str) -> float:
    """Seconds after which a list is read again on its own clock."""
    return float(settings.CATALOG_FRESH[kind])


def lists(target: Target) -> list[CatalogList]:
    """How fresh each list is, in the order of KINDS. What no worker has begun is made up here, and not written."""
    known = {row.kind: row for row in CatalogList.objects.filter(target=target)}
    return [known.get(kind) or CatalogList(target=target, kind=kind) for kind in KINDS]


@transaction.atomic
def ask_refresh(target: Target, *, by: Person, kinds: Iterable[str] | None = None) -> None:
    """Wish for fresh lists (all of them when `kinds` is None); a wish of the last 10 s is not wished again.

    Raises NotAllowed for people without a role. A list that is being read at this moment answers the wish.
    """
    if not permissions.may_look(by):
        raise NotAllowed("Only people with a role may ask for fresh lists.")
    wanted = not_asked_lately(target, KINDS if kinds is None else [kind for kind in kinds if kind in KINDS])
    if not wanted:
        return
    begin(target)
    now = timezone.now()
    rows = locked(CatalogList.objects.filter(target=target, kind__in=wanted))
    rows.update(asked_at=now)
    rows.filter(Q(lease="") | Q(next_look_at__lte=now)).update(next_look_at=now)
    became_due.send(CatalogList, target=target)


def not_asked_lately(target: Target, kinds: Iterable[str]) -> list[str]:
    """Those of these kinds that nobody asked for a moment ago; from now on somebody has."""
    name, now = f"catalog-asked-{target.pk}", timezone.now().timestamp()
    asked = {kind: at for kind, at in cache.get(name, {}).items() if now - at < ASK_AGAIN}
    wanted = [kind for kind in kinds if kind not in asked]
    if wanted:
        cache.set(name, asked | dict.fromkeys(wanted, now), timeout=ASK_AGAIN)
    return wanted


def begin(target: Target) -> None:
    """Make the rows of a target's lists, due at once. Those that are there stay as they are."""
    now = timezone.now()
    rows = [CatalogList(target=target, kind=kind, next_look_at=now) for kind in KINDS]
    CatalogList.objects.bulk_create(rows, ignore_conflicts=True)


def begin_missing() -> int:
    """Begin the lists of targets that have a secret and lack some. How many targets; one read when there are none."""
    lacking = Target.objects.exclude(secret="").annotate(known=Count("lists")).filter(known__lt=len(KINDS))  # noqa: S106
    targets = list(lacking)
    for target in targets:
        begin(target)
    return len(targets)


def renew(target: Target, *, elsewhere: bool) -> None:
    """The target changed: its lists are due at once, and a look that is under way reports in vain.

    `elsewhere`: it is another place now, so what was seen in the old one is forgotten. Within the caller's transaction.
    """
    begin(target)
    rows = locked(CatalogList.objects.filter(target=target))
    rows.update(lease="", problem="", next_look_at=timezone.now())
    if elsewhere:
        rows.update(count=0, seen_at=None)
        CatalogEntry.objects.filter(target=target).delete()
    became_due.send(CatalogList, target=target)


def locked(rows: QuerySet[CatalogList]) -> QuerySet[CatalogList]:
    """These rows, locked one after the other by their keys, so that who takes several never waits in a circle."""
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return rows


def claim(pk: int, *, seconds: float) -> CatalogList | None:
    """Take a list that is due, for so long, or None if somebody else has it."""
    now = timezone.now()
    token = secrets.token_hex(16)
    rows = CatalogList.objects.filter(pk=pk, next_look_at__lte=now)
    if rows.update(lease=token, next_look_at=now + timedelta(seconds=seconds)) != 1:
        return None
    return CatalogList.objects.select_related("target").filter(pk=pk, lease=token).first()


def replace(
    target: Target, kind: str, offers: Iterable[Offer], *, lease: str, looked_at: datetime | None = None
) -> Changed:
    """Remember a list as it was just read whole, in one transaction; what stayed is not written.

    `looked_at`: when the reading began (aware), which may be minutes ago; the list is as old as that. Entries that
    vanished are deleted. Raises LeaseLost when the list is not ours to report any more.
    """
    now = looked_at or timezone.now()
    found = listing.difference(target, kind, offers, now)
    with transaction.atomic():
        row = CatalogList.objects.filter(target=target, kind=kind, lease=lease).exclude(lease="")
        again_at = timezone.now() + timedelta(seconds=fresh_for(kind))
        report: dict[str, Any] = {
            "seen_at": now,
            "asked_at": None,
            "next_look_at": again_at,
            "lease": "",
            "problem": "",
        }
        if row.update(**report, count=found.changed.count) != 1:
            raise LeaseLost(f"{kind} of {target.pk}")
        if found.changed:
            listing.write(found)
    return found.changed


@transaction.atomic
def put_off(held: CatalogList, reason: str, *, seconds: float, others: Collection[str] = ()) -> None:
    """The list could not be read: what was seen stays, with the reason, and it is tried again after so many seconds.

    `others`: kinds of the same target that would meet the same now; those that are due wait as well. Raises LeaseLost.
    """
    now = timezone.now()
    report: dict[str, Any] = {
        "problem": clean(reason, 2000),
        "asked_at": None,
        "next_look_at": now + timedelta(seconds=seconds),
        "lease": "",
    }
    rows = locked(CatalogList.objects.filter(target=held.target_id, kind__in=[held.kind, *others]))
    if rows.filter(pk=held.pk, lease=held.lease).exclude(lease="").update(**report) != 1:
        raise LeaseLost(f"{held.kind} of {held.target_id}")
    rows.filter(next_look_at__lte=now).update(**report)


def give_back(held: CatalogList) -> None:
    """The worker ends before it has read the list: it is due again at once. Nothing happens without the lease."""
    rows = CatalogList.objects.filter(pk=held.pk, lease=held.lease).exclude(lease="")
    rows.update(lease="", next_look_at=timezone.now())


@transaction.atomic
def ask_detail(entry: CatalogEntry) -> bool:
    """Wish for what an entry's own page says. False when that is known, or wished for already."""
    is_known = entry.detail_at and timezone.now() - entry.detail_at < DETAIL_HOLDS and "problem" not in entry.more
    if is_known:
        return False
    if not cache.add(f"catalog-detail-{entry.pk}", 1, timeout=ASK_AGAIN):
        return False
    detail_asked.send(CatalogEntry, entry=entry)
    return True


def set_detail(entry: CatalogEntry, said: dict[str, Any]) -> None:
    """Remember what an entry's own page says, unless the entry has become another one meanwhile."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    if len(text) > LONGEST_DETAIL:
        text = json.dumps({"too_large": True})
    rows = CatalogEntry.objects.filter(pk=entry.pk, name=entry.name, version=entry.version, status=entry.status)
    rows.update(detail=text, detail_at=timezone.now())
