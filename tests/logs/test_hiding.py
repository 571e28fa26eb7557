"""Secrets planted where they could slip out: none is in a line of either shape."""

import logging
import sys

import pytest

from deployer import keys
from deployer.logs.hiding import hidden
from deployer.logs.shapes import Json, Text

PLANTED = "hunter2-planted-9f31"
FORMS = {
    "authorization": f"Authorization: Bearer {PLANTED}",
    "authorization in JSON": f'{{"Authorization": "Bearer {PLANTED}"}}',
    "authorization in a dict": f"{{'Authorization': 'Basic aGVsbG86{PLANTED.replace('-', '')}'}}",
    "a scheme alone": f"it said Bearer {PLANTED} to us",
    "a token": f"X-Auth-Token: {PLANTED}",
    "a token in JSON": f'{{"x-auth-token": "{PLANTED}"}}',
    "a subject token": f"X-Subject-Token={PLANTED}",
    "a password": f"password={PLANTED}",
    "a password in JSON": f'{{"auth": {{"password": "{PLANTED}"}}}}',
    "a secret key": f"secret_key: {PLANTED}",
    "an address": f"postgres://deployer:{PLANTED}@db/deployer is away",
    "a cookie": f"Cookie: __Host-session={PLANTED}",
    "a session": f"Set-Cookie: {PLANTED}",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", [Json, Text])
def test_a_planted_secret_is_in_no_message_argument_or_exception(form, shape):
    try:
        raise RuntimeError(FORMS[form])
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, f"{FORMS[form]} %s", (FORMS[form],), sys.exc_info())
    record.facts = {"path": FORMS[form]}
    said = shape().format(record)
    assert PLANTED not in said
    assert PLANTED.replace("-", "") not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", PLANTED),
        ("METRICS_TOKEN", PLANTED),
        ("EMAIL_HOST_PASSWORD", PLANTED),
        ("ENCRYPTION_KEYS", ["x" * 44, PLANTED]),
    ],
)
def test_what_this_process_was_given_is_known_by_its_value(settings, name, value):
    setattr(settings, name, value)
    assert PLANTED not in hidden(f"nothing tells what {PLANTED} is")


def test_ciphertext_stays_in_the_database(settings):
    from cryptography.fernet import Fernet

    sealed = Fernet(keys.new_fernet()).encrypt(b"x").decode()
    assert sealed[:20] not in hidden(f"row (1, {sealed}) fails")


@pytest.mark.parametrize(
    "text",
    [
        "Worker here:12 is at work.",
        "Submission 12 was settled by somebody else meanwhile.",
        "GET /deployments/12/ 200 in 12.5 ms",
        "Basic rules of the house",
        "https://modelarts.eu-de.otc.t-systems.com answers",
    ],
)
def test_plain_words_stay_as_they_are(text):
    assert hidden(text) == text


def test_a_message_without_end_is_cut():
    assert len(hidden("x" * 1_000_000)) <= 8192
    assert len(hidden("x y\n" * 1_000_000)) <= 8192
