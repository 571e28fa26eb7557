"""PostgreSQL: its own tools, pg_dump and pg_restore, with everything that is counted in one snapshot."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from deployer.archive import Cannot, databases
from deployer.archive.manifest import LEFT_BEHIND

BEFORE = "before_restore"  # the schema that holds what was there, until the restore is known to be good
# What libpq reads from the environment: nothing of it stands on a command line.
FROM_SETTINGS = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
FROM_OPTIONS = {
    name: f"PG{name.upper()}" for name in ("sslmode", "sslrootcert", "sslcert", "sslkey", "service", "passfile")
}


def tool(name: str) -> str:
    """The path of pg_dump or pg_restore. Raises Cannot."""
    found = shutil.which(name)
    if found is None:
        raise Cannot(
            f"{name} is missing on this machine. Install the client tools of PostgreSQL, as new as the server."
        )
    return found


def run(name: str, *arguments: str) -> str:
    """What it says. Raises Cannot with its first complaint."""
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tools, arguments of ours
        [tool(name), *arguments], env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise Cannot(f"{name} failed: {said[0] if said else f'exit status {done.returncode}'}")
    return done.stdout


def environment() -> dict[str, str]:
    facts = settings.DATABASES["default"]
    given = {variable: facts.get(name) for name, variable in FROM_SETTINGS.items()}
    given |= {variable: facts.get("OPTIONS", {}).get(name) for name, variable in FROM_OPTIONS.items()}
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}


def dump(into: Path) -> tuple[dict[str, int], list[str], tuple[int, str]]:
    """A dump as of one moment, without what stays behind: its tables and rows, migrations and chain."""
    tool("pg_dump")
    left = [f"--exclude-table-data=public.{table}" for table in LEFT_BEHIND]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public", *left,
            f"--snapshot={snapshot}", f"--file={into}",
        )  # fmt: skip
        return databases.counts(), databases.migrations(), databases.chain()


def load(data: Path) -> None:
    """Into a schema that is new and empty, in one transaction."""
    listed = run("pg_restore", "--list", str(data)).splitlines()
    wanted = data.with_name("contents")
    wanted.write_text("\n".join(line for line in listed if " SCHEMA - public " not in line))
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS public")
    databases.let_go()
    run(
        "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
        f"--use-list={wanted}", f"--dbname={settings.DATABASES['default']['NAME']}", str(data),
    )  # fmt: skip


@contextmanager
def or_as_before(folder: Path) -> Iterator[None]:
    """What is there steps aside into a schema of its own, and comes back if what is done here fails."""
    tool("pg_restore")
    with telling(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE")
        cursor.execute(f"ALTER SCHEMA public RENAME TO {BEFORE}")
        cursor.execute("CREATE SCHEMA public")
    try:
        yield
    except BaseException:
        databases.let_go()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
            cursor.execute(f"ALTER SCHEMA {BEFORE} RENAME TO public")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {BEFORE} CASCADE")


@contextmanager
def telling() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        raise Cannot(
            f"The role cannot make and rename schemas in this database ({str(error).splitlines()[0]}). "
            "Restore as the owner of the database."
        ) from error
