"""PostgreSQL: its own tools, pg_dump, pg_restore and psql, with everything that is counted in one snapshot."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from deployer.archive import Cannot, databases
from deployer.archive.manifest import LEFT_BEHIND

ASIDE = "deployer_restoring_"  # how schemas are called that hold what is not known to be good yet
BEFORE = "before_restore"  # where earlier versions put what was there while `public` was half-made
PATIENCE = 60  # seconds to wait for whoever still reads what was there
# What libpq reads from the environment: nothing of it stands on a command line.
FROM_SETTINGS = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
FROM_OPTIONS = {
    name: f"PG{name.upper()}" for name in ("sslmode", "sslrootcert", "sslcert", "sslkey", "service", "passfile")
}


def tool(name: str) -> str:
    """The path of one of its tools. Raises Cannot."""
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


@contextmanager
def aside(data: Path) -> Iterator[str]:
    """The backup in a schema that nobody else reads, gone at the end unless put in place. The schema's name.

    Each restore has a name of its own for it: of two at once, neither puts in place what the other is still at.
    """
    new = f"{ASIDE}{secrets.token_hex(4)}"
    with telling(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS public")
        drop_half_made(cursor)
        cursor.execute(f"ALTER SCHEMA public RENAME TO {new}")  # whether this role may, before anything is done
        cursor.execute(f"ALTER SCHEMA {new} RENAME TO public")
    try:
        load(data, new)
        yield new
    finally:
        databases.let_go()
        with suppress(DatabaseError), connection.cursor() as cursor:  # else the next restore drops it
            cursor.execute(f"DROP SCHEMA IF EXISTS {new} CASCADE")


def load(data: Path, new: str) -> None:
    """Into this schema, in one transaction.

    A dump can only be read back under the name its schema had. So that name is lent to it: before the transaction and
    after it `public` is what was there, and nobody else sees what lies between.
    """
    listed = run("pg_restore", "--list", str(data)).splitlines()
    wanted, script = data.with_name("contents"), data.with_name("script")
    wanted.write_text("\n".join(line for line in listed if " SCHEMA - public " not in line))
    run("pg_restore", "--no-owner", "--no-privileges", f"--use-list={wanted}", f"--file={script}", str(data))
    databases.let_go()
    run(
        "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
        f"--command=BEGIN; ALTER SCHEMA public RENAME TO lent_to_{new}; CREATE SCHEMA public",
        f"--file={script}",
        f"--command=ALTER SCHEMA public RENAME TO {new}; ALTER SCHEMA lent_to_{new} RENAME TO public; COMMIT",
    )  # fmt: skip


def leading_to(new: str) -> dict[str, Any]:
    """Settings of a connection that sees this schema and no other."""
    options = settings.DATABASES["default"].get("OPTIONS", {})
    return {"OPTIONS": {**options, "options": f"{options.get('options', '')} -c search_path={new}".strip()}}


def must_be_in(new: str) -> None:
    """A pooler may drop what says where the connection leads; then we would change what is live."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        if cursor.fetchone() != (new,):
            raise Cannot(
                "DATABASE_URL leads through a pooler that ignores options. Restore with the server's own address."
            )


def put_in_place(new: str) -> None:
    """In place of what was there, in one transaction: whoever reads meanwhile sees one or the other."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute(f"ALTER SCHEMA {new} RENAME TO public")


def must_hold_nothing_aside() -> None:
    """What a killed restore of an earlier version put aside may be all there is of it: only a person lets that go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [BEFORE])
        if cursor.fetchone():
            raise Cannot(
                f"A restore was killed on this database, and its schema {BEFORE} holds what was there. To have it "
                f"back instead of what is in public: DROP SCHEMA public CASCADE; ALTER SCHEMA {BEFORE} RENAME TO "
                f"public; To let it go: DROP SCHEMA {BEFORE} CASCADE; Then restore again."
            )


def drop_half_made(cursor: CursorWrapper) -> None:
    """What restores that were killed had not put in place: it is in their backups."""
    cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname::text, %s)", [ASIDE])
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP SCHEMA {connection.ops.quote_name(name)} CASCADE")


@contextmanager
def telling() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        raise Cannot(
            f"The role cannot make and rename schemas in this database ({str(error).splitlines()[0]}). "
            "Restore as the owner of the database."
        ) from error
