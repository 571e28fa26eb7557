"""The connection test tells causes apart, each met on a real socket, and is never surprised itself."""

import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.diagnosis import CAUSES, TITLES, diagnose
from deployer.modelarts.signing import SignedRequests

from . import clouds
from .clouds import PASSWORD, Cloud, answer, says, token_answer
from .test_parsing import VALUES

SERVICES = says({"total_count": 0, "services": []})
VERSION = says({"version": {"id": "v3.6"}})
PAGE = "<html>Welcome</html>"
PATIENT = {"timeout": (5.0, 5.0), "deadline": 15.0, "local_allowed": True}  # however busy this machine is
QUICK = {"timeout": (0.5, 0.4), "deadline": 1.0}  # where silence is what a test is about


def refusal(code, status, words="no"):
    return says({"error_code": code, "error_msg": words}, status)


def login_for(project):
    return says({"token": {"project": {"id": project}}}, 201, ["X-Subject-Token: " + clouds.TOKEN])


WRONG = says({"error": {"code": 401, "title": "Unauthorized", "message": "wrong"}}, 401)


@pytest.fixture
def iam():
    iam = Cloud(acts=[VERSION], logins=[login_for("p1")])
    yield iam
    iam.close()


@pytest.fixture
def place(cloud):
    cloud.acts = [SERVICES]
    return cloud


def by_token(place, iam, *, project_id="p1", endpoint=None, iam_endpoint=None, **more):
    facts = {**PATIENT, **more}
    roads = {name: facts[name] for name in ("timeout", "local_allowed", "allowed_hosts") if name in facts}
    auth = PasswordToken(iam_endpoint or iam.url, "alice", PASSWORD, "demo", project_id=project_id or "p1", **roads)
    return diagnose(endpoint or place.url, iam_endpoint or iam.url, auth, project_id, **facts)


def by_keys(place, iam, *, project_id="p1", endpoint=None, iam_endpoint=None, **more):
    auth = SignedRequests("AK-1", "planted-secret-key-31337", project_id)
    iam_endpoint = iam.url if iam_endpoint is None else iam_endpoint
    return diagnose(endpoint or place.url, iam_endpoint, auth, project_id, **{**PATIENT, **more})


def told(steps):
    """The states by one letter each, and the first cause."""
    assert [step.name for step in steps] == list(TITLES)
    for step in steps:
        assert step.words.endswith(".")
        assert step.title
        assert (step.state == "failed") == bool(step.cause) == bool(step.way_out)
        assert step.cause in {"", *CAUSES}
        assert PASSWORD not in repr(step)
        assert clouds.TOKEN not in repr(step)
        assert "planted-secret" not in repr(step)
        assert (step.milliseconds is None) or step.milliseconds >= 0
    causes = [step.cause for step in steps if step.state == "failed"]
    return "".join(step.state[0] for step in steps), causes


def test_all_is_well(place, iam):
    assert told(by_token(place, iam)) == ("oooooo", [])
    assert place.heard[-1].path == "/v1/p1/services?offset=0&limit=1"
    assert told(by_keys(place, iam)) == ("oooooo", [])
    assert told(by_keys(place, iam, iam_endpoint="")) == ("ssoooo", [])
    assert {one.method for one in place.heard} == {"GET"}


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"http://127.0.0.1:{door.getsockname()[1]}"


UNREACHABLE = {
    "metadata": ("http://169.254.169.254", "address"),
    "no scheme": ("modelarts.example.com", "address"),
    "empty": (" ", "address"),
    "unknown name": ("https://modelarts.invalid", "dns"),
    "refused": (closed_port(), "refused"),
}


@pytest.mark.parametrize(("address", "cause"), UNREACHABLE.values(), ids=UNREACHABLE.keys())
def test_what_cannot_be_reached(place, iam, address, cause):
    assert told(by_token(place, iam, endpoint=address)) == ("oooofs", [cause])
    states, causes = told(by_token(place, iam, iam_endpoint=address))
    assert (states, causes) == ("fsssos" if cause == "address" else "ofssos", [cause])
    assert told(by_keys(place, iam, endpoint=address)) == ("oosofs", [cause])
    # With a key a broken IAM is told, and stops nothing.
    states, causes = told(by_keys(place, iam, iam_endpoint=address or " "))
    assert states[2:] == "oooo"
    assert causes in ([cause], [])


def test_local_targets_that_are_not_allowed(place, iam):
    steps = by_token(place, iam, local_allowed=False)
    assert told(steps) == ("fsssfs", ["address", "address"])
    assert "https" in steps[0].words
    assert (place.heard, iam.heard) == ([], [])
    steps = by_token(place, iam, allowed_hosts=("iam.example.com",))
    assert told(steps) == ("fsssfs", ["address", "address"])
    assert "DEPLOYER_ALLOWED_CLOUD_HOSTS" in steps[0].words


def test_a_certificate_nobody_vouches_for(safe, place, iam, monkeypatch, certificate):
    safe.acts, safe.logins = [VERSION], [login_for("p1")]
    assert told(by_token(place, iam, endpoint=safe.url)) == ("oooofs", ["tls"])
    assert told(by_token(place, iam, iam_endpoint=safe.url)) == ("ofssos", ["tls"])
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    assert told(by_token(place, iam, iam_endpoint=safe.url)) == ("oooooo", [])


def test_time_outs_before_and_after_the_line_stands(place, iam):
    with socket.create_server(("127.0.0.1", 0)) as door:
        silent = f"https://127.0.0.1:{door.getsockname()[1]}"
        assert told(by_token(place, iam, endpoint=silent, **QUICK)) == ("oooofs", ["timeout"])
        assert told(by_token(place, iam, iam_endpoint=silent, **QUICK)) == ("ofssos", ["timeout"])
    place.acts = [clouds.hang]
    assert told(by_token(place, iam, **QUICK)) == ("oooofs", ["read_timeout"])
    place.acts = [clouds.drip(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 200)]
    assert told(by_token(place, iam, **QUICK)) == ("oooofs", ["read_timeout"])
    place.acts, iam.acts = [SERVICES], [clouds.hang]
    assert told(by_token(place, iam, **QUICK)) == ("ofssos", ["read_timeout"])
    iam.acts, iam.logins = [VERSION], [clouds.hang]
    assert told(by_token(place, iam, **QUICK)) == ("oofsos", ["read_timeout"])


def test_a_proxy_that_refuses(place, iam, monkeypatch):
    refusing = Cloud(acts=[says({}, 407)])
    monkeypatch.setenv("HTTPS_PROXY", refusing.url)
    try:
        steps = by_token(
            place, iam, endpoint="https://modelarts.example.com", allowed_hosts=("127.0.0.1", "*.example.com")
        )
    finally:
        refusing.close()
    assert told(steps) == ("oooofs", ["proxy"])


def test_wrong_credentials_and_the_wrong_project_at_iam(place, iam):
    iam.logins = [WRONG]
    assert told(by_token(place, iam)) == ("oofsos", ["credentials"])
    assert iam.count("POST") == 2
    iam.logins = [WRONG, token_answer()]
    steps = by_token(place, iam)
    assert told(steps) == ("ooofos", ["project"])
    assert "User and password are right" in steps[3].words
    iam.logins = [says({"error": {"code": 404, "message": "no such project"}}, 404), token_answer()]
    assert told(by_token(place, iam)) == ("ooofos", ["project"])


def test_a_login_for_another_project(place, iam):
    iam.logins = [login_for("p2")]
    steps = by_token(place, iam)
    assert told(steps) == ("ooofos", ["project"])
    assert "p2" in steps[3].words
    steps = by_token(place, iam, project_id="")
    assert told(steps) == ("ooofos", ["project"])
    assert "p2" in steps[3].way_out
    assert told(by_keys(place, iam, project_id="")) == ("oosfos", ["project"])


BLAMED = {
    "no project in the token": (refusal("ModelArts.0204", 400), "ooofos", "project"),
    "bad project": (refusal("ModelArts.0210", 400), "ooofos", "project"),
    "another project": (refusal("ModelArts.0210", 403), "ooofos", "project"),
    "no project of this region": (refusal("ModelArts.0207", 401), "ooofos", "project"),
    "not authorized": (refusal("ModelArts.0108", 403), "ooooof", "permission"),
    "policy denies": (refusal("ModelArts.0112", 403), "ooooof", "permission"),
    "role denies": (refusal("ModelArts.0112", 401), "ooooof", "permission"),
    "another 403": (refusal("ModelArts.9999", 403), "ooooof", "permission"),
    "no agency": (refusal("ModelArts.0428", 401), "ooooof", "agency"),
    "invalid token": (refusal("ModelArts.0203", 401), "oofsos", "credentials"),
    "invalid token, said so": (refusal("ModelArts.0203", 403), "oofsos", "credentials"),
    "bad signature": (refusal("APIG.0301", 401), "oofsos", "credentials"),
    "a rejected call": (refusal("ModelArts.0102", 400), "ooooof", "rejected"),
    "busy": (says({}, 429), "ooooof", "busy"),
    "unknown call": (refusal("APIG.0101", 404), "oooofs", "not_modelarts"),
    "another API": (says({"message": "Not Found"}, 404), "oooofs", "not_modelarts"),
    "a page that is not there": (answer(PAGE, 404), "oooofs", "not_modelarts"),
    "a page": (answer(PAGE), "oooofs", "not_modelarts"),
    "a page that is forbidden": (answer(PAGE, 403), "oooofs", "not_modelarts"),
    "a page that asks who": (answer(PAGE, 401), "oooofs", "not_modelarts"),
    "a list of something else": (says({"items": []}), "oooofs", "not_modelarts"),
    "redirect": (says({}, 302, ["Location: https://console.example.com"]), "oooofs", "redirect"),
    "fault": (says({}, 503), "oooofs", "fault"),
    "reset": (clouds.reset, "oooofs", "broken"),
    "truncated": (clouds.truncated, "oooofs", "broken"),
}


@pytest.mark.parametrize(("act", "states", "cause"), BLAMED.values(), ids=BLAMED.keys())
def test_what_modelarts_says_stands_beside_its_step(place, iam, act, states, cause):
    place.acts = [act]
    found, causes = told(by_token(place, iam))
    if states == "oofsos":  # IAM took the login, ModelArts did not: the project was right all the same.
        states = "oofoos"
    assert (found, causes) == (states, [cause])


@pytest.mark.parametrize(("act", "states", "cause"), BLAMED.values(), ids=BLAMED.keys())
def test_the_same_with_an_access_key(place, iam, act, states, cause):
    place.acts = [act]
    found, causes = told(by_keys(place, iam))
    if states == "oooofs" or cause == "busy":  # The key was never looked at.
        states = states[:2] + "s" + states[3:]
    assert (found, causes) == (states, ["keys" if cause == "credentials" else cause])


AT_IAM = {
    "redirect": (says({}, 302), "redirect"),
    "fault": (says({}, 503), "fault"),
    "page": (answer(PAGE), "not_iam"),
    "reset": (clouds.reset, "broken"),
    "huge": (clouds.huge, "not_iam"),
}


@pytest.mark.parametrize(("act", "cause"), AT_IAM.values(), ids=AT_IAM.keys())
def test_an_iam_that_is_none(place, iam, act, cause):
    iam.acts = [act]
    assert told(by_token(place, iam)) == ("ofssos", [cause])
    assert told(by_keys(place, iam)) == ("ofoooo", [cause])


AT_LOGIN = {
    "redirect": (says({}, 307), "redirect"),
    "fault": (says({}, 500), "fault"),
    "unknown call": (refusal("APIG.0101", 404), "not_iam"),
    "page": (answer(PAGE, 404), "not_iam"),
    "nothing": (answer("", 404), "not_iam"),
    "reset": (clouds.reset, "broken"),
    "no token": (says({}, 201), "broken"),
    "busy": (says({}, 429), "busy"),
    "forbidden": (says({"error": {"code": 403, "message": "no"}}, 403), "credentials"),
}


@pytest.mark.parametrize(("act", "cause"), AT_LOGIN.values(), ids=AT_LOGIN.keys())
def test_a_login_that_goes_wrong(place, iam, act, cause):
    iam.logins = [act]
    assert told(by_token(place, iam)) == ("oofsos", [cause])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_gateways_that_show_strangers_no_version_are_iam_all_the_same(place, iam, status):
    iam.acts = [says({"error_code": "APIGW.0301"}, status)]
    assert told(by_token(place, iam)) == ("oooooo", [])


def test_a_credential_that_fits_no_header(place, iam):
    auth = SignedRequests("AK\n1", "key", "p1")
    steps = diagnose(place.url, iam.url, auth, "p1", **PATIENT)
    assert [step.cause for step in steps if step.state == "failed"] == ["request"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(status=st.integers(200, 599), value=VALUES, at_iam=st.booleans())
def test_no_answer_surprises_the_test(place, iam, status, value, at_iam):
    act = says(value, status)
    iam.acts, iam.logins, place.acts = ([act], [act], [SERVICES]) if at_iam else ([VERSION], [login_for("p1")], [act])
    for steps in (by_token(place, iam), by_keys(place, iam)):
        assert [step.name for step in steps] == list(TITLES)
