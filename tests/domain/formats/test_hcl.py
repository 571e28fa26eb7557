"""Terraform blocks as people paste them, and as nobody should."""

import contextlib
import time
from typing import Any

import pytest

from deployer.domain.formats import read
from deployer.domain.reading import Unreadable

OF_THE_MANUAL = """
variable "model_id" {}

# what runs
resource "huaweicloud_modelarts_service" "test" {
  region      = "cn-north-4"
  name        = "demo"
  infer_type  = "real-time"
  description = "This is a demo"
  subnet_id   = "s-1"
  vpc_id      = null

  config {
    specification  = "modelarts.vm.gpu.p4u8.container"
    instance_count = 1
    weight         = 100 // all of it
    model_id       = var.model_id
    envs = {
      "a" : "1",
      b = "2"
    }
    custom_spec {
      cpu    = 0.5
      memory = 1024
    }
  }

  additional_properties {
    smn_notification {
      topic_urn = huaweicloud_smn_topic.test.id
      events    = [3, 7]
    }
    log_report_channels {
      type = "LTS"
    }
  }

  schedule {
    type      = "stop"
    duration  = 1
    time_unit = "HOURS"
  }

  lifecycle {
    ignore_changes = [change_status_to]
  }
}
"""


def one(content: str) -> str:
    return f'resource "huaweicloud_modelarts_service" "test" {{\n{content}\n}}\n'


def body_of(content: str) -> dict[str, Any]:
    return read(one(content)).body


def test_the_block_of_the_manual() -> None:
    found = read(OF_THE_MANUAL)
    assert found.format == "hcl"
    assert found.body == {
        "service_name": "demo",
        "infer_type": "real-time",
        "description": "This is a demo",
        "subnet_network_id": "s-1",
        "config": [
            {
                "specification": "modelarts.vm.gpu.p4u8.container",
                "instance_count": 1,
                "weight": 100,
                "model_id": "${var.model_id}",
                "envs": {"a": "1", "b": "2"},
                "custom_spec": {"cpu": 0.5, "memory": 1024},
            }
        ],
        "additional_properties": {
            "smn_notification": {"topic_urn": "${huaweicloud_smn_topic.test.id}", "events": [3, 7]},
            "log_report_channels": [{"type": "LTS"}],
        },
        "schedule": [{"type": "stop", "duration": 1, "time_unit": "HOURS"}],
    }
    assert found.notes == (
        "Terraform would look up config[0].model_id, additional_properties.smn_notification.topic_urn. "
        "The text stays as it is: put the values in.",
        "Left out, since it is about Terraform and no part of a request: region, lifecycle.",
    )
    assert read(OF_THE_MANUAL.replace("\n", "\r\n").encode()) == found


VALUES: list[tuple[str, Any]] = [
    ('"a \\"b\\" \\\\ \\n\\t\\u00e9\\U0001f600"', 'a "b" \\ \n\té😀'),
    ('"$${x} %%{y} $ % $$"', "${x} %{y} $ % $$"),
    ('"\\u0024{x}"', "${x}"),
    ("<<EOT\n  one\n  two \\n $${x}\nEOT", "  one\n  two \\n ${x}\n"),
    ("<<-EOT\n    one\n      two\n\n  EOT", "one\n  two\n\n"),
    ("<<E\nE", ""),
    ("70", 70),
    ("-5", -5),
    ("-0.5", -0.5),
    ("1e3", 1000.0),
    ('"70"', "70"),
    ("(((true)))", True),
    ('[1, "a", null,]', [1, "a", None]),
    ('{ a = 1, "b c" : 2, 3 = [], if = {} }', {"a": 1, "b c": 2, "3": [], "if": {}}),
    ('jsonencode({ b = [1], a = "<&>" })', '{"a":"\\u003c\\u0026\\u003e","b":[1]}'),
]


@pytest.mark.parametrize(("written", "value"), VALUES)
def test_values_are_what_they_mean(written: str, value: Any) -> None:
    found = read(one(f"own = {written}"))
    assert found.body == {"own": value}
    assert found.notes == ()


LEFT_AS_TEXT = [
    ("var.x", "${var.x}"),
    ("a.b[0].c", "${a.b[0].c}"),
    ('"${var.x}"', "${var.x}"),
    ('"a-${var.x}-\\n"', "a-${var.x}-\n"),
    ('"%{ if true }x%{ endif }"', "%{ if true }x%{ endif }"),
    ("<<E\n${var.x}\nE", "${var.x}\n"),
    ("max(1, 2)", "${max(1, 2)}"),
    ("true ? 1 : 2", "${true ? 1 : 2}"),
    ("1 + 2", "${1 + 2}"),
    ("!true", "${!true}"),
    ("[for x in y : x]", "${[for x in y : x]}"),
    ("word", "${word}"),
    ("jsonencode(var.x)", '"${var.x}"'),
]


@pytest.mark.parametrize(("written", "text"), LEFT_AS_TEXT)
def test_what_terraform_works_out_stays_as_text_with_a_note(written: str, text: str) -> None:
    found = read(one(f"own = {written}"))
    assert found.body == {"own": text}
    assert found.notes == ("Terraform would look up own. The text stays as it is: put the values in.",)


@pytest.mark.parametrize(
    "rule",
    [
        'jsonencode({ type = "object", properties = { x = { type = "string", index = 0 } } })',
        '{ type = "object", properties = { x = { type = "string", index = 0 } } }',
        '{ type = "object", properties = jsonencode({ x = { type = "string", index = 0 } }) }',
    ],
)
def test_a_mapping_rule_may_be_an_object_or_encoded(rule: str) -> None:
    expected = {"type": "object", "properties": {"x": {"type": "string", "index": 0}}}
    assert body_of(f"config {{\n mapping_rule = {rule}\n}}") == {"config": [{"mapping_rule": expected}]}


SHAPES: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    ("config {\n}\nconfig {\n weight = 1\n}", {"config": [{}, {"weight": 1}]}),
    ("config = [{ weight = 1 }]", {"config": [{"weight": 1}]}),
    ("custom {\n a = 1\n}", {"custom": {"a": 1}}),
    ("custom {\n a = 1\n}\ncustom {\n}", {"custom": [{"a": 1}, {}]}),
    ("config {\n own {\n  deep {\n  }\n }\n}", {"config": [{"own": {"deep": {}}}]}),
    ("config {\n region = 1\n}", {"config": [{"region": 1}]}),
    ("service_name = 1", {"service_name": 1}),
    ('config {\n}\n# keep {"path": ["config", 0, "own"], "value": {"a": [1]}}', {"config": [{"own": {"a": [1]}}]}),
    ('# keep {"path": ["a"], "value": []}\n# keep {"path": ["a", 0], "value": 1}', {"a": [1]}),
    ("# keep the lights on\n# keepsake", {}),
    ('own = "x\\n# keep {}"', {"own": "x\n# keep {}"}),
    ('own = <<E\n# keep {"path": ["a"], "value": 1}\nE', {"own": '# keep {"path": ["a"], "value": 1}\n'}),
]


@pytest.mark.parametrize(("content", "body"), SHAPES)
def test_blocks_become_lists_and_objects(content: str, body: dict[str, Any]) -> None:
    assert body_of(content) == body


def test_what_is_dynamic_is_left_out_with_a_note() -> None:
    found = read(one('dynamic "config" {\n for_each = var.models\n content {\n }\n}\ncount = 2\ndepends_on = [x.y]'))
    assert found.body == {}
    assert found.notes == (
        "Left out, since it is about Terraform and no part of a request: count, depends_on.",
        "Left out: blocks that are dynamic. Write out what they stand for.",
    )


REFUSED = [
    ('name = "a"\nname = "b"', 3, 1, "service_name", '"service_name" stands twice. Keep one.'),
    ('name = "a"\nservice_name = "b"', 3, 1, "service_name", '"service_name" stands twice. Keep one.'),
    ("config {\n}\nconfig = []", 2, 1, "config", '"config" stands twice. Keep one.'),
    (
        "config {\n custom_spec {\n }\n custom_spec {\n }\n}",
        5,
        2,
        "config[0].custom_spec",
        '"custom_spec" stands twice',
    ),
    ("config {\n envs = { A = 1, A = 2 }\n}", 3, 18, "config[0].envs.A", '"A" stands twice. Keep one.'),
    ("a = ", 2, 5, "", "something is missing here."),
    ("a = [1", 3, 1, "", '"}" cannot stand here.'),
    ("a = @", 2, 5, "", '"@" cannot stand here.'),
    ('a = "x', 4, 1, "", "the text ends too early. A brace or a quote is missing."),
    ("a {", 4, 1, "", "the text ends too early. A brace or a quote is missing."),
    ('a = "x\ny"', 2, 7, "", "this text is not closed on its line. A double quote is missing."),
    ('a = "x\\q"', 2, 7, "", "a backslash stands before a sign that cannot follow it. Write it twice."),
    ('a = "x\\u0000"', 2, 7, "", "the character NUL (\\u0000) is not allowed."),
    ('a = "\\ud83d"', 2, 6, "", "\\ud83d is half a character (a lone surrogate)."),
    ('a = "\\U00110000"', 2, 6, "", "there is no character \\U00110000."),
    ('a = "\0"', 2, 6, "", "the character NUL is not allowed."),
    ('a = "\ud800"', 2, 6, "", "half a character (a lone surrogate) is not allowed."),
    ("config {\n weight = 1" + "0" * 30 + "\n}", 3, 11, "config[0].weight", "a number with more than 30 digits."),
    ("a = 1e99", 2, 5, "a", "a number with more than 30 digits."),
    ("a = " + "[" * 60 + "]" * 60, 2, 56, "a" + "[0]" * 51, "nested more than 50 deep."),
    ("a {\n" * 60 + "}" * 60, 52, 1, ".".join("a" * 51), "nested more than 50 deep."),
    ('# keep {"path": ["config", 0, "a"], "value": 1}', 2, 1, "", "this line fits nowhere in the block."),
    ('a = 1\n# keep {"path": ["a"], "value": 1}', 3, 1, "", "this line fits nowhere in the block."),
    ('# keep {"path": [], "value": 1}', 2, 1, "", "this line fits nowhere in the block."),
    ('# keep {"path": "a", "value": 1}', 2, 1, "", "this line fits nowhere in the block."),
    ('# keep {"path": ["a"], "value": NaN}', 2, 1, "", "this line cannot be read. Line 1, column 26: NaN"),
    ("a = <<E\n" + "\n" * 3000, 2, 8, "", "more than 2,000 blanks or empty lines follow each other."),
]


@pytest.mark.parametrize(("content", "line", "column", "path", "words"), REFUSED)
def test_what_cannot_be_read_is_refused_by_place(content: str, line: int, column: int, path: str, words: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(one(content))
    assert refusal.value.message.startswith(f"Line {line}, column {column}: {words}")
    assert (refusal.value.line, refusal.value.column, refusal.value.path) == (line, column, path)


def test_several_blocks_are_named_and_none_is_chosen() -> None:
    text = one("") + one("").replace("test", "other") + 'resource "huaweicloud_vpc" "third" {\n}\n'
    with pytest.raises(Unreadable, match=r"Line 4, column 1: the text has 2 services \(test, other\)\. Paste one"):
        read(text)


def test_a_block_of_another_kind_is_none() -> None:
    with pytest.raises(Unreadable, match="There is no huaweicloud_modelarts_service block"):
        read('# resource "huaweicloud_modelarts_service" "x"\nresource "huaweicloud_vpc" "x" {\n}\n')
    with pytest.raises(Unreadable, match="Line 1, column 1: a value is wanted here, not resource"):
        read('resource "huaweicloud_modelartsv2_service" "x" {\n}\n')


def test_too_much_is_a_sentence() -> None:
    with pytest.raises(Unreadable, match="At most 100,000 are read; as JSON it may have more"):
        read(one("# " + "x" * 100_000))
    with pytest.raises(Unreadable, match="At most 5,000,000 are read"):
        read(one("# " + "x" * 5_000_000))


HOSTILE = {
    "lists": "a = " + "[" * 35_000 + "]" * 35_000,
    "brackets": "a = " + "(" * 35_000 + "1" + ")" * 35_000,
    "open blocks": "a {\n" * 17_500,
    "objects": "a = " + "{b=" * 22_500,
    "sums": "a = " + "1 + " * 17_500 + "1",
    "choices": "a = " + "x ? " * 8_500 + "1" + " : 2" * 8_500,
    "dots": "a = b" + ".c" * 35_000,
    "indexes": "a = b" + "[0]" * 22_500,
    "heredocs": "a = <<A\n" * 9_000,
    "a heredoc without end": "a = <<A\n" + "x\n" * 35_000,
    "blank lines": "a = <<A\n" + ("\n" * 1_990 + "x") * 35,
    "a long word": "a = <<A\n" + "x" * 70_000 + "\nA",
    "comments": "/*" * 35_000,
    "dollars": 'a = "' + "$" * 70_000 + '"',
    "templates": 'a = "' + '${"' * 22_500,
    "backslashes": 'a = "' + "\\\\" * 35_000 + '"',
    "nots": "a = " + "!" * 70_000 + "true",
    "digits": "a = " + "1" * 70_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_soon_and_in_words(name: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(Unreadable):
        read(one(HOSTILE[name]))
    assert time.perf_counter() - start < 20  # a second or two on a quiet machine; a minute where a pattern is quadratic
