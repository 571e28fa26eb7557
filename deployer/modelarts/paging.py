"""Lists, page by page. The end is an empty page or one without news, never the cloud's own count alone:

a cloud may count wrong, cap the size of a page, or send the same page for ever. One walk has a limit of pages, of
bytes and of seconds, so that a list which lies holds nobody for hours.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from deployer.modelarts import reading
from deployer.modelarts.errors import NoAnswer

Row = dict[str, Any]
# Asks for one page: the query in, the answer's object and its size in bytes out.
Ask = Callable[[dict[str, Any]], tuple[dict[str, Any], int]]

PAGE = 100  # The documents recommend 10 to 50 for people; fewer calls are kinder here, and 1000 may pass 1 MiB.
MOST_PAGES = 500
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 300.0


class _Walk:
    """What one walk through a list has seen so far; rows are told apart by the fields of `identity`."""

    def __init__(self, key: str, identity: tuple[str, ...]) -> None:
        self.key = key
        self.identity = identity
        self.length = 0  # Of the last page, rows that are none included: the cloud counts them too.
        self.last: Row = {}
        self._known: set[tuple[str, ...]] = set()
        self._pages = 0
        self._bytes = 0
        self._ends_at = time.monotonic() + MOST_SECONDS

    def news(self, found: dict[str, Any], size: int) -> list[Row]:
        """The rows of a page that were on none before."""
        self._pages += 1
        self._bytes += size
        rows = rows_of(found, self.key)
        self.length = len(reading.listed(found.get(self.key)))
        self.last = rows[-1] if rows else {}
        fresh = {tuple(reading.text(row.get(name)) for name in self.identity): row for row in rows}
        news = [row for name, row in fresh.items() if name not in self._known]
        self._known.update(fresh)
        return news

    def go_on(self) -> None:
        """Raise NoAnswer when another page would be one too many."""
        if self._pages >= MOST_PAGES or self._bytes > MOST_BYTES or time.monotonic() >= self._ends_at:
            raise NoAnswer(f"the list of {self.key} does not end")


def by_offset(ask: Ask, key: str, *identity: str) -> Iterator[Row]:
    """All rows of a list that counts rows from 0: `offset` and `limit`, as ModelArts does.

    Its documents say "start page" for `offset`; its public clients all read it as a number of records.
    """
    walk, offset = _Walk(key, identity), 0
    while True:
        found, size = ask({"offset": offset, "limit": PAGE})
        news = walk.news(found, size)
        yield from news
        offset += walk.length
        total = reading.whole(found.get("total_count"))
        if not news or (walk.length < PAGE and total is not None and offset >= total):
            return
        walk.go_on()


def by_marker(ask: Ask, key: str, *, limit: int) -> Iterator[Row]:
    """All rows of a list that goes on after the last id: `marker` and `limit` (VPC API reference; at most 2000)."""
    walk, marker = _Walk(key, ("id",)), ""
    while True:
        news = walk.news(*ask({"marker": marker or None, "limit": limit}))
        yield from news
        marker = reading.text(walk.last.get("id"))
        if not news or not marker or walk.length < limit:
            return
        walk.go_on()


def by_number(ask: Ask, key: str, *, limit: int) -> Iterator[Row]:
    """All rows of a list with numbered pages: `page` from 1 and `per_page` (IAM API reference, projects; 1 to 5000)."""
    walk, number = _Walk(key, ("id",)), 1
    while True:
        news = walk.news(*ask({"page": number, "per_page": limit}))
        yield from news
        if not news or walk.length < limit:
            return
        number += 1
        walk.go_on()


def rows_of(found: dict[str, Any], key: str) -> list[Row]:
    """The rows of a list; null is an empty one. NoAnswer without a list: no news is not "there is none"."""
    rows = found.get(key, "missing")
    if rows is not None and not isinstance(rows, list):
        raise NoAnswer(f"the answer holds no list of {key}")
    return [row for row in rows or () if isinstance(row, dict)]
