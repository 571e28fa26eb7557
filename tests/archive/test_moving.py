"""From SQLite to PostgreSQL and on: everything is there, as it was, and the next row gets the next number."""

import json
from dataclasses import replace

import psycopg
import pytest
from django.apps import apps

from tests.archive.conftest import dsn, rows_of

pytestmark = pytest.mark.slow


def everything(site) -> dict[str, list[tuple]]:
    """Every row of every table as Django reads it, in the order of keys, encrypted columns as they lie there."""
    code = (
        "from django.apps import apps; import json\n"
        "from deployer.archive import moving\n"
        "for m in moving.tables():\n"
        "    rows = [list(map(str, r)) for r in moving.rows(m, list(m._meta.concrete_fields))]\n"
        "    print(json.dumps([m._meta.db_table, rows]))\n"
    )
    return dict(json.loads(line) for line in site.good("shell", "--no-imports", "-c", code).splitlines())


def test_everything_arrives_as_it_was(on_sqlite, on_postgres):
    here, there = on_sqlite(), on_postgres(empty=True)
    before = everything(here)
    said = here.good("to_postgres", there.url)
    assert "the chain holds there" in said
    after = everything(there)
    assert set(before) == {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    for table, rows in before.items():
        assert sorted(after[table]) == sorted(rows), table
    assert sum(map(len, before.values())) == int(said.split()[0])


def test_the_new_house_can_be_lived_in(on_postgres):
    there = on_postgres()  # which was moved from SQLite
    there.good("seed_history", "--deployments", "20", "--seed", "9")  # next numbers, next events
    there.good("person", "eve", "--roles", "viewer", DEPLOYER_PERSON_PASSWORD="a-long-enough-password")
    assert "The chain holds" in there.good("verify_audit")
    assert there.good("rotate_keys").startswith("1 value lies")
    with pytest.raises(Exception, match="append-only"):
        there.asked("DELETE FROM deployer_event")
    there.good("backup", str(there.folder / "b"))


def test_what_is_not_empty_is_refused_and_a_second_run_too(on_sqlite, on_postgres):
    here, there = on_sqlite(), on_postgres()
    before = rows_of(there)
    said = here.bad("to_postgres", there.url)
    assert "not empty" in said
    assert "Nothing was moved" in said
    assert rows_of(there) == before


def test_interrupted_in_the_middle_it_begins_anew(on_sqlite, on_postgres):
    here, there = on_sqlite(), on_postgres(empty=True)
    managed = there.good("migrate", "--verbosity", "0")
    assert managed == ""
    with psycopg.connect(dsn(there.url), autocommit=True) as other:
        other.execute("ALTER TABLE deployer_version ADD CONSTRAINT none CHECK (number < 1)")
        assert "Nothing was moved" in here.bad("to_postgres", there.url)
        assert set(rows_of(there).values()) == {0}
        other.execute("ALTER TABLE deployer_version DROP CONSTRAINT none")
    here.good("to_postgres", there.url)
    assert rows_of(there) == rows_of(here)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "is no PostgreSQL database"),
        ("mysql://u:hunter2@127.0.0.1/y", "is no PostgreSQL database"),
        ("sqlite:///x", "is no PostgreSQL database"),
        ("postgres://u:hunter2@127.0.0.1:9/none", "Connection refused"),
        ("", "is no PostgreSQL database"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_quoting_it(on_sqlite, url, why):
    said = on_sqlite().bad("to_postgres", *([url] if url else []))
    assert why in said
    assert "Nothing was moved" in said
    assert "hunter2" not in said


def test_a_command_says_in_the_servers_words_why_it_has_no_database(on_sqlite, server):
    elsewhere = on_sqlite()
    for url, why in [
        ("postgres://u:hunter2@127.0.0.1:9/none", "Connection refused"),
        (f"{server.rpartition('/')[0]}/nowhere", 'database "nowhere" does not exist'),
    ]:
        said = replace(elsewhere, url=url).bad("verify_audit")
        assert "The database cannot be used: " in said
        assert why in said
        assert "hunter2" not in said


def test_a_broken_chain_is_not_carried_on(on_sqlite, on_postgres):
    here = on_sqlite()
    here.asked("DROP TRIGGER deployer_event_refuses_update")
    here.asked("UPDATE deployer_event SET comment = 'Nothing happened.' WHERE number = 5")
    assert "broken at event 5" in here.bad("to_postgres", on_postgres(empty=True).url)


def test_postgresql_is_no_place_to_move_from(on_postgres):
    assert "no SQLite database" in on_postgres("a").bad("to_postgres", on_postgres("b", empty=True).url)
