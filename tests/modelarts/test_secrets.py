"""Planted secrets must not come out again: in no text, no error, no log, even where the cloud repeats them."""

import html
import json
import logging
import re
import time
import traceback
from urllib.parse import quote, quote_plus

import pytest

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.errors import ModelArtsError
from deployer.modelarts.masking import LONGEST, MASK, masked
from deployer.modelarts.signing import SignedRequests

from . import clouds
from .clouds import PASSWORD, TOKEN, says

SECRET_KEY, TEMPORARY = "planted-secret-key-31337", "planted-temporary-token-4242"
ECHO = {
    "error_code": f"ModelArts.{TOKEN}",
    "error_msg": f"token {TOKEN} of {PASSWORD} with {SECRET_KEY} and {TEMPORARY}",
    "X-Auth-Token": TOKEN,
    "password": PASSWORD,
}
ACTS = [
    *(says(ECHO, status, [f"X-Request-Id: {TOKEN}"]) for status in (400, 401, 403, 409, 429, 500, 307, 201)),
    clouds.answer(json.dumps(ECHO)[:-3]), says([ECHO]), clouds.reset, clouds.hang, clouds.truncated,
]  # fmt: skip


def everything_said(error: BaseException) -> str:
    lines = traceback.format_exception(error)
    if isinstance(error, ModelArtsError):
        lines += [error.for_people(), error.raw, error.request_id, error.message, repr(vars(error))]
    return "".join([*lines, repr(error), repr(error.args), repr(error.__context__), repr(error.__cause__)])


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("way", ["password", "keys"])
def test_nothing_that_goes_wrong_tells_a_secret(cloud, client_of, caplog, way, act):
    caplog.set_level(logging.DEBUG)
    auth = None if way == "password" else SignedRequests("AK-1", SECRET_KEY, "p1", TEMPORARY)
    client = client_of(cloud, auth=auth)
    cloud.acts = [act]
    with pytest.raises(ModelArtsError) as failure:
        client.create_service("{}")
    said = everything_said(failure.value) + caplog.text + repr(client) + repr(client._auth)
    planted = (PASSWORD, TOKEN) if way == "password" else (SECRET_KEY, TEMPORARY)
    for secret in planted:
        assert secret not in said
    assert "Signature=" not in said


@pytest.mark.parametrize("act", ACTS)
def test_a_login_that_goes_wrong_tells_no_secret(cloud, client_of, act):
    cloud.logins = [act]
    with pytest.raises(ModelArtsError) as failure:
        client_of(cloud).create_service("{}")
    assert PASSWORD not in everything_said(failure.value)


def test_an_accepted_answer_is_kept_masked(cloud, client):
    cloud.acts = [says({"service_id": "s1", "echo": TOKEN})]
    assert TOKEN not in client.create_service("{}").raw


@pytest.mark.parametrize("broken", ["\n", "ключ", "\r\nX-Evil: 1"])
def test_a_credential_that_fits_no_header_is_not_quoted(cloud, client_of, broken):
    auth = SignedRequests("AK" + broken, SECRET_KEY, "p1", TEMPORARY + broken)
    with pytest.raises(ModelArtsError) as failure:
        client_of(cloud, auth=auth).create_service("{}")
    assert TEMPORARY not in everything_said(failure.value)
    assert (failure.value.cause, failure.value.needs_person) == ("request", True)
    assert cloud.heard == []


def test_a_password_is_in_no_repr():
    auth = PasswordToken("https://iam.example.com", "alice", PASSWORD, "d", project_id="p")
    assert PASSWORD not in repr(auth) + str(auth)


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        ('{"password": "a \\" b", "user": "alice"}', 'b"', "alice"),
        ("password=hunter2&user=alice", "hunter2", "alice"),
        ("X-Auth-Token: MIIEabc\r\nHost: x", "MIIEabc", "Host"),
        ("Authorization: SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=0af1", "0af1", "Authorization"),
        ('{"secret_key": "abc', "abc", "secret_key"),
        ("token " + "MII" + "A" * 80, "AAAA", "token"),
        ('{"service_name": "tokenizer", "status": "running"}', "\0", '"tokenizer"'),
    ],
)
def test_what_is_named_like_a_secret_goes(text, gone, stays):
    assert gone not in masked(text)
    assert stays in masked(text)


def test_a_short_secret_is_taken_out_where_it_stands_alone():
    assert (
        masked('{"a": "demo", "service_name": "demo-router"}', ["demo"])
        == '{"a": "•••", "service_name": "demo-router"}'
    )


def test_masking_comes_before_cutting():
    assert "planted" not in masked("x" * (LONGEST - 5) + SECRET_KEY, [SECRET_KEY])
    assert len(masked("y" * 99_999)) == LONGEST


@pytest.mark.parametrize("unit", ["y", "token", 'password: "', "MII", "secret=", "a.b-c_"])
def test_masking_a_megabyte_is_quick(unit):
    begun = time.monotonic()
    masked(unit * (1_000_000 // len(unit)), [SECRET_KEY, "demo"])
    assert time.monotonic() - begun < 20  # anything quadratic takes minutes


ODD = "p\"lan/ted &<é'+\\-ключ-%\ttail"


@pytest.mark.parametrize(
    "echo",
    [
        json.dumps({"words": f"wrong: {ODD}"}),
        json.dumps({"words": f"wrong: {ODD}"}, ensure_ascii=False),
        json.dumps({"words": f"wrong: {ODD}"}).replace("/", "\\/"),
        re.sub(r"(?<=\\u)....", lambda found: found[0].upper(), json.dumps({"words": f"wrong: {ODD}"})),
        f"/login/{quote(ODD)}?again",
        f"/login?words={quote(ODD, safe='')}",
        f"/login?words={quote_plus(ODD)}",
        f"<p>wrong: {html.escape(ODD)}</p>",
        f"<p>wrong: {html.escape(ODD, quote=False)}</p>",
    ],
)
@pytest.mark.parametrize("times", [1, 3])
def test_a_secret_is_known_in_the_escapes_of_json_addresses_and_pages(echo, times):
    said = masked(" ".join([echo] * times), [ODD])
    assert said.count(MASK) == times
    assert "lan" not in said.replace("plain", "")
    assert "tail" not in said


def test_a_secret_that_can_be_written_nowhere_is_no_trouble():
    assert masked("a \ud800secret\ud800 b", ["\ud800secret\ud800"]) == f"a {MASK} b"
