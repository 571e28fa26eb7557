"""Logging in: once for many, anew when needed, and never a word about the secret."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests
import time_machine

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.errors import LoginFailed, LoginRefused, NotSent, Throttled

from . import clouds
from .clouds import says


def auth_of(cloud, **more):
    facts = {"project_name": "region-1", "local_allowed": True, "timeout": (0.4, 0.3), **more}
    return PasswordToken(cloud.url, "alice", clouds.PASSWORD, "demo-domain", **facts)


def token_of(auth):
    return auth(requests.Request("GET", "http://127.0.0.1/").prepare()).headers["X-Auth-Token"]


def test_the_request_is_the_documented_one(cloud):
    auth = auth_of(cloud)
    auth.login()
    heard = cloud.heard[0]
    assert (heard.method, heard.path.partition("?")[0]) == ("POST", "/v3/auth/tokens")
    user = {"name": "alice", "password": clouds.PASSWORD, "domain": {"name": "demo-domain"}}
    assert json.loads(heard.body) == {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": "region-1"}},
        }
    }


def test_a_project_id_wins_and_an_endpoint_may_end_in_v3(cloud):
    auth = PasswordToken(cloud.url + "/v3/", "a", "b", "c", project_id="p9", project_name="x", local_allowed=True)
    auth.login()
    assert cloud.heard[0].path.startswith("/v3/auth/tokens")
    assert json.loads(cloud.heard[0].body)["auth"]["scope"] == {"project": {"id": "p9"}}


def test_a_token_is_kept_until_shortly_before_its_end(cloud):
    cloud.logins = [
        clouds.token_answer("one", seconds=86400),
        clouds.token_answer("two", seconds=2),
        clouds.token_answer("three"),
    ]
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=True) as clock:
        auth = auth_of(cloud)
        assert token_of(auth) == token_of(auth) == "one"
        clock.shift(86400 - 700)
        assert token_of(auth) == "one"
        clock.shift(200)
        assert token_of(auth) == "two"
        clock.shift(1.9)
        assert token_of(auth) == "three"
    assert len(cloud.heard) == 3


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"token": {"expires_at": "soon", "issued_at": 5}}'])
def test_a_token_without_readable_times_is_used_all_the_same(cloud, body):
    cloud.logins = [clouds.answer(body, 201, ["X-Subject-Token: bare"])]
    auth = auth_of(cloud)
    assert token_of(auth) == token_of(auth) == "bare"
    assert len(cloud.heard) == 1


def test_a_herd_makes_one_login(cloud):
    cloud.logins = [clouds.token_answer("one"), clouds.token_answer("two")]
    auth = auth_of(cloud)
    with ThreadPoolExecutor(16) as herd:
        assert set(herd.map(lambda _: token_of(auth), range(32))) == {"one"}
        list(herd.map(lambda _: auth.renew("one"), range(32)))
    assert token_of(auth) == "two"
    assert len(cloud.heard) == 2


def test_a_herd_shares_a_refused_login(cloud):
    gate = threading.Event()

    def late(line, heard):
        gate.wait(2)
        says({"error": {"code": 401, "title": "Unauthorized", "message": "wrong"}}, 401)(line, heard)

    cloud.logins = [late]
    auth = auth_of(cloud, timeout=(1, 3))
    ready = threading.Barrier(9)

    def ask(_):
        ready.wait()
        with pytest.raises(LoginRefused):
            auth.login()

    with ThreadPoolExecutor(8) as herd:
        waiting = [herd.submit(ask, number) for number in range(8)]
        ready.wait()
        gate.wait(0.3)
        gate.set()
        for one in waiting:
            one.result()
    assert len(cloud.heard) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_wrong_credentials_need_a_person(cloud, status):
    cloud.logins = [says({"error": {"code": status, "message": "The username or password is wrong."}}, status)]
    with pytest.raises(LoginRefused) as failure:
        auth_of(cloud).login()
    assert (failure.value.http_status, failure.value.needs_person) == (status, True)
    assert "user, domain, project" in failure.value.for_people()


CAUSES = {
    "5xx": (says({}, 503), "fault"),
    "redirect": (says({}, 307, ["Location: http://127.0.0.1:1/"]), "fault"),
    "reset": (clouds.reset, "no_answer"),
    "hang": (clouds.hang, "no_answer"),
    "truncated": (clouds.truncated, "no_answer"),
    "huge": (clouds.huge, "no_answer"),
    "no token": (says({}, 201), "no_answer"),
}


@pytest.mark.parametrize(("act", "cause"), CAUSES.values(), ids=CAUSES.keys())
def test_trouble_with_iam_is_never_unknown(cloud, act, cause):
    cloud.logins = [act]
    with pytest.raises(LoginFailed) as failure:
        auth_of(cloud).login()
    assert isinstance(failure.value, NotSent)
    assert (failure.value.cause, failure.value.needs_person) == (cause, False)
    assert failure.value.for_people().startswith("We could not log in, so nothing was sent.")


def test_a_throttled_login_says_when(cloud):
    cloud.logins = [says({}, 429, ["Retry-After: 3"])]
    with pytest.raises(Throttled) as failure:
        auth_of(cloud).login()
    assert failure.value.retry_after == 3


@pytest.mark.parametrize(
    ("endpoint", "cause", "needs_person"),
    [("http://iam.invalid", "dns", False), ("http://127.0.0.1:1", "refused", False), ("ftp://x", "address", True)],
)
def test_an_iam_that_cannot_be_reached(endpoint, cause, needs_person):
    auth = PasswordToken(endpoint, "a", "b", "c", project_id="p", local_allowed=True)
    with pytest.raises(NotSent) as failure:
        auth.login()
    assert (failure.value.cause, failure.value.needs_person) == (cause, needs_person)


def test_a_login_keeps_to_the_time_it_is_given(cloud):
    cloud.logins = [clouds.hang]
    with pytest.raises(LoginFailed):
        auth_of(cloud, timeout=(5, 5)).login(within=0.2)


def test_a_failed_renewal_does_not_bring_the_stale_token_back(cloud):
    cloud.logins = [clouds.token_answer("one"), says({}, 503), clouds.token_answer("two")]
    auth = auth_of(cloud)
    auth.login()
    with pytest.raises(LoginFailed):
        auth.renew("one")
    assert token_of(auth) == "two"
    assert {"one", "two", clouds.PASSWORD} <= set(auth.secrets())
