"""The port itself: rude requests, foreign callers, keep-alive, many at once."""

import json
import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import DEV, a_service, error_of


def raw(client, data, *, shut=False):
    """What comes back for these bytes, until the line closes."""
    with socket.create_connection(("127.0.0.1", int(client.url.rpartition(":")[2])), timeout=5) as line:
        line.sendall(data)
        if shut:
            line.shutdown(socket.SHUT_WR)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
        return b"".join(parts)


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:9", 200),
        ("localhost:80", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_only_this_machines_names_are_answered(client, host, status):
    for path in ("/v3", "/_sandbox/faults"):
        assert client.call("GET", path, headers={"Host": host}).status_code == status


def test_a_page_of_another_site_cannot_use_the_doors(client):
    answer = client.call("POST", "/_sandbox/reset", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.call("POST", "/_sandbox/reset", headers={"Origin": client.url}).status_code == 200


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: 1\r\n" * 200 + b"\r\n", 431),
        (b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\n", 400),
        (b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"GET //[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (b"GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (b"GET /v3%00%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
    ],
)
def test_a_rude_request_gets_a_status_and_json(client, request_line, status):
    answer = raw(client, request_line)
    assert status_of(answer) == status
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert body["error_code"].startswith("APIG")
    assert client.call("GET", "/v3").status_code == 200


def test_a_body_shorter_than_it_says_is_400_and_journalled(client):
    head = b"POST /v1/p/services HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n"
    assert status_of(raw(client, head + b'{"half": ', shut=True)) == 400
    assert client.door("journal")[-1]["body"] == '{"half": '


def test_a_huge_body_is_told_so_although_it_keeps_coming(client):
    answer = client.api("POST", "/services", data=b"x" * (10 * 1024 * 1024 + 1))
    assert error_of(answer)[:2] == (413, "APIG.0201")
    assert client.create().status_code == 200


def test_no_length_is_no_body(client):
    head = b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert status_of(raw(client, head)) == 400


@pytest.mark.parametrize(
    "path", ["/nowhere", "/v1", f"/v1/{DEV}", f"/v1/{DEV}/services/a/b/c", "/v2/x/services", "/v1//services"]
)
def test_unknown_addresses_are_404_of_the_gateway(client, path):
    answer = client.call("GET", path, token=client.token())
    assert error_of(answer)[:2] == (404, "APIG.0101")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v3/auth/tokens", "POST"),
        ("PATCH", f"/v1/{DEV}/services", "POST, GET"),
        ("POST", f"/v1/{DEV}/services/x", "GET, PUT, DELETE"),
        ("BREW", "/v3", "GET"),
    ],
)
def test_wrong_methods_are_405_and_name_the_right_ones(client, method, path, allow):
    answer = client.call(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allow)


def test_head_has_no_body_and_the_line_stays_usable(client):
    assert client.call("HEAD", "/v3").status_code == 405
    assert client.call("GET", "/v3").json()["version"]


def test_a_connection_is_kept_and_every_answer_has_a_request_id(client):
    first, second = client.call("GET", "/v3"), client.call("GET", "/v3")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert first.headers["Connection"] == "keep-alive"
    pipelined = b"GET /v3 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2
    last = b"GET /v3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert raw(client, pipelined + last).count(b"HTTP/1.1 200 OK") == 3


def test_an_answer_takes_no_forty_milliseconds(client):
    client.token()
    times = []
    for _ in range(50):
        began = time.monotonic()
        client.api("GET", "/services")
        times.append(time.monotonic() - began)
    assert min(times) < 0.03  # head and body sent apart cost 40 ms in each and every call


def test_a_mistake_of_ours_is_a_plain_500(client, cloud_sandbox, caplog):
    cloud_sandbox.cloud.services.records["x"] = {}
    with caplog.at_level(logging.CRITICAL, "deployer.sandbox"):
        answer = client.call("GET", "/_sandbox/services")
    assert error_of(answer) == (500, "ModelArts.0010", "Internal error of the sandbox.")


def test_of_twenty_who_want_one_name_exactly_one_gets_it(client):
    client.token()

    def want(_):
        return client.create().status_code

    with ThreadPoolExecutor(20) as people:
        answers = sorted(people.map(want, range(20)))
    assert answers == [200] + [409] * 19
    assert len(client.door("services")) == 1


def test_many_at_once_lose_nothing(client):
    client.token()

    def work(number):
        service_id = client.made(a_service(f"s{number}", cluster_id="c7a1f0de-3b59-4ee4-a0cb-7a2f0e9b1d44"))
        assert client.api("GET", "/services?limit=5").status_code == 200
        assert client.api("DELETE", f"/services/{service_id}").status_code == 200 or number % 2
        return service_id

    with ThreadPoolExecutor(16) as people:
        ids = set(people.map(work, range(64)))
    assert {one["service_id"] for one in client.door("services")} == ids
    assert len(client.journal("POST", "/services")) == 64
