"""Formats are told apart by how they look; JSON is read as ever."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.domain.formats import read
from deployer.domain.formats.reading import format_of
from deployer.domain.reading import Unreadable, read_object
from tests.domain.test_reading import NOT_JSON, REFUSED


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{}", "json"),
        ("\n [1]", "json"),
        ('{"a": "curl -d x"}', "json"),
        ('{"a": "resource \\"huaweicloud_modelarts_service\\" \\"x\\" {"}', "json"),
        ("", "json"),
        ("curlew", "json"),
        ("# a comment", "json"),
        ("wget -d {}", "json"),
        ("curl", "curl"),
        ("\n# one\n#two\n\n $ curl x", "curl"),
        ("A=1 export B=2\ncurl x", "curl"),
        ('curl -d \'resource "huaweicloud_modelarts_service" "x" {\'', "curl"),
        ('resource "huaweicloud_modelarts_service" "x" {\n}', "hcl"),
        ('# curl\nvariable "x" {}\nresource huaweicloud_modelarts_service x {\n}', "hcl"),
        ('resource "opentelekomcloud_modelarts_service" "x" {}', "json"),
    ],
)
def test_a_text_is_known_by_its_look(text: str, kind: str) -> None:
    assert format_of(text) == kind


@pytest.mark.parametrize("text", [case[0] for case in [*NOT_JSON, *REFUSED]] + ["", "[1]", "17", "\ufeff", "hello"])
def test_what_json_refuses_is_refused_alike(text: str | bytes) -> None:
    with pytest.raises(Unreadable) as before:
        read_object(text)
    with pytest.raises(Unreadable) as now:
        read(text)
    assert (now.value.message, now.value.line, now.value.column, now.value.path) == (
        before.value.message,
        before.value.line,
        before.value.column,
        before.value.path,
    )


def test_json_is_read_as_ever() -> None:
    found = read('\ufeff{"a": 1.0}\r\n')
    assert (found.body, found.format, found.notes) == ({"a": 1.0}, "json", ())


@pytest.mark.parametrize("text", ["curl -d '", 'resource "huaweicloud_modelarts_service" "x" {'])
def test_too_much_is_counted_in_bytes_for_every_format(text: str) -> None:
    with pytest.raises(Unreadable, match="At most 5,000,000 are read."):
        read(text + "é" * 2_500_000)


HOSTILE = {
    "settings": "a=;" * 1_600_000,
    "more settings": "a=1 " * 1_200_000,
    "comments": "#\n" * 2_400_000,
    "blanks": " " * 4_900_000,
    "words": "curl " + "a " * 1_000_000,
    "quotes": "curl -d " + "'a'" * 1_000_000,
    "escapes": 'curl -d "' + '\\"' * 1_000_000 + '"',
    "variables": 'curl -d "{' + "$A" * 500_000,
    "commands": "curl -d " + "$(" * 1_000_000,
    "backticks": "curl " + "`a`" * 500_000,
    "documents": "curl " + "<<A " * 20_000,
    "cats": "curl " + '"$(cat <<A\n' * 20_000,
    "options": "curl -" + "s" * 1_000_000,
    "many bodies": "curl" + " -d 1" * 300_000,
    "codes": "curl -d $'" + "\\x41\\u0041" * 300_000 + "'",
    "continued": "curl " + "\\\n" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_more_than_linear_time(name: str) -> None:
    start = time.perf_counter()
    with pytest.raises(Unreadable):
        read(HOSTILE[name])
    assert time.perf_counter() - start < 20  # a few seconds on a quiet machine; anything quadratic takes hours


CURL = [
    "curl ",
    "-d ",
    "--json ",
    "-H ",
    "'",
    '"',
    "$'",
    "\\",
    "\n",
    "$A",
    "${A",
    "$(",
    ")",
    "`",
    "@-",
    "<<E",
    "<<-'E'",
]
CURL += [
    "\nE\n",
    "<<<",
    "{",
    "}",
    '"a"',
    ":",
    "1",
    " ",
    "#",
    ";",
    "|",
    ">",
    "^",
    "-",
    "--",
    "\\x",
    "\\ud800",
    "\0",
    "é",
]
HCL = [
    "config",
    "envs",
    " = ",
    "=",
    "{",
    "}",
    "\n",
    '"',
    "a",
    "1",
    "-",
    ".",
    "[",
    "]",
    ",",
    "${",
    "%{",
    "$${",
    "(",
    ")",
]
HCL += [
    "<<E",
    "\nE\n",
    "# keep ",
    '{"path": ["a"], "value": 1}',
    "/*",
    "*/",
    "null",
    "for ",
    " in ",
    "?",
    ":",
    "\\",
    "\0",
    "é",
]
BLOCK = 'resource "huaweicloud_modelarts_service" "x" {\n'


def texts_of(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=25).map("".join)


@settings(deadline=None, max_examples=400)
@given(texts_of(CURL).map("curl ".__add__) | texts_of(HCL).map(lambda inner: f"{BLOCK}{inner}\n}}\n") | st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    refusal = refusal_of(text)
    if refusal is None:
        return
    assert refusal.message.endswith((".", ")"))
    lines = text.replace("\r\n", "\n").split("\n")
    assert refusal.line is None or 1 <= refusal.line <= len(lines)
    if refusal.line and refusal.column:
        assert 1 <= refusal.column <= len(lines[refusal.line - 1]) + 2


def refusal_of(text: str) -> Unreadable | None:
    """Why a text is not read, or None. Any other error is a mistake of ours."""
    try:
        assert isinstance(read(text).body, dict)
    except Unreadable as refusal:
        return refusal
    return None
