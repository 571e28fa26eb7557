"""Every request has an id, in the answer and in each record, and leaves one line."""

import io
import json
import logging

import pytest
from django.test import Client

from deployer.logs.shapes import Json

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What the process would write, one object a line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def test_one_line_a_request_without_its_query(lines, client_of, alice):
    client_of(alice).get("/deployments/?q=private-name")
    (line,) = lines()
    assert line["logger"] == "deployer.access"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/deployments/", 200)
    assert line["person"] == "alice"
    assert line["ms"] > 0
    assert "private-name" not in json.dumps(line)


def test_the_id_is_made_kept_and_given_back(lines):
    answer = Client().get("/healthz", headers={"X-Request-Id": "from-the-proxy-1"})
    assert answer["X-Request-Id"] == "from-the-proxy-1"
    made = Client().get("/healthz")["X-Request-Id"]
    assert len(made) == 24
    assert [line["request_id"] for line in lines()] == ["from-the-proxy-1", made]


@pytest.mark.parametrize("senseless", ["", "short", "x" * 129, "a b c d e f g h", "<script>alert()", "línea-1234"])
def test_a_senseless_id_is_replaced(senseless):
    assert Client().get("/healthz", headers={"X-Request-Id": senseless})["X-Request-Id"] != senseless


def test_the_line_tells_which_deployment_it_is_about(lines, client_of, alice, draft_of):
    draft = draft_of()
    client_of(alice).get(f"/deployments/{draft.pk}/")
    assert lines()[-1]["deployment"] == draft.pk


def test_what_breaks_inside_carries_the_id_and_the_number(lines, client_of, alice, draft_of, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("password=hunter2-planted")

    client = client_of(alice)
    draft = draft_of()
    monkeypatch.setattr("deployer.web.access.get_object_or_404", broken)
    client.raise_request_exception = False
    answer = client.get(f"/deployments/{draft.pk}/")
    error, access = lines()
    assert answer.status_code == access["status"] == 500
    assert error["exception"] == "RuntimeError"
    assert error["request_id"] == access["request_id"] == answer["X-Request-Id"]
    assert error["deployment"] == draft.pk
    assert "hunter2" not in json.dumps([error, access])


def test_a_stranger_has_no_name_and_a_password_stays_out(lines):
    Client().post("/accounts/login/", {"login": "alice", "password": "hunter2-planted"})
    (line,) = lines()
    assert "person" not in line
    assert "hunter2" not in json.dumps(line)


def test_the_lines_can_be_switched_off_and_the_id_stays(lines, settings):
    settings.ACCESS_LOG = False
    assert Client().get("/healthz")["X-Request-Id"]
    assert lines() == []


def test_a_line_costs_no_query(client_of, alice, django_assert_num_queries):
    with django_assert_num_queries(0):
        client_of_nobody = Client()
        client_of_nobody.get("/healthz")
