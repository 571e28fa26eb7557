"""SQLite: copied through its own backup interface, page by page in one read, while workers go on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

from deployer.archive import Cannot, databases
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


def load(data: Path) -> None:
    """Put the copy in place of what is there, in one transaction: whoever reads meanwhile sees one or the other."""
    with closing(sqlite3.connect(data)) as here:
        must_be_sound(here)
    place().parent.mkdir(parents=True, exist_ok=True)
    copy(data, place())


@contextmanager
def or_as_before(folder: Path) -> Iterator[None]:
    """If what is done here fails, everything is as it was."""
    there_was_one = place().exists()
    before = folder / "before"
    if there_was_one:
        copy(place(), before)
    try:
        yield
    except BaseException:
        databases.let_go()
        if there_was_one:
            copy(before, place())
        else:
            for end in ("", "-wal", "-shm"):
                Path(f"{place()}{end}").unlink(missing_ok=True)
        raise


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
