"""What a form shows, and what typed text means."""

from collections.abc import Iterator
from typing import Any

import pytest

from deployer.domain import newer
from deployer.domain.typed import FIELDS, MISSING, ROW_FIELDS, meant, meant_variable, shown

MEANT = [
    ("text", "  a b ", "a b"),
    ("text", "5", "5"),
    ("text", "\u00a0a", "\u00a0a"),
    ("text", "   ", MISSING),
    ("long", "  a ", "  a "),
    ("long", "a\r\nb\rc", "a\nb\nc"),
    ("long", " ", " "),
    ("choice", "", MISSING),
    ("choice", "batch", "batch"),
    ("integer", " 12 ", 12),
    ("integer", "007", 7),
    ("integer", "-3", -3),
    ("integer", "1.0", 1.0),
    ("integer", "+3", "+3"),
    ("integer", "1e3", "1e3"),
    ("integer", "٣", "٣"),
    ("integer", "1_000", "1_000"),
    ("integer", "two", "two"),
    ("integer", "1" * 30, int("1" * 30)),
    ("integer", "1" * 31, "1" * 31),
    ("integer", "", MISSING),
    ("weight", "70", 70),
    ("decimal", "1.5", 1.5),
    ("integer", "1.5", 1.5),
    ("weight", "12.5", 12.5),
    ("weight", "10.0", 10.0),
    ("decimal", "2", 2),
    ("decimal", "-0.25", -0.25),
    ("decimal", "1,5", "1,5"),
    ("decimal", ".5", ".5"),
    ("decimal", "1e3", "1e3"),
    ("decimal", "1." + "1" * 30, "1." + "1" * 30),
    ("json", '{"a": [1, 1.0, null]}', {"a": [1, 1.0, None]}),
    ("json", '{"a":', '{"a":'),
    ("json", '{"a": NaN}', '{"a": NaN}'),
    ("json", '{"a": 1, "a": 2}', '{"a": 1, "a": 2}'),
    ("json", "  ", MISSING),
    ("flag", " true ", True),
    ("flag", "false", False),
    ("flag", "True", "True"),
    ("flag", "", MISSING),
    ("numbers", "3, 1", [3, 1]),
    ("numbers", "7", [7]),
    ("numbers", "[3, 1]", [3, 1]),
    ("numbers", "1; 3", "1; 3"),
    ("numbers", "", MISSING),
]

SHOWN = [
    ("text", MISSING, ""),
    ("text", "a", "a"),
    ("text", 5, "5 (number)"),
    ("choice", 1.5, "1.5 (number)"),
    ("text", True, "true"),
    ("text", None, "null"),
    ("text", ["a"], '["a"]'),
    ("long", 0, "0 (number)"),
    ("integer", 2, "2"),
    ("flag", True, "true"),
    ("flag", "true", '"true"'),
    ("flag", "on", "on"),
    ("flag", 1, "1"),
    ("numbers", [3, 1], "1, 3"),
    ("numbers", [], ""),
    ("numbers", [1, 1], "[1, 1]"),
    ("numbers", ["1"], '["1"]'),
    ("numbers", [True], "[true]"),
    ("numbers", "1, 3", '"1, 3"'),
    ("integer", "2", '"2"'),
    ("integer", " 2", '" 2"'),
    ("integer", "two", "two"),
    ("integer", 1.0, "1.0"),
    ("integer", "", ""),
    ("weight", "70", "70"),
    ("weight", "-70", '"-70"'),
    ("decimal", "1.5", '"1.5"'),
    ("decimal", 0, "0"),
    ("json", {"a": 1}, '{\n  "a": 1\n}'),
    ("json", "5", '"5"'),
    ("json", "{no", "{no"),
    ("text", "a\ud800", "a\ufffd"),
]


@pytest.mark.parametrize(("kind", "text", "value"), MEANT)
def test_typed_text_means_a_value(kind: str, text: str, value: Any) -> None:
    found = meant(kind, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("kind", "value", "text"), SHOWN)
def test_a_value_is_shown_as_what_it_is(kind: str, value: Any, text: str) -> None:
    assert shown(kind, value) == text
    assert meant(kind, text, before=value) is value


def test_taking_the_quotes_or_the_mark_away_puts_a_type_right() -> None:
    assert meant("integer", "2", before="2") == 2
    assert meant("decimal", "1.5", before="1.5") == 1.5
    assert meant("text", "0", before=0) == "0"
    assert meant("json", '{"a": 1}', before='{"a": 1') == {"a": 1}


def test_an_untouched_empty_text_stays_and_a_cleared_one_goes() -> None:
    assert meant("long", "", before="") == ""
    assert meant("text", "", before="a") is MISSING
    assert meant("text", "", before=MISSING) is MISSING
    assert meant("integer", "", before=None) is MISSING
    assert not MISSING


def test_a_variable_keeps_name_and_value_empty_or_not() -> None:
    assert meant_variable(" A ", " v ") == {"key": "A", "value": " v "}
    assert meant_variable("", "") == {"key": "", "value": ""}
    assert meant_variable("A", "0 (number)", {"key": "A", "value": 0}) == {"key": "A", "value": 0}
    assert meant_variable("A", "0", {"key": "A", "value": 0}) == {"key": "A", "value": "0"}
    assert meant_variable("A", "", {"key": "A", "value": "x"}) == {"key": "A", "value": ""}


def test_every_field_has_a_kind() -> None:
    kinds = {"text", "long", "choice", "integer", "weight", "decimal", "flag", "numbers", "json"}
    assert set(FIELDS.values()) | set(ROW_FIELDS.values()) <= kinds
    assert {*leaves(newer.SERVICE_TREE), *leaves(newer.ENTRY_TREE)} <= kinds


def leaves(node: newer.Node) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from leaves(inner)
