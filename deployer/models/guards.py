"""The past is append-only: triggers refuse UPDATE and DELETE. Made after every migrate, and safe to repeat.

What surprised us: INSERT OR REPLACE of SQLite deletes without asking the triggers for DELETE, so it has its own.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import Model, UniqueConstraint

APPEND_ONLY = (
    "Event", "Version", "ModelShare", "Decision", "Attempt", "RemovalAttempt", "CloudEvent", "Deployment_editors",
    "Version_editors",
)  # fmt: skip
"""Who had a hand in a text is past as well: forgotten, they could sign it."""


def tables() -> Iterator[str]:
    for model in guarded():
        yield model._meta.db_table


def guarded() -> Iterator[type[Model]]:
    for name in APPEND_ONLY:
        yield apps.get_model("deployer", name)


def raise_guards(connection) -> None:
    """Put every trigger in place (again)."""
    lower_guards(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION deployer_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
            )
        for model in guarded():
            for statement in statements(connection.vendor, model):
                cursor.execute(statement)


def lower_guards(connection) -> None:
    """Take the triggers away: only for flushing a test database."""
    with connection.cursor() as cursor:
        for table in tables():
            for verb in ("update", "delete", "truncate", "replace"):
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_refuses_{verb}{where}")


def statements(vendor: str, model: type[Model]) -> Iterator[str]:
    """The names of tables come from our own models, never from outside."""
    table = model._meta.db_table
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
    same = " OR ".join(
        "(" + " AND ".join(f"{name} = NEW.{name}" for name in names) + ")" for names in identities(model)
    )
    yield (
        f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def identities(model: type[Model]) -> Iterator[list[str]]:
    """Columns by which a new row would take the place of an old one. A link that is made twice is the same link."""
    yield [model._meta.pk.column]
    if model._meta.auto_created:
        return
    yield from ([field.column] for field in model._meta.concrete_fields if field.unique and not field.primary_key)
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [model._meta.get_field(name).column for name in constraint.fields]


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
