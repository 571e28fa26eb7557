"""Keyset paging: newest first by one unique whole number. A page costs the same at its list's end as at its start.

Two steps: first the numbers alone, which the indexes hold, then the rows of these numbers with all they show. So a
filter that walks far along an index never reads whole rows on its way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from deployer.web.filters import after_of, without

PAGE = 25
CHUNK = 1000
COUNTED = 1000  # further than this no page counts


@dataclass(frozen=True)
class Page:
    """Rows, newest first, and the values of `after` that lead on and back."""

    rows: list[Any]
    older: int | None  # None: this is the last page
    newer: int | None  # None: this is the first page; 0: the first page is the one before


def page_of(found: QuerySet, full: QuerySet, *, after: int | None = None, size: int = PAGE) -> Page:
    """The page below `after`. `found` says which rows, `full` what is read of them. Three queries at most."""
    numbers = keys(found, after, size + 1)
    shown = numbers[:size]
    older = shown[-1] if len(numbers) > size else None
    return Page(rows_of(full, shown), older, way_back(found, after, size) if after else None)


def keys(found: QuerySet, after: int | None, many: int) -> list[int]:
    if after:
        found = found.filter(pk__lt=after)
    return list(found.order_by("-pk").values_list("pk", flat=True)[:many])


def rows_of(full: QuerySet, numbers: list[int]) -> list[Any]:
    if not numbers:
        return []
    by_number = {row.pk: row for row in full.filter(pk__in=numbers)}
    return [by_number[number] for number in numbers if number in by_number]


def way_back(found: QuerySet, after: int, size: int) -> int:
    """Which `after` shows the page before: the key just above its first row, or 0 when that is the first page."""
    above = list(found.filter(pk__gte=after).order_by("pk").values_list("pk", flat=True)[: size + 1])
    return above[size] if len(above) > size else 0


def every(found: QuerySet, full: QuerySet) -> Iterator[Any]:
    """All rows, newest first, read in portions: memory does not grow with the list."""
    after = None
    while numbers := keys(found, after, CHUNK):
        yield from rows_of(full, numbers)
        after = numbers[-1]


@dataclass(frozen=True)
class Count:
    """How many there are, as far as it was worth counting."""

    number: int
    is_more: bool

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.is_more else ''}"

    def __bool__(self) -> bool:
        return self.number > 0


def count(found: QuerySet, most: int = COUNTED) -> Count:
    """Exact up to `most`, "1,000+" beyond: no page counts a million rows."""
    return bounded(found.order_by().values("pk")[: most + 1].count(), most)


def bounded(number: int, most: int = COUNTED) -> Count:
    return Count(min(number, most), number > most)


def address(request: HttpRequest, after: int | None) -> str:
    """The same list from another place on; 0 is its beginning, None is nowhere."""
    if after is None:
        return ""
    place = f"after={after}" if after else ""
    query = "&".join(part for part in (without(request.GET, "after"), place) if part)
    return f"{request.path}?{query}" if query else request.path


def lost(request: HttpRequest) -> str:
    """What was asked for as a place in the list, where it is none."""
    asked = request.GET.get("after", "")
    return asked if asked and after_of(request.GET) is None else ""
