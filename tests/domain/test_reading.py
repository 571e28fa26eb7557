"""Text that is not JSON names line and column; what readers would take differently is refused by place."""

import time

import pytest

from deployer.domain.reading import Unreadable, read_json, read_object
from tests.domain.test_properties import refusal_of

NOT_JSON = [
    ('{"a": 1 "weight": 2}', 1, 9, 'a comma is missing before "weight".'),
    ('{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma is missing before "b".'),
    ('{"a": [1 2]}', 1, 10, 'a comma is missing before "2".'),
    ('{"a": [1, 2,]}', 1, 13, 'a comma stands before the closing "]". Leave it out.'),
    ('{"a": 1,\n}', 2, 1, 'a comma stands before the closing "}". Leave it out.'),
    ('{"a" 1}', 1, 6, 'a colon is missing after "a".'),
    ("{a: 1}", 1, 2, "a name in double quotes is wanted here, not a."),
    ('{"a": }', 1, 7, 'a value is wanted here, not "}".'),
    ('{"a": 1', 1, 8, 'the text ends too early. "}" is missing.'),
    ('{"a": [1}', 1, 9, '"]" is wanted here, not "}".'),
    ('{"a": 1; "b": 2}', 1, 8, 'a comma or "}" is wanted here, not ";".'),
    ('{"a": "b}', 1, 7, "this text is not closed. A double quote is missing."),
    ('{"a": "b\n"}', 1, 7, "this text is not closed on its line. A double quote is missing."),
    ('{"a": "\t"}', 1, 8, "the control character U+0009 must be written as \\u0009."),
    ('{"a": "C:\\x"}', 1, 10, "a backslash stands before a sign that cannot follow it. Write it twice."),
    ("{'a': 1}", 1, 2, 'a name in double quotes is wanted here, not "\'".'),
    ("{\"a\": 'b'}", 1, 7, 'texts and names stand in straight double quotes: "like this".'),
    ('{"a": True}', 1, 7, "write true instead of True."),
    ('{"a": None}', 1, 7, "write null instead of None."),
    ('{"a": 01}', 1, 7, "this is not a number as JSON writes it (1, -1, 0.5, 1e3)."),
    ('{"a": 1.}', 1, 7, "this is not a number as JSON writes it (1, -1, 0.5, 1e3)."),
    ('{"a": 1} x', 1, 10, "x stands after the end of the JSON."),
    ("{} // no", 1, 4, '"/" stands after the end of the JSON.'),
    ('{"a": /* no */ 1}', 1, 7, "JSON has no comments."),
    ("[1, \0]", 1, 5, "a value is wanted here, not the character U+0000."),
    (b'{"a": "\xff"}', 1, 8, "byte 0xff is not UTF-8."),
]

REFUSED = [
    ('{"config": [{"weight": 1, "weight": 2}]}', "config[0].weight", 27, '"weight" stands twice. Keep one.'),
    ('{"a": 1, "\\u0061": 2}', "a", 10, '"a" stands twice. Keep one.'),
    ('{"a": NaN}', "a", 7, "NaN is not a number in JSON."),
    ('{"a": [0, Infinity]}', "a[1]", 11, "Infinity is not a number in JSON."),
    ('[{"a": -Infinity}]', "[0].a", 8, "-Infinity is not a number in JSON."),
    ('{"a": {"b": "x\\ud800y"}}', "a.b", 15, "\\ud800 is half a character (a lone surrogate)."),
    ('{"a": "\\ude00\\ud83d"}', "a", 8, "\\ude00 is half a character (a lone surrogate)."),
    ('{"a": "\ud800"}', "a", 8, "half a character (a lone surrogate) stands here."),
    ('{"a": {"\\udfff": 1}}', "a", 9, "\\udfff is half a character (a lone surrogate)."),
    ('{"envs": {"A": "\\u0000"}}', "envs.A", 17, "the character NUL (\\u0000) is not allowed."),
    ('{"envs": {"A\\u0000": ""}}', "envs", 13, "the character NUL (\\u0000) is not allowed."),
    ('{"a": "\0"}', "a", 8, "the character NUL is not allowed."),
    ('{"a": 1234567890123456789012345678901}', "a", 7, "a number with more than 30 digits."),
    ('{"a": 1e400}', "a", 7, "a number with more than 30 digits."),
    ('{"a": -1E+30}', "a", 7, "a number with more than 30 digits."),
    ('{"a": 1e-31}', "a", 7, "a number with more than 30 digits."),
    ('{"a": 1e99999999999999999999}', "a", 7, "a number with more than 30 digits."),
    ('{"a": ' + "[" * 50 + "1" + "]" * 50 + "}", "a" + "[0]" * 49, 56, "nested more than 50 deep."),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), NOT_JSON)
def test_text_that_is_not_json_names_line_and_column(text: str | bytes, line: int, column: int, words: str) -> None:
    refusal = refusal_of(text)
    assert refusal is not None
    assert (refusal.line, refusal.column, refusal.path) == (line, column, "")
    assert refusal.message == f"Line {line}, column {column}: {words}"


@pytest.mark.parametrize(("text", "path", "column", "words"), REFUSED)
def test_what_is_refused_names_its_path(text: str, path: str, column: int, words: str) -> None:
    refusal = refusal_of(text)
    assert refusal is not None
    assert (refusal.path, refusal.line, refusal.column) == (path, 1, column)
    assert refusal.message == f"Line 1, column {column}: {words}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\ufeff{}", {}),
        (b"\xef\xbb\xbf{}", {}),
        ('{"a":\r\n1}', {"a": 1}),
        ('{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        ('{"a": "\\\\ud800"}', {"a": "\\ud800"}),
        ('{"a": 123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        ('{"a": 1e29}', {"a": 1e29}),
        ('{"a": 0e999}', {"a": 0.0}),
        ("[" * 50 + "]" * 50, None),
        ("-0.5", -0.5),
        ('""', ""),
    ],
)
def test_sound_text_is_read(text: str | bytes, value: object) -> None:
    read = read_json(text)
    assert value is None or read == value


@pytest.mark.parametrize("text", ["", " \n ", "\ufeff", b""])
def test_no_text_is_a_sentence(text: str | bytes) -> None:
    with pytest.raises(Unreadable, match="There is no text. Paste a request as JSON."):
        read_json(text)


def test_too_much_text_is_counted_in_bytes() -> None:
    assert read_json('"é"', limit=4) == "é"
    with pytest.raises(Unreadable, match="The text has 4 bytes. At most 3 are read."):
        read_json('"é"', limit=3)
    with pytest.raises(Unreadable, match="At most 5,000,000 are read."):
        read_json(b" " * 5_000_001)


@pytest.mark.parametrize(
    ("text", "what"),
    [("[]", "A list"), ('"a"', "A text"), ("1", "A number"), ("null", "null"), ("true", "true or false")],
)
def test_a_request_is_an_object(text: str, what: str) -> None:
    with pytest.raises(Unreadable, match=r"The request must be a JSON object: \{…\}\. " + what + " came."):
        read_object(text)
    assert read_object('{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000_000,
        "[" + "1," * 2_400_000 + "1]",
        '"' + "a" * 4_900_000,
        '"' + "\\n" * 2_400_000,
        '"' + "\\u0041" * 800_000 + '"',
        "1" * 4_900_000,
        "{" + ",".join(f'"k{number}":1' for number in range(300_000)) + "}",
    ],
    ids=["open lists", "numbers", "unclosed", "escapes", "codes", "digits", "keys"],
)
def test_hostile_text_takes_no_more_than_linear_time(text: str) -> None:
    start = time.perf_counter()
    refusal_of(text)
    assert time.perf_counter() - start < 8  # about 1 second on a quiet machine; anything quadratic takes hours
