"""What the codes mean, where they belong, and the waits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.modelarts import errors
from deployer.modelarts.errors import CloudFault, NoAnswer, NotSent, Refused, Throttled, field_of
from deployer.modelarts.meanings import _TABLE
from deployer.modelarts.waits import LONGEST, may_read_again, seconds_of, wait_before

PLACES = [
    ("ModelArts.3503", 409, "", "service_name"),
    ("ModelArts.3516", 400, "", "config"),
    ("ModelArts.3534", 400, "", "security_group_id"),
    ("ModelArts.3551", 400, "", "config[0].src_path"),
    ("ModelArts.3572", 400, "", "config[0].src_path"),
    ("ModelArts.0102", 400, "", "workspace_id"),
    ("ModelArts.3547", 400, "", "cluster_id"),
    ("ModelArts.3562", 400, "", "schedule"),
    ("ModelArts.3520", 400, "", None),
    ("ModelArts.0104", 400, "The parameter config[1].custom_spec.cpu is wrong", "config[1].custom_spec.cpu"),
    ("ModelArts.0104", 400, "Parameter service_name is invalid.", "service_name"),
    ("ModelArts.0101", 400, "weight must be 100", "config"),
    ("ModelArts.0107", 400, "req_uri is missing", "config[0].req_uri"),
    ("ModelArts.0101", 400, "something is wrong", None),
    ("ModelArts.9999", 400, "cluster_id odd", "cluster_id"),
    ("ModelArts.3503", 400, "", None),  # The pair counts, not the number.
]


@pytest.mark.parametrize(("code", "status", "message", "field"), PLACES)
def test_a_refusal_belongs_to_a_field(code, status, message, field):
    assert field_of(Refused(status, code, message)) == field


def test_other_errors_belong_to_no_field():
    assert field_of(NoAnswer("service_name")) is None


@pytest.mark.parametrize("key", _TABLE, ids=str)
def test_each_row_of_the_table_speaks_in_the_house_voice(key):
    code, status = key
    full = code if "." in code else f"ModelArts.{code}"
    said = Refused(status, full, "raw words").for_people()
    assert said == f"{_TABLE[key].meaning} {_TABLE[key].do}"
    assert said.endswith(".")
    assert not any(word in said.lower() for word in ("please", "successfully", "!", "error", "invalid"))


def test_an_unknown_code_is_shown_as_it_came():
    refusal = Refused(418, "ModelArts.4711", "I am a teapot")
    assert refusal.for_people() == "The cloud refused: ModelArts.4711: I am a teapot."


def test_numbers_repeat_with_other_meanings():
    assert Refused(400, "ModelArts.0210", "").for_people() == Refused(403, "ModelArts.0210", "").for_people()
    assert Refused(403, "ModelArts.0203", "").for_people() != Refused(403, "ModelArts.0108", "").for_people()


def test_every_error_says_what_to_do():
    samples = [
        *(NotSent("x", cause=cause) for cause in errors._CAUSES),
        *(errors.LoginFailed("x", cause=cause) for cause in errors._CAUSES),
        NotSent("only this", cause="new"), errors.BadAddress("That is no place."), NoAnswer("x"), Throttled(None),
        Throttled(7.2), CloudFault(503), CloudFault(307), errors.LoginRefused("x"),
        errors.LoginRefused("x", code="ModelArts.0428"), Refused(400, "", ""),
    ]  # fmt: skip
    for error in samples:
        assert len(error.for_people()) > 20
        assert (error.raw, error.request_id) == ("", "")
        assert isinstance(error.needs_person, bool)
    assert "in 7 s" in Throttled(7.2).for_people()


@given(attempt=st.integers(-5, 10_000), chance=st.floats(0, 1))
def test_waits_grow_with_a_ceiling_and_a_spread(attempt, chance):
    wait = wait_before(attempt, chance=chance)
    assert 0 < wait <= LONGEST
    assert wait <= wait_before(attempt + 1, chance=chance)
    assert wait_before(attempt, 30, chance=chance) == 30 + wait


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0), ("7", 7), (" 12 ", 12), ("999999999999", 86_400), ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0), ("Sun, 22 Nov 2027 12:00:00 GMT", 86_400),
        ("Sun, 22 Nov 2026 12:00:30", 30), ("", None), ("soon", None), ("-1", None), ("1.5", None), ("٣", None),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_in_both_forms(header, seconds):
    assert seconds_of(header, now=NOW) == seconds


@pytest.mark.parametrize(
    ("said_at", "seconds"),
    [
        ("Sun, 22 Nov 2026 11:00:00 GMT", 30), ("Sun, 22 Nov 2026 11:00:00", 30),
        ("Sun, 22 Nov 2026 12:00:00 +0100", 30), ("Sun, 22 Nov 2026 11:30:00 GMT", 0),
        ("", 3630), ("now", 3630), ("Sun, 99 Nov 2026 11:00:00 GMT", 3630),
    ],
)  # fmt: skip
def test_a_date_is_measured_against_the_moment_of_its_answer(said_at, seconds):
    """Ours may be an hour wrong; without a date of the answer there is nothing better."""
    until = "Sun, 22 Nov 2026 11:00:30 GMT"
    assert seconds_of(until, said_at=said_at, now=NOW - timedelta(hours=2)) == seconds


def test_seconds_need_no_clock():
    assert seconds_of("7", said_at="Sun, 22 Nov 2026 11:00:00 GMT", now=NOW) == 7


def test_which_reads_are_worth_another_try():
    again = [NotSent("", cause="refused"), NoAnswer(""), Throttled(1), CloudFault(502), CloudFault(408)]
    never = [NotSent("", cause="tls"), errors.BadAddress(""), Refused(400, "", ""), CloudFault(500), CloudFault(302)]
    assert all(map(may_read_again, again))
    assert not any(map(may_read_again, [*never, errors.LoginRefused("")]))
