"""Out and in again changes nothing by meaning, whatever stands in the request."""

import ast
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deployer.domain.formats import FORMATS, Facts, read, write
from deployer.domain.payload import canonical
from deployer.domain.reading import Unreadable
from tests.domain.strategies import BODIES, JSON
from tests.samples import NAMES, sample

FACTS = Facts("https://modelarts.example.com", "5a0d80b5c0de4c0fa11ab1e5eed00001", "region-1")
IN_AND_OUT = ("json", "curl", "hcl")

HOSTILE = [
    "it's",
    "'",
    "'\\''",
    '"quoted"',
    "\\",
    "\\\\u0041",
    "$HOME",
    "$(id)",
    "`id`",
    "!!",
    "${var.x}",
    "$${var.x}",
    "$$${x",
    "%{ if true }x%{ endif }",
    "%%{",
    "$",
    "%",
    "line\nline\r\nline\ttab",
    "\nEOF\n",
    "<<EOF\n",
    "*/",
    "/* # // */",
    '# keep {"path": ["a"], "value": 1}',
    "\n  # keep {}\n}",
    '"""',
    "'''",
    "\u2028\u2029\x85",
    "\u202e\u200b\ufeff",
    "\x7f\x1b[31m",
    "ü 漢 \U0001f600",
    "\U000e0041",
    "</script>",
    "{",
    "}",
    " blank ",
    "",
    "-",
    "@file",
    "\\u0000",
]
TEN_UNKNOWN = {
    "service_name": "mnist",
    "infer_type": "real-time",
    "own_1": "text",
    "own_2": 17,
    "own_3": None,
    "name": "also unknown to the API",
    "subnet_id": "and this",
    "region": "elsewhere",
    "config": [
        {
            "model_id": "m-1",
            "weight": 100,
            "own_4": [1, {"a": True}],
            "own_5": {},
            "envs": {"A": "1"},
            "custom_spec": {"cpu": 1.5, "own_6": "x", "own_7": [None]},
        },
        "no entry",
    ],
    "schedule": [{"type": "stop", "own_8": 0.5}, {"type": "again"}, 3],
    "additional_properties": {
        "own_9": [],
        "smn_notification": {"events": [3, "7"], "own_10": "deep"},
        "log_report_channels": [{"type": "LTS", "configuration": {"log_group_id": "g"}}, {"type": "LTS"}],
    },
}


def literal_of(script: str) -> Any:
    """The value that a script gives to BODY."""
    for node in ast.parse(script).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "BODY":
            return ast.literal_eval(node.value)
    raise AssertionError("no BODY")


def is_readable(body: dict[str, Any]) -> bool:
    """Whether the body is within what is read at all: no NUL, no half characters, no endless numbers."""
    try:
        read(json.dumps(body))
    except Unreadable:
        return False
    return True


def assert_unharmed(body: dict[str, Any]) -> None:
    for name in IN_AND_OUT:
        found = read(write(body, name, FACTS))
        assert found.format == name
        assert canonical(found.body) == canonical(body), name
    assert canonical(literal_of(write(body, "python", FACTS))) == canonical(body)


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_of_the_documents_comes_through(name: str) -> None:
    assert_unharmed(sample(name))


def test_ten_unknown_keys_at_three_depths_come_through() -> None:
    assert_unharmed(TEN_UNKNOWN)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_come_through_as_values_and_as_names(text: str) -> None:
    entry = {"model_id": text, "envs": {text: text, "A": f"x{text}{text}y"}, "nodes": [text], "own": {text: [text]}}
    assert_unharmed({"service_name": text, "description": text, text: text, "config": [entry]})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"": ""},
        {"config": []},
        {"config": None},
        {"config": {"model_id": 1}},
        {"config": [{}]},
        {"config": [{"envs": {}, "custom_spec": {}, "mapping_rule": {}, "nodes": []}]},
        {"config": [{"weight": "70", "instance_count": -1, "custom_spec": {"cpu": -0.5, "memory": 1e29}}]},
        {"config": [{"weight": True, "instance_count": 1e-7}]},
        {"schedule": {}, "additional_properties": []},
        {"schedule": [{"duration": 0}], "additional_properties": {}},
        {"additional_properties": {"smn_notification": {}, "log_report_channels": []}},
        {"description": 5, "service_name": None, "vpc_id": ""},
        {"null": None, "true": True, "for": "in", "for_each": 1, "dynamic": {}},
    ],
)
def test_odd_shapes_come_through(body: dict[str, Any]) -> None:
    assert_unharmed(body)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    st.dictionaries(st.text(max_size=6), JSON, max_size=3).flatmap(lambda more: BODIES.map(lambda body: body | more))
)
def test_any_body_comes_through(body: dict[str, Any]) -> None:
    assume(json.loads(json.dumps(body)) == body)  # JSON joins two halves of a character to a whole one
    if is_readable(body):
        assert_unharmed(body)
    else:
        assert canonical(literal_of(write(body, "python", FACTS))) == canonical(body)
        for name in IN_AND_OUT:
            with pytest.raises(Unreadable):
                read(write(body, name, FACTS))


def test_what_no_eye_sees_is_written_out() -> None:
    body = {"description": "a\u202eb\u2028c\u200bd\U000e0041e\x7f\0", "own": {"\u200f": 1}}
    for name in FORMATS:
        text = write(body, name, FACTS)
        assert all(sign.isprintable() or sign == "\n" for sign in text), name


def test_a_file_says_where_it_goes_and_holds_no_token() -> None:
    body = sample("real-time")
    address = "https://modelarts.example.com/v1/5a0d80b5c0de4c0fa11ab1e5eed00001/services"
    assert f"--request POST {address} " in write(body, "curl", FACTS)
    assert '"X-Auth-Token: $TOKEN"' in write(body, "curl", FACTS)
    script = write(body, "python", FACTS)
    assert f"URL = {address!r}" in script
    assert 'os.environ["OS_TOKEN"]' in script
    compile(script, "script", "exec")
    assert 'region = "region-1"' in write(body, "hcl", FACTS)
    assert "region =" not in write(body, "hcl", Facts("https://x", "p"))


def test_a_block_says_what_terraform_does_not_send() -> None:
    assert "# keep" not in write(sample("real-time"), "hcl", FACTS)
    text = write(TEN_UNKNOWN, "hcl", FACTS)
    assert text.startswith("# For the Terraform provider")
    assert "Terraform does not send it" in text.partition("resource")[0]
    assert '# keep {"path": ["config", 0, "custom_spec", "own_6"], "value": "x"}' not in text
    assert '# keep {"path": ["config"], "value": ' in text  # one item is no object: the list is kept as a whole
    assert "leaves out a weight or a duration of 0" in write({"config": [{"weight": 0}]}, "hcl", FACTS)
