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
    "deployer_removalattempt": rows.removal_attempt,
    "deployer_cloudevent": rows.cloud_event,
    "deployer_deployment_editors": rows.editor,
    "deployer_version_editors": rows.version_editor,
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
    verbs = ["update", "delete", "truncate" if connection.vendor == "postgresql" else "replace"]
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


@pytest.mark.parametrize("table", MAKERS)
def test_no_row_of_the_past_is_replaced(table):
    """INSERT OR REPLACE is a DELETE that SQLite's triggers for DELETE do not see."""
    row = MAKERS[table]()
    names = [field.column for field in row._meta.concrete_fields]
    verb, rest = "INSERT OR REPLACE", ""
    if connection.vendor == "postgresql":
        verb, rest = "INSERT", f"ON CONFLICT ({row._meta.pk.column}) DO UPDATE SET {names[1]} = excluded.{names[1]}"
    columns = ", ".join(names)
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"{verb} INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE true {rest}")


def test_a_version_is_not_replaced_by_one_of_its_number():
    row = rows.version()
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    columns = ", ".join(names)
    with pytest.raises(DatabaseError):
        run(f"{verb} INTO deployer_version ({columns}) SELECT {columns} FROM deployer_version")
    assert type(row).objects.get().pk == row.pk


def test_who_had_a_hand_in_it_is_not_forgotten_with_the_person():
    """Else they could come back under a new key, and sign."""
    rows.editor()
    bob = rows.demo_person("bob")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        bob.delete()


def test_to_be_named_an_editor_twice_is_no_trouble():
    of, bob = rows.deployment(), rows.demo_person("bob")
    of.editors.add(bob)
    of.editors.add(bob)
    assert of.editors.count() == 1
