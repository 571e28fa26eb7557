"""Our own doors: journal, truth, time, strictness, reset, and what they say to wrong use."""

import pytest

from deployer.sandbox import journal as journal_module

from .conftest import DEV, PROD, a_service


def test_the_journal_has_every_api_request_as_it_came(client):
    body = b'{ "service_name" : "x" '
    client.api("POST", "/services", data=body)
    client.api("GET", "/services?service_name=x")
    client.call("GET", "/nowhere")
    client.door("services")
    login, create, listing, nowhere = client.door("journal")
    assert set(create) == {"at", "method", "path", "query", "body", "signed_by"}
    assert (create["method"], create["path"], create["body"]) == ("POST", f"/v1/{DEV}/services", body.decode())
    assert (create["signed_by"], login["signed_by"], nowhere["signed_by"]) == ("token", None, None)
    assert listing["query"] == "service_name=x"
    assert login["at"] <= create["at"] <= nowhere["at"]


def test_passwords_secrets_and_tokens_are_masked(client):
    client.login(password='pa$$ "word"')
    keys = {"access": {"key": "SANDBOXACCESSKEY"}, "secret": {"key": "sandbox-secret-key"}}
    client.call("POST", "/v3/auth/tokens", json={"auth": {"identity": {"methods": ["hw_ak_sk"], "hw_ak_sk": keys}}})
    client.call("POST", "/v3/auth/tokens", data=b'{"password": "cut short')
    client.call("POST", "/v3/auth/tokens", data=b'{"password":\n"open')
    token = client.token()
    client.create(description=token[:90])
    client.api("GET", f"/services?service_name={token}")
    text = str(client.door("journal"))
    for secret in ("pa$$", "word", "cut short", "open", "sandbox-secret-key", token[:90]):
        assert secret not in text.replace("password", "")
    assert "SANDBOXACCESSKEY" in text


def test_the_journal_forgets_the_oldest(client, monkeypatch):
    monkeypatch.setattr(journal_module, "ENTRIES_KEPT", 3)
    for number in range(5):
        client.call("GET", f"/{number}")
    assert [entry["path"] for entry in client.door("journal")] == ["/2", "/3", "/4"]


def test_the_truth_has_every_service_of_both_projects(client):
    gone = client.made()
    client.made(project=PROD)
    client.api("DELETE", f"/services/{gone}")
    first, second = client.door("services")
    assert set(first) == {"service_id", "project_id", "service_name", "status", "request", "created_at"}
    assert (first["service_id"], first["project_id"], first["status"]) == (gone, DEV, "deleted")
    assert (second["project_id"], second["status"], second["request"]) == (PROD, "deploying", a_service())
    assert first["created_at"].endswith("Z")


def test_reset_is_as_new(client):
    client.made()
    client.fault("GET /x", "502")
    client.door("strict", {"on": True})
    client.door("quotas", {"real-time": 0})
    client.door("rights", {"deny": ["create"], "authorized": False})
    client.door("paces", {"stopping": 5, "deleting": 5})
    client.door("fates", {"fate": "fail"})
    client.door("models", {"count": 7})
    client.door("neighbours", {})
    client.advance(100)
    token = client.token()
    client.door("reset", {})
    assert (client.door("services"), client.door("faults"), client.door("journal")) == ([], [], [])
    assert client.call("GET", f"/v1/{DEV}/services", token=token).status_code == 401
    client.tokens.clear()
    service_id = client.made(config=[{**a_service()["config"][0], "model_id": "unheard-of"}])
    assert client.api("GET", "/models?model_name=of-7").json()["total_count"] == 0
    assert client.door("quotas")["real-time"] == 20
    client.advance(30)
    assert client.put(service_id, status="stopped").status_code == 200
    assert client.status(service_id) == "stopped"


def test_reset_needs_no_body(client):
    assert client.call("POST", "/_sandbox/reset").status_code == 200


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("advance", b""),
        ("advance", b"[]"),
        ("advance", b"{}"),
        ("advance", b'{"seconds": "60"}'),
        ("advance", b'{"seconds": -1}'),
        ("advance", b'{"seconds": 1e18}'),
        ("advance", b'{"seconds": true}'),
        ("strict", b'{"on": 1}'),
        ("strict", b"on"),
        ("faults", b"{"),
        ("quotas", b"{}"),
        ("quotas", b"[]"),
        ("quotas", b'{"edge": 1}'),
        ("quotas", b'{"batch": -1}'),
        ("quotas", b'{"batch": true}'),
        ("rights", b"{}"),
        ("rights", b'{"deny": "create"}'),
        ("rights", b'{"deny": ["fly"]}'),
        ("rights", b'{"deny": [["create"]]}'),
        ("rights", b'{"authorized": 0}'),
        ("paces", b"{}"),
        ("paces", b'{"stopping": -1}'),
        ("paces", b'{"running": 1}'),
        ("paces", b'{"deleting": 3601}'),
        ("fates", b"{}"),
        ("fates", b'{"fate": "win"}'),
        ("fates", b'{"fate": ["fail"]}'),
        ("fates", b'{"fate": "fail", "times": 0}'),
        ("fates", b'{"fate": "fail", "time": 1}'),
        ("models", b"{}"),
        ("models", b'{"count": "5000"}'),
        ("models", b'{"count": 100001}'),
        ("models", b'{"count": 1.5}'),
        ("neighbours", b"[]"),
        ("neighbours", b'{"project_id": ["x"]}'),
        ("neighbours", b'{"project_id": "x"}'),
    ],
)
def test_wrong_use_of_a_door_is_400_with_a_sentence(client, door, body):
    answer = client.call("POST", f"/_sandbox/{door}", data=body)
    assert answer.status_code == 400
    assert " " in answer.json()["error"]


def test_a_door_that_is_not_there_and_a_wrong_method(client):
    assert client.call("GET", "/_sandbox/cellar").status_code == 404
    answer = client.call("DELETE", "/_sandbox/faults")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, GET")
