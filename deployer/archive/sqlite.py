"""SQLite: copied through its own backup interface, page by page in one read, while workers go on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from deployer.archive import Cannot
from deployer.archive.manifest import LEFT_BEHIND

PATIENCE = 60.0  # seconds to wait for a writer


def place() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def dump(into: Path) -> tuple[dict[str, int], list[str], tuple[int, str]]:
    """A copy as it is at one moment, without what stays behind: its tables and rows, migrations and chain."""
    copy(place(), into)
    with closing(sqlite3.connect(into)) as there:
        there.execute("PRAGMA journal_mode=DELETE")  # one file
        there.execute("PRAGMA secure_delete=ON")  # what is taken out leaves no trace in free pages
        for table in LEFT_BEHIND:
            if table in tables(there):
                there.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        there.commit()
        must_be_sound(there)
        return counts(there), migrations(there), chain(there)


def copy(source: Path, into: Path) -> None:
    """All pages in one step: a writer between two steps would make it begin again and again."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as here,
        closing(sqlite3.connect(into, timeout=PATIENCE)) as there,
    ):
        here.backup(there)


@contextmanager
def aside(data: Path) -> Iterator[Path]:
    """The copy where it was unpacked: it goes with its folder."""
    with closing(sqlite3.connect(data)) as here:
        must_be_sound(here)
    yield data


def leading_to(data: Path) -> dict[str, Any]:
    """Settings of a connection to it."""
    return {"NAME": str(data)}


def must_be_in(data: Path) -> None:
    """A path leads to its file."""


def put_in_place(data: Path) -> None:
    """In place of what was there, in one transaction: whoever reads meanwhile sees one or the other."""
    place().parent.mkdir(parents=True, exist_ok=True)
    try:
        copy(data, place())
    except sqlite3.Error as error:
        raise Cannot(f"The database file cannot be written: {error}.") from error


def must_be_sound(there: sqlite3.Connection) -> None:
    try:
        found = there.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise Cannot(f"The SQLite file is damaged: {found.splitlines()[0]}.")


def tables(there: sqlite3.Connection) -> list[str]:
    rows = there.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return sorted(name for (name,) in rows)


def counts(there: sqlite3.Connection) -> dict[str, int]:
    kept = [table for table in tables(there) if table not in LEFT_BEHIND]
    return {
        table: there.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - named by the database
        for table in kept
    }


def migrations(there: sqlite3.Connection) -> list[str]:
    rows = there.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{app}.{name}" for app, name in rows]


def chain(there: sqlite3.Connection) -> tuple[int, str]:
    row = there.execute("SELECT length, head FROM deployer_chain WHERE id = 1").fetchone()
    return (row[0], row[1]) if row else (0, "0" * 64)
