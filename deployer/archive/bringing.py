"""Bringing a backup back: checked, migrated and checked again beside what is there, put in its place at the end."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from deployer.archive import Cannot, databases, manifest, postgres, sqlite
from deployer.archive.manifest import Manifest
from deployer.models import Target
from deployer.models.encrypted import LOST
from deployer.workflow import history, restored


@dataclass(frozen=True)
class Brought:
    """What came back, what a person must look at, and whose credentials no key opens."""

    manifest: Manifest
    held: int
    lost: list[str]


def bring(archive: Path, *, replace: str = "") -> Brought:
    """Put the backup in place of what is in the database. Raises Cannot, and then everything is as it was.

    What is not empty is replaced only where `replace` is the name of the database. Everything is done beside it: the
    rows are seen by others in one step, the last, and by then what waits in them is held. So it may be killed at any
    moment, and a worker that nobody knew of finds nothing to send.
    """
    room = {"sqlite": sqlite, "postgresql": postgres}[connection.vendor]
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=archive.parent) as name:
        facts, data = manifest.unpack(archive, Path(name))
        must_fit(facts)
        must_be_free(replace)
        with room.aside(data) as there:
            with databases.looking_at(room.leading_to(there)):
                room.must_be_in(there)
                must_be_whole(facts)
                call_command("migrate", verbosity=0, interactive=False)  # and puts the guards in place
                must_hold(facts)
                brought = Brought(facts, restored.hold_what_waits(facts.moment), unopened())
            must_be_free(replace)  # still: the chain may have been walked for minutes
            room.put_in_place(there)
    return brought


def must_fit(facts: Manifest) -> None:
    """The same kind of database, and no newer than the code."""
    if facts.vendor != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        more = " Restore it there, then run to_postgres." if facts.vendor == "sqlite" else ""
        raise Cannot(
            f"This is a backup of {names[facts.vendor]}, and DATABASE_URL is {names[connection.vendor]}.{more}"
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    newer = [name for name in facts.migrations if name not in known]
    if newer:
        raise Cannot(f"This backup was made by a newer version ({facts.version}): it has {newer[-1]}. Upgrade first.")


def must_be_free(replace: str) -> None:
    if connection.vendor == "postgresql":
        postgres.must_hold_nothing_aside()
    name = databases.name()
    if not databases.is_empty() and replace != name:
        raise Cannot(f"The database {name} is not empty. To replace everything in it, add --replace {name}.")
    if databases.workers_alive():
        raise Cannot("Workers are at work on this database. Stop them and the pages first.")


def must_be_whole(facts: Manifest) -> None:
    found = databases.counts()
    for table, rows in facts.tables.items():
        if found.get(table) != rows:
            raise Cannot(f"{table} has {found.get(table, 'no')} rows, and {rows} were in the backup.")


def must_hold(facts: Manifest) -> None:
    result = history.verify()
    if isinstance(result, history.Broken):
        raise Cannot(f"The chain of this backup is broken at event {result.number}. {result.why}")
    if databases.chain() != (facts.length, facts.head):
        raise Cannot("The chain of this backup does not end where its manifest says.")


def unopened() -> list[str]:
    """Targets whose credentials none of the present keys opens."""
    rows = Target.objects.order_by("name").values_list("name", "secret", "security_token")
    return [name for name, *secrets in rows if any(one is LOST for one in secrets)]
