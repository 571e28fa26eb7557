"""What both databases are asked for: their name for people, whether there is anything in them, who is at work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from deployer.archive.manifest import LEFT_BEHIND
from deployer.models import Chain, Deployment, Event, Heartbeat, Person, Target

PATIENCE = 10  # seconds until a server that does not answer counts as away


def name() -> str:
    """What a person types to say that they mean this database: its file's name, or its name on the server."""
    return str(connection.settings_dict["NAME"]).rsplit("/", 1)[-1]


def is_empty() -> bool:
    """No tables, or nothing in those that matter."""
    if Person._meta.db_table not in connection.introspection.table_names():
        return True
    return not any(model._default_manager.exists() for model in (Person, Target, Deployment, Event))


def workers_alive() -> int:
    if Heartbeat._meta.db_table not in connection.introspection.table_names():
        return 0
    return Heartbeat.objects.alive().count()


def migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def counts() -> dict[str, int]:
    """Rows of each table that a backup carries. Table names come from the database itself."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in LEFT_BEHIND:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - quoted, and named by the database
                found[table] = cursor.fetchone()[0]
    return found


def chain() -> tuple[int, str]:
    row = Chain.objects.filter(pk=1).first()
    return (row.length, row.head) if row else (0, "0" * 64)


def let_go() -> None:
    """Close what this process holds open, so that the database can be changed under it."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


@contextmanager
def looking_at(there: dict[str, Any]) -> Iterator[None]:
    """Meanwhile the connection of this process leads there, and nobody else's does."""
    let_go()
    here = {name: connection.settings_dict[name] for name in there}
    connection.settings_dict.update(there)
    try:
        yield
    finally:
        let_go()
        connection.settings_dict.update(here)
