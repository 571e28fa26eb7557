"""One line a record, in either shape, whatever the message holds."""

import json
import logging
import sys

import pytest

from deployer.logs import about
from deployer.logs.context import add
from deployer.logs.shapes import Json, Text
from deployer.models.encrypted import Sealed


def record(message: str, *arguments: object, error: bool = False, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("deployer.test", logging.WARNING, "x.py", 1, message, arguments, None)
    made.exc_info = sys.exc_info() if error else None
    made.__dict__.update(extra)
    return made


def as_json(made: logging.LogRecord) -> dict:
    line = Json().format(made)
    assert "\n" not in line
    return json.loads(line)


def broken(words: str = "no such thing") -> logging.LogRecord:
    password_held_here = "never-in-a-log"  # noqa: F841, S105 - a local value
    try:
        try:
            {}["first"]
        except KeyError as first:
            raise ValueError(words) from first
    except ValueError:
        return record("It broke.", error=True)


def test_a_record_is_one_object_with_time_level_logger_and_message():
    line = as_json(record("%s of %s", 1, "two"))
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "warning", "logger": "deployer.test", "message": "1 of two"}


def test_a_record_says_what_the_work_is_about():
    with about(request_id="abcdefgh"):
        add(deployment=7)
        with about(submission=3):
            inner = as_json(record("x"))
        outer = as_json(record("x"))
    after = as_json(record("x"))
    assert (inner["request_id"], inner["deployment"], inner["submission"]) == ("abcdefgh", 7, 3)
    assert (outer["deployment"], "submission" in outer) == (7, False)
    assert "request_id" not in after


def test_nothing_is_added_where_no_work_is_at_hand():
    add(deployment=7)
    assert "deployment" not in as_json(record("x"))


def test_an_exception_is_told_by_type_words_and_places_with_its_cause():
    line = as_json(broken())
    assert (line["exception"], line["words"]) == ("ValueError", "no such thing")
    assert any(place.endswith(" broken") for place in line["stack"])
    assert "caused by KeyError: 'first'" in line["stack"]


@pytest.mark.parametrize("shape", [Json, Text])
def test_local_values_and_quoted_rows_are_never_told(shape):
    said = shape().format(broken("no null here\nDETAIL: Failing row contains (1, the whole row)"))
    assert "never-in-a-log" not in said
    assert "the whole row" not in said


def test_places_of_this_machine_are_told_from_the_package_on():
    line = as_json(broken())
    assert not any(place.startswith("/") for place in line["stack"])


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\x1b[2Jb", "a\u2028b", "a\x85b", "a\x00b"])
def test_no_text_can_pretend_to_be_another_record(text):
    assert len(Text().format(record(text)).splitlines()) == 1
    assert len(Json().format(record(text)).splitlines()) == 1
    assert as_json(record("%s", text))["message"].startswith("a")


@pytest.mark.parametrize(("message", "arguments"), [("%s and %s", ("one",)), ("100 %", (1,)), ("%d", ("x",))])
def test_a_message_that_does_not_fit_its_arguments_is_not_lost(message, arguments):
    assert as_json(record(message, *arguments))["message"] == message


def test_text_says_the_same_facts_to_people():
    with about(deployment=7):
        said = Text().format(record("Looked."))
    assert said.endswith("WARNING deployer.test Looked. deployment=7")


def test_a_stack_stands_below_its_line_in_text():
    first, second, *places = Text().format(broken()).splitlines()
    assert first.endswith("It broke.")
    assert second == "    ValueError: no such thing"
    assert places


def test_a_sealed_secret_does_not_print_itself_in_a_message():
    sealed = Sealed("plantedplanted")
    assert "planted" not in Json().format(record("it is %s", sealed)) + Text().format(record("%(a)s", {"a": sealed}))


def test_what_cannot_be_written_as_json_is_written_as_text():
    assert as_json(record("x", facts={"odd": object}))["odd"].startswith("<class")
