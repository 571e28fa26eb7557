"""Changing what runs: updated, started, stopped, deleted; each sent once, and nothing taken for a yes that is none."""

import json

import pytest

from deployer.modelarts.errors import CloudFault, LoginRefused, NoAnswer, NotSent, Refused, Throttled
from deployer.modelarts.signing import SignedRequests

from . import clouds
from .clouds import says
from .test_signing import recomputed

BODY = '{"description":"café","config":[]}'
CHANGES = {
    "update": (lambda client: client.update_service("s1", BODY), "PUT"),
    "start": (lambda client: client.start_service("s1"), "PUT"),
    "stop": (lambda client: client.stop_service("s1"), "PUT"),
    "delete": (lambda client: client.delete_services(["s1", "s2"]), "DELETE"),
}
every_change = pytest.mark.parametrize(("change", "method"), CHANGES.values(), ids=CHANGES.keys())


def test_an_update_is_sent_byte_for_byte(cloud, client):
    cloud.acts = [says({}, headers=["X-Request-Id: req-9"])]
    changed = client.update_service("s1", BODY.encode())
    assert (changed.request_id, changed.http_status, changed.raw) == ("req-9", 200, "{}")
    client.update_service("s1", BODY)
    assert {(one.method, one.path, one.body) for one in cloud.heard[1:]} == {
        ("PUT", "/v1/p1/services/s1", BODY.encode())
    }
    assert cloud.heard[-1].headers["content-type"] == "application/json"


def test_start_and_stop_say_only_the_status(cloud, client):
    client.start_service("s1")
    client.stop_service("s1")
    assert [json.loads(one.body) for one in cloud.heard[1:]] == [{"status": "running"}, {"status": "stopped"}]


def test_several_go_in_one_call_with_raw_commas(cloud, client):
    client.delete_services(["s1", "s 2", "s1", "s3"])
    assert (cloud.heard[-1].method, cloud.heard[-1].path) == ("DELETE", "/v1/p1/services/s1,s%202,s3")
    assert cloud.heard[-1].body == b""


@pytest.mark.parametrize("ids", [[], [""], ["s1", ""], ["s1,s2"], [".."]])
def test_ids_that_could_mean_something_else_are_not_sent(cloud, client, ids):
    with pytest.raises(NotSent) as failure:
        client.delete_services(ids)
    assert failure.value.cause == "request"
    assert cloud.count("DELETE") == 0
    with pytest.raises(NotSent):
        client.delete_service("s1,s2")


def test_a_signature_covers_the_encoded_comma(cloud, client_of):
    client_of(cloud, auth=SignedRequests("AK-1", "secret-key-1", "p1")).delete_services(["s1", "s2"])
    heard = cloud.heard[0]
    names = heard.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: heard.headers[name] for name in names}
    expected = recomputed("DELETE", ["v1", "p1", "services", "s1,s2"], [], headers, b"", "secret-key-1")
    assert heard.headers["authorization"].endswith(f"Signature={expected}")
    assert heard.path.endswith("/s1,s2")


TROUBLE = {
    "refused": (says({"error_code": "ModelArts.3519", "error_msg": "no"}, 400), Refused),
    "unknown to the cloud": (says({"error_code": "ModelArts.3502", "error_msg": "no"}, 404), Refused),
    "not allowed": (says({"error_code": "ModelArts.0108", "error_msg": "no"}, 403), Refused),
    "login": (says({}, 401), LoginRefused),
    "busy": (says({}, 429), Throttled),
    "fault": (says({}, 503), CloudFault),
    "redirect": (says({}, 302, ["Location: /elsewhere"]), CloudFault),
    "reset": (clouds.reset, NoAnswer),
    "hang": (clouds.hang, NoAnswer),
    "truncated": (clouds.truncated, NoAnswer),
    "huge": (clouds.huge, NoAnswer),
    "web page": (clouds.answer("<html>signed in</html>"), NoAnswer),
    "array": (says([]), NoAnswer),
    "odd status": (says({}, 206), NoAnswer),
}


@pytest.mark.parametrize(("act", "error"), TROUBLE.values(), ids=TROUBLE.keys())
@every_change
def test_every_trouble_has_its_name_and_nothing_is_sent_twice(cloud, client, change, method, act, error):
    client.login()
    cloud.acts = [act]
    with pytest.raises(error):
        change(client)
    # A 401 says that nothing was done: it alone is answered by a second try, with a fresh login.
    assert cloud.count(method) == (2 if error is LoginRefused else 1)


@pytest.mark.parametrize("act", [says({}), says({"a": 1}, 202), clouds.answer("", 204), clouds.answer(" \n", 200)])
@every_change
def test_what_counts_as_a_yes(cloud, client, change, method, act):
    cloud.acts = [act]
    assert change(client).http_status in (200, 202, 204)


@every_change
def test_each_has_a_connection_of_its_own(cloud, client, change, method):
    cloud.acts = [says({})]
    client.login()
    before = cloud.connections
    change(client)
    change(client)
    assert cloud.connections == before + 2


def test_one_that_was_gone_already(cloud, client):
    cloud.acts = [says({"error_code": "ModelArts.3502"}, 404)]
    assert client.delete_service("s1") is False
