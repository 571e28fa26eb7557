"""The past is append-only: the database refuses UPDATE and DELETE, also from somebody with a shell."""

import pytest
from django.db import DatabaseError, connection, transaction

from deployer.models import guards
from tests.models import rows

MAKERS = {
    "deployer_event": rows.event,
    "deployer_version": rows.version,
    "deployer_modelshare": rows.share,
    "deployer_decision": rows.decision,
    "deployer_attempt": rows.attempt,
}

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_all_tables_of_the_past_are_guarded():
    assert set(guards.tables()) == set(MAKERS)


@pytest.mark.parametrize("table", MAKERS)
def test_no_row_of_the_past_is_changed(table):
    row = MAKERS[table]()
    key = type(row)._meta.pk.column
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"UPDATE {table} SET {key} = {key}")  # noqa: S608 - our own names
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        type(row).objects.all().update(**{type(row)._meta.pk.name: row.pk})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save(force_update=True)


@pytest.mark.parametrize("table", MAKERS)
def test_no_row_of_the_past_is_removed(table):
    row = MAKERS[table]()
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"DELETE FROM {table}")  # noqa: S608 - our own names
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        type(row).objects.filter(pk=row.pk)._raw_delete("default")
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"):
            run(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")
    assert type(row).objects.filter(pk=row.pk).exists()


def triggers() -> set[str]:
    """The guards that stand in this database now."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%refuses%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE '%refuses%'",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_every_guard_stands_after_all_migrations():
    verbs = ["update", "delete"] + (["truncate"] if connection.vendor == "postgresql" else [])
    assert triggers() == {f"{table}_refuses_{verb}" for table in guards.tables() for verb in verbs}


def test_raising_the_guards_again_changes_nothing():
    before = triggers()
    guards.raise_guards(connection)
    assert triggers() == before


def test_lowered_guards_are_gone_until_raised():
    row = rows.event()
    guards.lower_guards(connection)
    assert triggers() == set()
    type(row).objects.filter(pk=row.pk).update(comment="changed")
    guards.raise_guards(connection)
    with pytest.raises(DatabaseError, match="append-only"):
        run("UPDATE deployer_event SET comment = ''")
