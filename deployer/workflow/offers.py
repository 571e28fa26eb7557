"""One list of a cloud, laid beside what we remember of it: only the difference is written."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deployer.models import CatalogEntry, Target
from deployer.workflow.watching import clean

MOST = 20_000
"""Entries of one list that are remembered. What is beyond can still be typed."""

LAST = 2_147_483_647  # the largest place a column holds
PORTION = 500  # rows of one statement
LONGEST_KEY = 199  # the client cuts longer texts at 200, and half an id is no id
LONGEST_FACTS = 20_000  # characters of JSON

SHOWN = ("parent", "name", "version", "status", "words", "place", "facts")
NAMED = ("name", "version", "status")
"""While these stay, what the entry's own page said holds too."""


@dataclass(frozen=True)
class Offer:
    """One entry as the worker read it. `facts` can be written as JSON; `place` sorts, the order of the list if None."""

    part: str
    key: str
    parent: str = ""
    name: str = ""
    version: str = ""
    status: str = ""
    facts: dict[str, Any] = field(default_factory=dict, hash=False)
    place: int | None = None


@dataclass(frozen=True)
class Changed:
    """What a fresh list brought: numbers of entries."""

    added: int = 0
    altered: int = 0
    removed: int = 0
    count: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.altered or self.removed)


@dataclass
class Difference:
    """What is to be written: rows new or other, keys whose page must be read again, rows that vanished."""

    rows: list[CatalogEntry]
    outdated: list[int]
    gone: list[int]
    changed: Changed


def difference(target: Target, kind: str, offers: Iterable[Offer], now: datetime) -> Difference:
    """Compare without any lock: whoever holds the list's lease is the only one who writes its entries."""
    fresh = {(row.part, row.key): row for row in rows_of(target, kind, offers, now)}
    count, altered = len(fresh), 0
    outdated: list[int] = []
    gone: list[int] = []
    known = CatalogEntry.objects.of(target, kind).order_by().values_list("pk", "part", "key", *SHOWN)
    for pk, part, key, *shown in known.iterator(chunk_size=2000):
        row = fresh.get((part, key))
        if row is None:
            gone.append(pk)
        elif [getattr(row, name) for name in SHOWN] == shown:
            del fresh[part, key]
        else:
            altered += 1
            if any(getattr(row, name) != shown[SHOWN.index(name)] for name in NAMED):
                outdated.append(pk)
    changed = Changed(len(fresh) - altered, altered, len(gone), count)
    return Difference(list(fresh.values()), outdated, gone, changed)


def write(found: Difference) -> None:
    """In the caller's transaction, a portion at a time."""
    for pks in portions(found.gone):
        CatalogEntry.objects.filter(pk__in=pks).delete()
    for pks in portions(found.outdated):
        CatalogEntry.objects.filter(pk__in=pks).update(detail="", detail_at=None)
    CatalogEntry.objects.bulk_create(
        found.rows,
        batch_size=PORTION,
        update_conflicts=True,
        unique_fields=["target", "kind", "part", "key"],
        update_fields=[*SHOWN, "seen_at"],
    )


def portions(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), PORTION):
        yield keys[start : start + PORTION]


def rows_of(target: Target, kind: str, offers: Iterable[Offer], now: datetime) -> Iterator[CatalogEntry]:
    """Each entry once, cut to what the columns hold. An id that cannot be named in a request is left out."""
    known: set[tuple[str, str]] = set()
    for offer in offers:
        mark = (offer.part[:40], offer.key)
        if mark in known or not is_usable(offer.key):
            continue
        yield row_of(target, kind, offer, len(known), now)
        known.add(mark)
        if len(known) >= MOST:
            return


def row_of(target: Target, kind: str, offer: Offer, number: int, now: datetime) -> CatalogEntry:
    name, version = clean(offer.name, 300), clean(offer.version, 40)
    facts = json.dumps(offer.facts, sort_keys=True, separators=(",", ":"))
    place = number if offer.place is None else min(max(offer.place, 0), LAST)
    return CatalogEntry(
        target=target,
        kind=kind,
        part=offer.part[:40],
        key=offer.key,
        parent=offer.parent if is_usable(offer.parent) else "",
        name=name,
        version=version,
        status=clean(offer.status, 40),
        words=f"{name} {version} {offer.key}".lower()[:600],
        place=place,
        facts=clean(facts, LONGEST_FACTS) if len(facts) <= LONGEST_FACTS else "{}",
        seen_at=now,
    )


def is_usable(key: str) -> bool:
    """Something, whole, on one line, and all of it readable: a broken letter came out of a broken id."""
    return 0 < len(key) <= LONGEST_KEY and key.isprintable() and "\ufffd" not in key and " " not in key
