"""Lists cost the same at a hundred deployments and at ten thousand: as many queries, each by an index."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deployer.models import Deployment, ModelShare, Person, Target, Version
from deployer.rehearsal.past import writing
from tests.factories import demo_person

pytestmark = pytest.mark.django_db

# Tables that stay small. Reading an index from end to end is allowed too, where the question is part of a name.
FEW = ("deployer_target", "deployer_person", "deployer_person_groups", "deployer_chain")


def addresses() -> dict[str, str]:
    """Every list, with filters that find something in this past."""
    newest = Deployment.objects.order_by("-pk").values_list("pk", flat=True)[0]
    author = Person.objects.filter(deployments__isnull=False).order_by("username").distinct()[0]
    target = Target.objects.order_by("name")[0]
    model = ModelShare.objects.values_list("model_id", flat=True)[0]
    version = Version.objects.filter(deployment__version_number=1).order_by("pk")[0]
    day = version.deployment.created_at.date()
    return {
        "first page": "/deployments/",
        "later page": f"/deployments/?after={newest // 2}",
        "one state": "/deployments/?state=submitted",
        "two states": "/deployments/?state=draft&state=closed",
        "target": f"/deployments/?target={target.name}",
        "author": f"/deployments/?author={author.username}",
        "model": f"/deployments/?model={model}",
        "part of a name": f"/deployments/?q={version.deployment.service_name[1:5]}",
        "number": f"/deployments/?q={newest // 3}",
        "fingerprint": f"/deployments/?q={version.fingerprint[:12]}",
        "nothing found": "/deployments/?q=zzzzz",
        "days": f"/deployments/?from={day}&to={day}",
        "all together": f"/deployments/?state=submitted&target={target.name}&author={author.username}&q=e&from={day}",
        "mine": "/deployments/?only=mine",
        "waits for me": "/deployments/?only=waiting",
        "in flight": "/deployments/?only=moving",
        "overview": "/",
        "services": "/services/",
        "services by status": "/services/?status=running",
        "services by name": "/services/?q=e",
        "sending": "/sending/",
        "sending, all that waits": "/sending/?show=waits",
        "targets": "/targets/",
        "one target": f"/targets/{target.name}/",
        "audit": "/audit/",
        "audit by action": "/audit/?action=approved",
        "audit by person": f"/audit/?person={author.username}",
        "audit by target": f"/audit/?target={target.name}",
        "audit of one": f"/audit/?deployment={version.deployment_id}",
    }


@pytest.fixture
def look(client_of) -> Client:
    """Somebody who writes, decides and operates, so that every kind of waiting is asked for."""
    bob = demo_person("bob")
    bob.groups.add(*demo_person("olga").groups.all())
    return client_of(bob)


def asked(look: Client, address: str) -> tuple[list[str], float]:
    """The queries of one page, and the seconds it took once everything is warm."""
    look.get(address)
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        answer = look.get(address)
        took = time.perf_counter() - began
    assert answer.status_code == 200
    return [query["sql"] for query in queries if query["sql"].startswith("SELECT")], took


BUDGET = 18  # with five for the votes of a page
OVERVIEW = 25


def over_budget(found: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in found.items() if count > (OVERVIEW if name == "overview" else BUDGET)}


def counts(look: Client, every: dict[str, str]) -> dict[str, int]:
    return {name: len(asked(look, address)[0]) for name, address in every.items()}


def reads_whole_tables(statement: str) -> list[str]:
    """The big tables this statement would read row by row from end to end."""
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # small tables: would an index do?
        cursor.execute(f"{explain} {statement}")
        steps = [row[-1].strip(" ->") for row in cursor.fetchall()]
    if " WHERE " not in statement and " LIMIT " in statement:
        return []  # the newest few, by the key the table is kept in
    return [step for step in steps if is_scan(step)]


def is_scan(step: str) -> bool:
    """SQLite says "SCAN table" (with USING INDEX where it reads one), PostgreSQL "Seq Scan on table"."""
    words = step.removeprefix("Seq Scan on ").removeprefix("SCAN ").split()
    begins = step.startswith("Seq Scan on ") or (step.startswith("SCAN ") and "INDEX" not in step)
    return begins and words[0].startswith("deployer_") and words[0] not in FEW


@pytest.mark.parametrize(
    "name",
    [
        *("first page", "later page", "one state", "two states", "target", "author", "model", "number", "fingerprint"),
        *("part of a name", "nothing found", "days", "mine", "audit", "audit by action", "audit by person"),
        *("audit by target", "audit of one", "services", "services by status", "targets"),
        *("sending", "sending, all that waits"),
    ],
)
def test_no_list_reads_a_table_from_end_to_end(look, name):
    writing.seed(60, 7)
    every, _ = asked(look, addresses()[name])
    assert [(step, statement) for statement in every for step in reads_whole_tables(statement)] == []


@pytest.mark.parametrize("name", ["first page", "later page", "one state", "target", "author"])
def test_a_page_is_read_in_the_order_of_an_index(look, name):
    """Nothing is sorted: the page is the next 26 entries of one index, however long it is."""
    writing.seed(60, 7)
    every, _ = asked(look, addresses()[name])
    page = [statement for statement in every if "ORDER BY 1 DESC LIMIT 26" in statement]
    assert len(page) == 1
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {page[0]}")
        else:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
            cursor.execute(f"EXPLAIN {page[0]}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@pytest.mark.slow
def test_ten_thousand_cost_no_more_queries_than_a_hundred(look, capsys):
    """The budgets hold at both. A page with somebody's votes on it asks for them, for all its rows at once."""
    writing.seed(100, 7)
    assert over_budget(counts(look, addresses())) == {}
    writing.seed(9_900, 8)
    every = addresses()
    assert over_budget(counts(look, every)) == {}
    figures = {name: asked(look, address) for name, address in every.items()}
    with capsys.disabled():
        for name, (queries, took) in figures.items():
            print(f"  {name:20} {len(queries):3} queries {took * 1000:7.1f} ms")  # noqa: T201 - the figures are wanted


@pytest.mark.slow
def test_ten_thousand_are_exported_in_portions(look):
    writing.seed(1_100, 7)
    with CaptureQueriesContext(connection) as queries:
        answer = look.get("/deployments/export.csv")
        lines = sum(piece.count(b"\r\n") for piece in answer.streaming_content)
    assert lines == Deployment.objects.count() + 1
    assert len(queries) < 12
