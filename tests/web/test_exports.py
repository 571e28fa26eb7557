"""The list as files: the same filters, safe for spreadsheets, streamed."""

import csv
import io
import json

import pytest

from deployer.models import Deployment
from deployer.web import exports, paging
from tests.browser import world
from tests.factories import batch_body, real_time_body

CSV, JSON = "/deployments/export.csv", "/deployments/export.json"

pytestmark = pytest.mark.django_db


def body_of(answer) -> str:
    assert answer.streaming
    return b"".join(answer.streaming_content).decode()


def rows_of(answer) -> list[dict[str, str]]:
    text = body_of(answer)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def look(client_of, victor):
    return client_of(victor)


def test_both_files_say_the_same_of_every_deployment(look, deployment_in, draft_of):
    running = world.in_the_cloud(deployment_in("submitted"), "running")
    draft_of(batch_body())
    deployment_in("withdrawn", body=real_time_body(service_name="gone"))
    from_csv, from_json = rows_of(look.get(CSV)), json.loads(body_of(look.get(JSON)))
    assert tuple(from_csv[0]) == tuple(from_json[0]) == exports.COLUMNS
    assert from_csv == [{name: str(value) for name, value in row.items()} for row in from_json]
    assert [row["closed_as"] for row in from_json] == ["withdrawn", "", ""]
    first = from_json[-1]
    assert first["number"] == running.pk
    assert (first["outcome"], first["service_status"]) == ("accepted", "running")
    assert first["service_id"] == running.service.service_id
    assert (first["author"], first["target"], first["version"]) == ("alice", "dev", 1)
    assert first["fingerprint"] == running.versions.get().fingerprint
    assert first["created_at"].endswith("Z")
    assert from_json[1] | {"number": 0, "created_at": "", "updated_at": ""} == {
        "number": 0,
        "kind": "create",
        "service_name": "nightly",
        "infer_type": "batch",
        "target": "dev",
        "state": "draft",
        "closed_as": "",
        "outcome": "",
        "service_status": "",
        "service_id": "",
        "author": "alice",
        "version": 0,
        "fingerprint": "",
        "created_at": "",
        "updated_at": "",
        "summary": "batch, 1 model, file",
    }


def test_the_files_take_the_filters_of_the_list(look, deployment_in, draft_of):
    deployment_in("in_review")
    draft_of()
    assert [row["state"] for row in rows_of(look.get(CSV, {"state": "in_review"}))] == ["in_review"]
    assert [row["state"] for row in json.loads(body_of(look.get(JSON, {"state": "draft", "after": "1"})))] == ["draft"]
    assert json.loads(body_of(look.get(JSON, {"q": "nothing-like-it"}))) == []
    assert rows_of(look.get(CSV, {"q": "nothing-like-it"})) == []


def test_a_filter_that_cannot_be_read_gives_no_file(look, draft_of):
    draft_of()
    for address in (CSV, JSON):
        answer = look.get(address, {"state": "sleeping"})
        assert answer.status_code == 400
        assert answer.content.decode() == "state: No state is named sleeping.\n"


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_no_cell_is_a_formula(look, draft_of, typed):
    one = draft_of()
    Deployment.objects.filter(pk=one.pk).update(service_name=typed, summary=typed)
    row = rows_of(look.get(CSV))[0]
    assert row["service_name"] == row["summary"] == f"'{typed}"
    assert json.loads(body_of(look.get(JSON)))[0]["service_name"] == typed


def test_quotes_commas_lines_and_letters_survive(look, draft_of):
    name = 'a "quoted", name\nof two lines, ü 漢 🚀'
    one = draft_of()
    Deployment.objects.filter(pk=one.pk).update(service_name=name)
    assert rows_of(look.get(CSV))[0]["service_name"] == name
    assert json.loads(body_of(look.get(JSON)))[0]["service_name"] == name


def test_the_files_are_named_by_kind_and_day(look):
    for address, kind in ((CSV, "text/csv; charset=utf-8"), (JSON, "application/json")):
        answer = look.get(address)
        assert answer["Content-Type"] == kind
        end = address.rpartition(".")[2]
        assert 'filename="deployments-20' in answer["Content-Disposition"]
        assert answer["Content-Disposition"].endswith(f'.{end}"')
        body_of(answer)


def test_rows_are_read_in_portions(look, draft_of, monkeypatch, django_assert_num_queries):
    first = draft_of()
    copies = [Deployment.objects.get(pk=first.pk) for _ in range(9)]
    for place, copy in enumerate(copies, start=1):
        copy.pk = first.pk + place
    Deployment.objects.bulk_create(copies)
    monkeypatch.setattr(paging, "CHUNK", 4)
    with django_assert_num_queries(2 * 3 + 1):  # numbers and rows of 4, 4 and 2, then no more numbers
        found = list(paging.every(Deployment.objects.all(), exports.whole()))
    assert [one.pk for one in found] == list(range(first.pk + 9, first.pk - 1, -1))


def test_files_need_a_role(client_of, victor):
    victor.groups.clear()
    assert client_of(victor).get(CSV).status_code == 403
    assert client_of(victor).get(JSON).status_code == 403
