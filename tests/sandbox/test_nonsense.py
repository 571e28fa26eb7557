"""Whatever stands where in a request: it is taken, or refused with a code. It never breaks the sandbox."""

import copy
import json
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.sandbox import admission, conduct, reading, routes
from deployer.sandbox.faults import read_fault
from deployer.sandbox.refusals import DoorRefusal, Refusal

from .conftest import DEV, a_service
from .samples import SAMPLES

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value, path=()):
    """Every path inside a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


def replaced(body, path, value):
    if not path:
        return value
    body = copy.deepcopy(body)
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return body


@st.composite
def spoilt_samples(draw):
    body = draw(st.sampled_from(list(SAMPLES.values())))
    return replaced(body, draw(st.sampled_from(list(places(body)))), draw(VALUES))


def refusal_of(act):
    """The refusal that an act ends in, or nothing; any other error is a bug."""
    try:
        act()
    except Refusal as refusal:
        return refusal
    return None


@settings(max_examples=200, deadline=None)
@given(spoilt_samples(), st.booleans())
def test_a_spoilt_request_is_taken_or_refused_and_says_where(body, strict):
    refusal = refusal_of(lambda: admission.check_service(reading.read_service(body), strict=strict))
    if refusal is not None:
        assert refusal.status in (400, 404)
        assert refusal.code.startswith("ModelArts.")
        assert refusal.message


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoilt_samples())
def test_what_was_taken_can_be_asked_for(client, body):
    answer = client.api("POST", "/services", data=json.dumps(body))
    assert answer.status_code in (200, 400, 404)
    if answer.status_code == 200:
        path = f"/services/{answer.json()['service_id']}"
        for more in ("", "/logs", "/events", "/monitor"):
            assert client.api("GET", path + more).status_code == 200
        assert client.door("services")[-1]["request"] == body
        assert client.api("PUT", path, data=json.dumps(body)).status_code in (200, 400)
        assert client.api("DELETE", path).status_code == 200
    assert client.api("GET", "/services").json()["count"] == 0


KEYS = st.sampled_from(["deny", "authorized", "stopping", "deleting", "fate", "times", "count", "batch", "running"])


@settings(deadline=None)
@given(VALUES | st.dictionaries(KEYS, VALUES, max_size=3))
def test_a_senseless_order_is_a_sentence_or_taken(body):
    for read in (conduct.read_quotas, conduct.read_rights, conduct.read_paces, conduct.read_fates, conduct.read_count):
        refusal = refusal_of(lambda read=read: read(body))
        if refusal is not None:
            assert isinstance(refusal, DoorRefusal)
            assert refusal.status == 400


NEWER = {
    **a_service(),
    "pool_name": "p",
    "load_balancer_policy": "SOURCE_IP",
    "priority": 1,
    "service_secrets": [{"secretId": "x", "mouthPath": "/x"}],
    "additional_properties": {
        "smn_notification": {"topic_urn": "urn:smn:x", "events": [1, 3]},
        "log_report_channels": [{"type": "LTS", "configuration": {"log_group_id": "g", "log_stream_id": "s"}}],
        "websocket_upgrade": True,
    },
    "config": [
        {
            **a_service()["config"][0],
            "pool_name": "p",
            "deploy_timeout_in_seconds": 600,
            "affinity": {"node_affinity": {"mode": "required", "pool_infos": [{"pool_name": "p", "nodes": []}]}},
            "additional_properties": {"max_surge": 1, "log_volume": [{"host_path": "/a", "mount_path": "/b"}]},
        }
    ],
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(places(NEWER))), VALUES)
def test_a_spoilt_request_of_2025_is_taken_or_refused(client, path, value):
    body = replaced(NEWER, path, value)
    answer = client.api("POST", "/services", data=json.dumps(body))
    assert answer.status_code in (200, 400, 404), answer.text
    if answer.status_code == 200:
        service = f"/services/{answer.json()['service_id']}"
        for more in ("", "/logs", "/events", "/monitor"):
            assert client.api("GET", service + more).status_code == 200
        assert client.api("PUT", service, data=json.dumps(body)).status_code in (200, 400)
        assert client.api("DELETE", service).status_code == 200


READABLE = sorted({"/".join(route.segments) for route in routes.ROUTES if route.method == "GET"})
NAMES = st.sampled_from(
    ["limit", "offset", "status", "order", "sort_by", "marker", "model_id", "labelSelector", "page", "workspaceId"]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(READABLE), st.dictionaries(NAMES, st.text(max_size=8), max_size=3), st.text(max_size=8))
def test_a_senseless_question_is_answered_or_refused(client, path, query, word):
    filled = path.replace("{project_id}", DEV)
    for name in ("service_id", "model_id", "pool", "workspace_id"):
        filled = filled.replace(f"{{{name}}}", quote(word, safe="") or "x")
    answer = client.call("GET", f"/{filled}", token=client.token(), params=query)
    assert answer.status_code in (200, 300, 400, 404), answer.text


@given(VALUES)
def test_a_senseless_fault_is_a_sentence(body):
    refusal = refusal_of(lambda: read_fault(body))
    assert isinstance(refusal, DoorRefusal)
    assert refusal.status == 400


def test_the_sample_behind_these_tests_is_taken():
    admission.check_service(reading.read_service(a_service()), strict=True)
