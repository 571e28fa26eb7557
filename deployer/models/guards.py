"""The past is append-only: triggers refuse UPDATE and DELETE. Made after every migrate, and safe to repeat."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings

APPEND_ONLY = ("Event", "Version", "ModelShare", "Decision", "Attempt")


def tables() -> Iterator[str]:
    for name in APPEND_ONLY:
        yield apps.get_model("deployer", name)._meta.db_table


def raise_guards(connection) -> None:
    """Put every trigger in place (again)."""
    lower_guards(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION deployer_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
            )
        for table in tables():
            for statement in statements(connection.vendor, table):
                cursor.execute(statement)


def lower_guards(connection) -> None:
    """Take the triggers away: only for flushing a test database."""
    with connection.cursor() as cursor:
        for table in tables():
            for verb in ("update", "delete", "truncate"):
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_refuses_{verb}{where}")


def statements(vendor: str, table: str) -> Iterator[str]:
    """The names of tables come from our own models, never from outside."""
    if vendor == "postgresql":
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION deployer_refuse()"
            )
        yield (
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION deployer_refuse()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def after_migrate(sender, using, **_) -> None:
    from django.core.management import call_command
    from django.db import connections

    connection = connections[using]
    present = set(connection.introspection.table_names())
    if not set(tables()) <= present:
        return  # half-way through the migrations, or on the way back
    raise_guards(connection)
    if settings.CACHES["default"]["LOCATION"] not in present:
        call_command("createcachetable", database=using, verbosity=0)
