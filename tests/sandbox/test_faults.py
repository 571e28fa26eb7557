"""Misbehaviour on request: each kind on the line, and whether the thing was done."""

import contextlib
import json
import socket
import threading
import time

import pytest
import requests

from deployer.sandbox.faults import AFTER, BEFORE

from .conftest import DEV, Client, Sandbox, a_service, error_of

CREATE = "POST /v1/*/services"


def names(client):
    return [one["service_name"] for one in client.door("services")]


def broken(client, error):
    """The create fails on the line with this error."""
    with pytest.raises(error):
        client.create()
    return names(client)


@pytest.mark.parametrize(
    ("kind", "done"), [("reset-before", []), ("reset-after", ["mnist"])], ids=["reset-before", "reset-after"]
)
def test_the_line_drops(client, kind, done):
    client.fault(CREATE, kind)
    assert broken(client, requests.ConnectionError) == done


@pytest.mark.parametrize("kind", ["reset-before", "reset-after"])
def test_a_dropped_line_is_a_reset_and_not_a_polite_end(client, kind):
    client.fault(CREATE, kind)
    body = json.dumps(a_service()).encode()
    head = f"POST /v1/{DEV}/services HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: {client.token()}\r\n"
    with socket.create_connection(("127.0.0.1", int(client.url.rpartition(":")[2])), timeout=5) as line:
        line.sendall(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        with pytest.raises(ConnectionResetError):
            line.recv(100)


@pytest.mark.parametrize(("kind", "done"), [("hang-before", []), ("hang-after", ["mnist"])])
def test_the_answer_keeps_one_waiting_and_never_comes(client, kind, done):
    client.fault(CREATE, kind, seconds=0.3)
    began = time.monotonic()
    assert broken(client, requests.ConnectionError) == done
    assert 0.25 < time.monotonic() - began < 20
    client.fault(CREATE, "hang-before", seconds=60)
    with pytest.raises(requests.ReadTimeout):
        client.api("POST", "/services", json=a_service("x"), timeout=0.2)


@pytest.mark.parametrize(
    ("kind", "status", "code", "done"),
    [
        ("500-before", 500, "ModelArts.0010", []),
        ("500-after", 500, "ModelArts.0010", ["mnist"]),
        ("502", 502, "APIG.0202", []),
        ("503", 503, "APIG.0202", []),
        ("504-after", 504, "APIG.0203", ["mnist"]),
        ("429", 429, "APIG.0308", []),
        ("401", 401, "ModelArts.0203", []),
    ],
)
def test_an_error_comes_instead_of_the_answer(client, kind, status, code, done):
    client.fault(CREATE, kind)
    assert error_of(client.create())[:2] == (status, code)
    assert names(client) == done
    assert client.create(service_name="next").status_code == 200, "used up by one"


def test_too_many_requests_says_when_to_come_back(client):
    client.fault(CREATE, "429")
    client.fault(CREATE, "429", seconds=7)
    assert [client.create().headers["Retry-After"] for _ in range(2)] == ["1", "7"]


def test_a_redirect_leads_to_another_origin_and_does_nothing(client):
    client.fault(CREATE, "redirect")
    answer = client.create()
    assert answer.status_code == 307
    assert answer.headers["Location"].startswith("http://localhost:")
    assert answer.headers["Location"].endswith(f"/v1/{DEV}/services")
    assert names(client) == []


def test_a_malformed_answer_is_not_json(client):
    client.fault(CREATE, "malformed")
    answer = client.create()
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting"):
        answer.json()
    assert names(client) == ["mnist"]


def test_a_truncated_answer_ends_too_early(client):
    client.fault(CREATE, "truncated")
    assert broken(client, requests.exceptions.ChunkedEncodingError) == ["mnist"]


def test_a_huge_answer_goes_on_until_the_client_hangs_up(client):
    client.fault(CREATE, "huge")
    body = a_service()
    with client.api("POST", "/services", json=body, stream=True) as answer:
        assert int(answer.headers["Content-Length"]) == 256 * 1024 * 1024
        got = sum(len(part) for part, _ in zip(answer.iter_content(65536), range(160), strict=False))
    assert got > 5 * 1024 * 1024
    assert names(client) == ["mnist"]


def test_a_slow_answer_comes_a_byte_a_second(client):
    client.fault(CREATE, "slow")
    with client.api("POST", "/services", json=a_service(), stream=True) as answer:
        began = time.monotonic()
        parts = answer.iter_content(1)
        assert next(parts) + next(parts) == b'{"'
        assert 1.5 < time.monotonic() - began < 20
    assert names(client) == ["mnist"]


@pytest.mark.parametrize("kind", sorted(AFTER | BEFORE))
def test_every_kind_is_journalled_and_used_up_once(client, kind):
    client.token()
    client.fault(CREATE, kind, seconds=0.05)
    patience = 0.5 if kind == "slow-head" else 20.0  # its head alone would take two minutes
    with contextlib.suppress(requests.RequestException):
        client.api("POST", "/services", json=a_service(), stream=True, timeout=patience).close()
    assert len(client.journal("POST", "/services")) == 1
    assert client.door("faults") == []
    assert bool(names(client)) == (kind in AFTER)


def test_only_matching_requests_use_a_fault_up(client):
    client.fault("GET /v1/*/services/*", "503", times=2)
    client.fault(CREATE, "502")
    service_id = client.made(a_service()) if client.create().status_code == 502 else None
    assert client.api("GET", "/services").status_code == 200
    assert client.api("GET", f"/services/{service_id}/logs").status_code == 200
    assert client.door("faults")[0] == {"match": "GET /v1/*/services/*", "fault": "503", "times": 2, "seconds": 5.0}
    assert client.api("GET", f"/services/{service_id}?x=1").status_code == 503
    assert client.api("GET", "/services/a%2Cb").status_code == 503
    assert client.status(service_id) == "deploying"


def test_logging_in_can_fail_too(client):
    client.fault("POST /v3/auth/tokens", "401")
    client.fault("POST /v3/auth/tokens", "500-before")
    first, second = client.login(), client.login()
    assert (first.status_code, first.json()["error"]["code"]) == (401, 401)
    assert second.status_code == 500


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        {"match": CREATE},
        {"match": CREATE, "fault": "explode"},
        {"match": CREATE, "fault": ["502"]},
        {"match": "/v1/*/services", "fault": "502"},
        {"match": 5, "fault": "502"},
        {"match": "POST v1", "fault": "502"},
        {"match": "POST /_sandbox/reset", "fault": "502"},
        {"match": CREATE, "fault": "502", "times": 0},
        {"match": CREATE, "fault": "502", "times": True},
        {"match": CREATE, "fault": "502", "seconds": -1},
        {"match": CREATE, "fault": "502", "seconds": "5"},
        {"match": CREATE, "fault": "502", "second": 5},
    ],
)
def test_a_fault_that_makes_no_sense_is_400_with_a_sentence(client, wrong):
    answer = client.call("POST", "/_sandbox/faults", json=wrong)
    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 10
    assert client.door("faults") == []


def test_stopping_does_not_wait_for_those_who_hang():
    sandbox = Sandbox().start()
    client = Client(sandbox.url)
    client.token()
    client.fault(CREATE, "hang-after", seconds=3600)

    def ask():
        with pytest.raises(requests.ConnectionError):
            client.create()

    waiting = threading.Thread(target=ask)
    waiting.start()
    while not sandbox.cloud.services.records:
        time.sleep(0.01)
    began = time.monotonic()
    sandbox.stop()
    waiting.join(5)
    assert time.monotonic() - began < 20
    client.close()


def test_an_array_and_an_answer_without_id_are_json_all_the_same(client):
    client.fault(CREATE, "array")
    client.fault(CREATE, "no-id")
    (inside,) = client.create().json()
    assert inside["service_id"]
    answer = client.create(service_name="next").json()
    assert list(answer) == ["resource_ids"]
    assert names(client) == ["mnist", "next"]


def test_a_listed_service_can_be_unknown_to_its_detail_or_show_nothing_of_its_content(client):
    service_id = client.create().json()["service_id"]
    client.fault("GET /v1/*/services/*", "404")
    assert error_of(client.api("GET", f"/services/{service_id}"))[:2] == (404, "ModelArts.3502")
    client.fault("GET /v1/*/services/*", "no-config")
    shown = client.service(service_id)
    assert shown["service_name"] == "mnist"
    assert "config" not in shown
    assert client.api("GET", "/services").json()["total_count"] == 1
    assert client.service(service_id)["config"]


def test_a_bomb_is_small_on_the_line_and_large_unpacked(client):
    client.fault(CREATE, "bomb")
    with client.api("POST", "/services", json=a_service(), stream=True) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) < 1024 * 1024
        got = sum(len(part) for part, _ in zip(answer.iter_content(65536), range(160), strict=False))
    assert got > 5 * 1024 * 1024
    assert names(client) == ["mnist"]


def test_a_slow_head_comes_a_byte_a_second(client):
    client.fault(CREATE, "slow-head")
    with pytest.raises(requests.ReadTimeout):
        client.api("POST", "/services", json=a_service(), timeout=0.3)
    assert names(client) == ["mnist"]


def test_a_hidden_effect_is_there_and_no_read_knows_it_for_a_while(client):
    client.fault(CREATE, "504-hidden", seconds=30)
    assert client.create().status_code == 504
    (truth,) = client.door("services")
    assert client.api("GET", "/services").json()["services"] == []
    assert client.api("GET", f"/services/{truth['service_id']}").status_code == 404
    assert client.create().status_code == 409
    client.door("advance", {"seconds": 31})
    assert client.api("GET", "/services").json()["total_count"] == 1
    assert client.service(truth["service_id"])["service_name"] == "mnist"


def test_a_late_effect_comes_after_its_answer(client):
    client.fault(CREATE, "504-late", seconds=0.5)
    assert client.create().status_code == 504
    assert names(client) == []
    ends_at = time.monotonic() + 20
    while names(client) != ["mnist"]:
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def test_a_late_effect_that_never_came_is_lost_when_the_sandbox_stops():
    with Sandbox() as sandbox:
        client = Client(sandbox.url)
        client.fault(CREATE, "504-late", seconds=3600)
        assert client.create().status_code == 504
        client.close()
    assert sandbox.cloud.services.records == {}


def test_twins_are_let_in_by_a_door(client):
    client.made(a_service())
    assert client.create().status_code == 409
    client.door("twins", {"on": True})
    assert client.create().status_code == 200
    assert names(client) == ["mnist", "mnist"]


def test_faults_are_taken_back(client):
    client.fault(CREATE, "503", times=9)
    assert client.door("mend", {}) == []
    assert client.create().status_code == 200


def test_a_delayed_answer_comes_so_long_after_its_request(client):
    client.fault(CREATE, "delayed", seconds=0.6)
    body = json.dumps(a_service()).encode()
    head = f"POST /v1/{DEV}/services HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Auth-Token: {client.token()}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(client.url.rpartition(":")[2])), timeout=5) as line:
        began = time.monotonic()
        line.sendall(head.encode())
        time.sleep(0.5)
        line.sendall(body)
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    assert 0.55 < time.monotonic() - began < 1.0


def test_a_delayed_answer_is_good_and_late(client):
    client.fault(CREATE, "delayed", seconds=0.4)
    began = time.monotonic()
    assert client.create().status_code == 200
    assert time.monotonic() - began > 0.35
    assert names(client) == ["mnist"]
