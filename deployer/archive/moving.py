"""From SQLite to PostgreSQL: every table, in portions, in one transaction there. Interrupted, nothing has happened."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Cast
from environ import Env
from psycopg import Connection, sql

from deployer.archive import Cannot, databases
from deployer.archive.manifest import ROOT
from deployer.models.encrypted import EncryptedTextField
from deployer.workflow import history

PORTION = 2_000  # rows in memory at a time
THERE = "there"
Model = type[models.Model]


def move(url: str, *, said: Callable[[str, int], None] = lambda table, rows: None) -> int:
    """Copy this SQLite database into an empty PostgreSQL database. How many rows. Raises Cannot.

    1. The chain here must hold, and nobody may be at work. 2. `migrate` makes tables and guards there, in a process of
    its own, as it would for any new database. 3. Everything is read here under the write lock, so that nothing is
    written that does not come along, and copied there in one transaction: rows, keys of sequences, counts compared.
    4. `verify_audit` walks the chain there, again in a process of its own.
    """
    must_be_movable()
    there = opened(url)
    try:
        there.ensure_connection()  # its own words say more than those of a command
        managed(url, "migrate", "--noinput", "--verbosity", "0")
        with transaction.atomic(), transaction.atomic(using=THERE):
            must_be_empty(there)
            moved = {table(model): copied(model, there, said) for model in tables()}
            reset_sequences(there)
            must_match(moved, there)
        managed(url, "verify_audit")
    finally:
        there.close()
        del connections[THERE]
        del connections.settings[THERE]
    return sum(moved.values())


def must_be_movable() -> None:
    if connection.vendor != "sqlite":
        raise Cannot("DATABASE_URL is no SQLite database: there is nothing to move from.")
    if databases.workers_alive():
        raise Cannot("Workers are at work on this database. Stop them and the pages first.")
    result = history.verify()
    if isinstance(result, history.Broken):
        raise Cannot(f"The chain is broken at event {result.number}. {result.why} Find out why before you move it.")


def opened(url: str) -> BaseDatabaseWrapper:
    """A connection to the database there, beside our own."""
    try:
        facts = Env.db_url_config(url)
    except Exception as error:  # noqa: BLE001 - whatever it is, the address is nothing to quote
        raise Cannot("The address cannot be read. Like postgres://user:password@host:5432/deployer.") from error
    if not str(facts.get("ENGINE", "")).endswith("postgresql"):
        raise Cannot("The address is no PostgreSQL database. Like postgres://user:password@host:5432/deployer.")
    facts.setdefault("OPTIONS", {}).setdefault("connect_timeout", databases.PATIENCE)
    connections.settings[THERE] = connections.configure_settings(
        {"default": settings.DATABASES["default"], THERE: facts}
    )[THERE]
    return connections[THERE]


def managed(url: str, *command: str) -> None:
    """One of our own commands, with the database there as its own. The address is in its environment alone."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own commands
        [sys.executable, str(ROOT / "manage.py"), *command],
        env={**os.environ, "DATABASE_URL": url, "DEPLOYER_LOG_FORMAT": "text"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise Cannot(f"{command[0]} failed there: {said[-1] if said else f'exit status {done.returncode}'}")


def tables() -> list[Model]:
    """Every table of ours and of our guests, links between rows included."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def table(model: Model) -> str:
    return str(model._meta.db_table)


def must_be_empty(there: BaseDatabaseWrapper) -> None:
    """What migrate put there is ours to replace; anything else is somebody's."""
    with there.cursor() as cursor:
        for model in tables():
            if model._meta.app_label == "deployer":
                cursor.execute(f"SELECT 1 FROM {there.ops.quote_name(table(model))} LIMIT 1")  # noqa: S608 - our own names
                if cursor.fetchone():
                    raise Cannot(f"The database there is not empty: {table(model)} has rows. Choose an empty one.")
        for model in tables():
            if model._meta.app_label != "deployer":  # kinds of rows and permissions come with their own keys
                cursor.execute(f"DELETE FROM {there.ops.quote_name(table(model))}")  # noqa: S608 - our own names


def copied(model: Model, there: BaseDatabaseWrapper, said: Callable[[str, int], None]) -> int:
    """One table by COPY. Which comes first does not matter: foreign keys are checked when the transaction ends."""
    fields = list(model._meta.concrete_fields)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table(model)), sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    )
    number = 0
    there.ensure_connection()
    raw: Connection[Any] = there.connection
    with there.wrap_database_errors, raw.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows(model, fields):
            copy.write_row([stored(field, value, there) for field, value in zip(fields, row, strict=True)])
            number += 1
            if number % PORTION == 0:
                said(table(model), number)
    said(table(model), number)
    return number


def rows(model: Model, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
    """Values as Python has them; what is encrypted as it lies in the table, so that no key is needed."""
    names = []
    sealed = {}
    for field in fields:
        if isinstance(field, EncryptedTextField):
            sealed[f"sealed_{field.attname}"] = Cast(field.attname, models.TextField())
            names.append(f"sealed_{field.attname}")
        else:
            names.append(field.attname)
    found = model._base_manager.order_by("pk").annotate(**sealed).values_list(*names)
    return found.iterator(chunk_size=PORTION)


def stored(field: models.Field, value: Any, there: BaseDatabaseWrapper) -> Any:
    """What the driver of PostgreSQL takes for this column."""
    if isinstance(field, EncryptedTextField):
        return value
    return field.get_db_prep_save(value, there)


def reset_sequences(there: BaseDatabaseWrapper) -> None:
    with there.cursor() as cursor:
        for statement in there.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def must_match(moved: dict[str, int], there: BaseDatabaseWrapper) -> None:
    with there.cursor() as cursor:
        for name, expected in moved.items():
            cursor.execute(f"SELECT count(*) FROM {there.ops.quote_name(name)}")  # noqa: S608 - our own names
            found = cursor.fetchone()[0]
            if found != expected:
                raise Cannot(f"{name} has {found} rows there, and {expected} here.")
