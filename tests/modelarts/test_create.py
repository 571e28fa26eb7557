"""Creating: what is certain, what is not, and that it is never sent twice."""

import socket
import time
from email.utils import formatdate

import pytest

from deployer.modelarts.errors import CloudFault, LoginFailed, LoginRefused, NoAnswer, NotSent, Refused, Throttled

from . import clouds
from .clouds import says

BODY = '{"service_name":"café"}'
MADE = {"service_id": "6a3c1d2e-0000-4000-8000-000000000001", "resource_ids": ["INF-1@2"]}
CREATE = "POST /v1/p1/services"


def test_the_bytes_given_are_the_bytes_sent(cloud, client):
    cloud.acts = [says(MADE, headers=["X-Request-Id: req-7"])]
    created = client.create_service(BODY.encode())
    assert (created.service_id, created.resource_ids, created.request_id) == (MADE["service_id"], ("INF-1@2",), "req-7")
    sent = cloud.heard[-1]
    assert (sent.body, sent.headers["content-type"]) == (BODY.encode(), "application/json")
    assert sent.headers["x-auth-token"] == clouds.TOKEN
    client.create_service(BODY)
    assert cloud.heard[-1].body == BODY.encode()


@pytest.mark.parametrize("status", [200, 201, 202])
def test_three_statuses_mean_accepted(cloud, client, status):
    cloud.acts = [says(MADE, status)]
    assert client.create_service(BODY).http_status == status


UNKNOWN = {
    "reset after reading": clouds.reset,
    "hang up after reading": clouds.hang_up,
    "hang": clouds.hang,
    "truncated": clouds.truncated,
    "huge": clouds.huge,
    "bomb": clouds.bomb,
    "slow body": clouds.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n" + b" " * 90),
    "slow head": clouds.drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40),
    "cut by the deadline, without a length": clouds.drip(b'HTTP/1.1 200 OK\r\n\r\n{"service_id":"a"}' + b" " * 90),
    "no HTTP": lambda line, heard: line.sendall(b"hello\r\n\r\n"),
    "malformed": clouds.answer("<html>"),
    "array": says([MADE]),
    "no id": says({"resource_ids": []}),
    "empty id": says({"service_id": " "}),
    "number as id": says({"service_id": 7}),
    "endless id": says({"service_id": "a" * 65}),
    "id of two lines": says({"service_id": "a\nb"}),
    "deep": clouds.answer("[" * 100_000),
    "not utf-8": clouds.answer(b'{"service_id": "\xff\xfe\x00'),
    "no content": clouds.answer("", 204),
    "odd status": says(MADE, 299),
    "early hints": says(MADE, 103),
    "gzip that is none": clouds.answer("{}", headers=["Content-Encoding: gzip"]),
}


@pytest.mark.parametrize("act", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_a_spoiled_answer_leaves_it_open(cloud, client, act):
    client.login()
    cloud.acts = [act]
    begun = time.monotonic()
    with pytest.raises(NoAnswer) as failure:
        client.create_service(BODY)
    assert time.monotonic() - begun < 20  # the read time-out of a client without a deadline is 30 s
    assert cloud.count(CREATE) == 1
    assert "looked for" in failure.value.for_people()


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 408, 499, 301, 302, 307, 308])
def test_a_fault_of_the_cloud_leaves_it_open_and_a_redirect_is_not_followed(cloud, client, status):
    cloud.acts = [says({"error_code": "ModelArts.0010"}, status, [f"Location: {cloud.url}/elsewhere"])]
    with pytest.raises(CloudFault) as failure:
        client.create_service(BODY)
    assert (failure.value.status, cloud.count(CREATE), cloud.count("POST /elsewhere")) == (status, 1, 0)


def test_a_huge_redirect_is_not_read_to_its_end(cloud, client):
    def act(line, heard):
        line.sendall(b"HTTP/1.1 307 No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 268435456\r\n\r\n")
        clouds.huge(line, heard)

    cloud.acts = [act]
    with pytest.raises(NoAnswer, match="1 MiB"):
        client.create_service(BODY)


def test_a_refusal_brings_the_words_of_the_cloud(cloud, client):
    cloud.acts = [
        says({"error_code": "ModelArts.3503", "error_msg": "The service name exists."}, 409, ["X-Request-Id: r1"])
    ]
    with pytest.raises(Refused) as failure:
        client.create_service(BODY)
    assert (failure.value.status, failure.value.code) == (409, "ModelArts.3503")
    assert (failure.value.http_status, failure.value.request_id) == (409, "r1")
    assert "exists already" in failure.value.for_people()


@pytest.mark.parametrize("body", ["", "<html>No</html>", "[]", '{"error_code": {}}', '"x"', "null"])
def test_a_refusal_without_readable_words_is_still_one(cloud, client, body):
    cloud.acts = [clouds.answer(body, 400)]
    with pytest.raises(Refused) as failure:
        client.create_service(BODY)
    assert (failure.value.code, failure.value.for_people()) == ("", "The cloud refused: HTTP 400.")


@pytest.mark.parametrize(("header", "seconds"), [("Retry-After: 7", 7.0), ("Retry-After: soon", None), ("X: y", None)])
def test_a_throttled_create_is_not_repeated_here(cloud, client, header, seconds):
    cloud.acts = [says({}, 429, [header])]
    with pytest.raises(Throttled) as failure:
        client.create_service(BODY)
    assert (failure.value.retry_after, cloud.count(CREATE)) == (seconds, 1)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_a_pause_until_a_date_is_as_long_as_the_cloud_means_whatever_our_clock_says(cloud, client, hours, status):
    said_at = time.time() + hours * 3600
    dates = [f"Date: {formatdate(said_at, usegmt=True)}", f"Retry-After: {formatdate(said_at + 30, usegmt=True)}"]
    cloud.acts = [says({}, status, dates)]
    with pytest.raises((Throttled, CloudFault)) as failure:
        client.create_service(BODY)
    assert failure.value.retry_after == 30


def test_a_401_brings_one_fresh_login_and_one_more_try(cloud, client):
    cloud.logins = [clouds.token_answer("first"), clouds.token_answer("second")]
    cloud.acts = [says({"error_code": "ModelArts.0203"}, 401), says(MADE)]
    assert client.create_service(BODY).service_id == MADE["service_id"]
    assert [one.headers.get("x-auth-token") for one in cloud.heard if one.path.startswith("/v1")] == ["first", "second"]


def test_a_401_for_ever_is_a_refused_login(cloud, client):
    cloud.acts = [says({"error_code": "ModelArts.0203", "error_msg": "no"}, 401)]
    with pytest.raises(LoginRefused) as failure:
        client.create_service(BODY)
    assert (cloud.count(CREATE), cloud.count("POST /v3/auth/tokens")) == (2, 2)
    assert failure.value.code == "ModelArts.0203"


def test_a_lost_answer_after_the_second_login_is_unknown(cloud, client):
    cloud.acts = [says({}, 401), clouds.reset]
    with pytest.raises(NoAnswer):
        client.create_service(BODY)


def test_a_login_that_fails_after_the_401_means_nothing_was_done(cloud, client):
    cloud.logins = [clouds.token_answer(), says({}, 503)]
    cloud.acts = [says({}, 401), says(MADE)]
    with pytest.raises(LoginFailed) as failure:
        client.create_service(BODY)
    assert (failure.value.cause, cloud.count(CREATE)) == ("fault", 1)


def test_each_create_has_a_connection_of_its_own(cloud, client):
    cloud.acts = [says(MADE)]
    client.login()
    before = cloud.connections
    client.create_service(BODY)
    client.create_service(BODY)
    assert cloud.connections == before + 2
    assert cloud.heard[-1].headers["connection"] == "close"


def test_a_refused_connection_never_left(cloud, client_of):
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    client = client_of(cloud, endpoint=f"http://127.0.0.1:{port}")
    with pytest.raises(NotSent) as failure:
        client.create_service(BODY)
    assert (failure.value.cause, failure.value.needs_person) == ("refused", False)
    assert failure.value.for_people().startswith("Nothing was sent")


def test_a_host_that_is_unknown_never_left(cloud, client_of):
    client = client_of(cloud, endpoint="http://modelarts.invalid")
    with pytest.raises(NotSent) as failure:
        client.create_service(BODY)
    assert failure.value.cause == "dns"


def test_a_connection_that_does_not_come_about_never_left(cloud, client_of):
    """A door whose queue is full lets nobody in, as a firewall does that drops."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen(0)
    port = door.getsockname()[1]
    waiting = []
    for _ in range(4):
        knock = socket.socket()
        knock.setblocking(False)
        knock.connect_ex(("127.0.0.1", port))
        waiting.append(knock)
    try:
        with pytest.raises(NotSent) as failure:
            client_of(cloud, endpoint=f"http://127.0.0.1:{port}", timeout=(0.2, 0.2)).create_service(BODY)
        assert failure.value.cause == "timeout"
    finally:
        for one in [door, *waiting]:
            one.close()


def test_no_tls_is_not_sent_but_needs_a_person(cloud, client_of):
    cloud.acts = [says(MADE)]
    client = client_of(cloud, endpoint=cloud.url.replace("http:", "https:"))
    with pytest.raises(NotSent) as failure:
        client.create_service(BODY)
    assert failure.value.needs_person
    assert failure.value.cause == "tls"
