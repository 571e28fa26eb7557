"""The six sample requests of the API document come through unharmed."""

import json
from typing import Any

import pytest

from deployer.domain.checking import check
from deployer.domain.diff import compare
from deployer.domain.draft import from_body
from deployer.domain.editions import EDITIONS
from deployer.domain.payload import canonical
from deployer.domain.problems import blocks
from deployer.domain.reading import read_object
from tests.domain.bodies_2025 import everything
from tests.samples import NAMES, sample, text_of

WARNED = {"batch-file": ["cluster_id"]}


# Samples of 2022 in 2025: its batch has pools, its tables have no Ascend cards any more.
WARNED_2025 = {"dedicated-pool": ["config[0].custom_spec.ascend_a310"]}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("edition", "warnings"), [("otc-2022", WARNED), ("otc-2025", WARNED_2025)])
def test_a_sample_gives_its_body_back_by_meaning(name: str, edition: str, warnings: dict[str, list[str]]) -> None:
    checked = check(from_body(read_object(text_of(name))), edition)
    expected = sample(name)
    if expected.get("description") == "":
        del expected["description"]
    for entry in expected["config"]:
        if "weight" in entry:
            entry["weight"] = int(entry["weight"])
    assert not blocks(checked.problems)
    assert [problem.path for problem in checked.problems] == warnings.get(name, [])
    assert checked.payload == canonical(expected)
    assert json.loads(checked.payload) == expected
    assert compare(sample(name), expected) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_ten_unknown_keys_at_three_depths_come_through(edition: str) -> None:
    """Kept, sent and said, each one, wherever it stands."""
    body = stranger()
    checked = check(from_body(read_object(json.dumps(body))), edition)
    assert not blocks(checked.problems)
    assert checked.payload == canonical(body)
    assert compare(body, json.loads(checked.payload)) == []
    said = {problem.path for problem in checked.problems}
    newer = {"additional_properties", "config[0].additional_properties", "config[0].affinity"}
    inside = {
        "additional_properties.unknown_4",
        "additional_properties.smn_notification.unknown_5",
        "config[0].additional_properties.unknown_6",
        "config[0].affinity.node_affinity.unknown_7",
    }
    everywhere = {"unknown_1", "unknown_2", "config[0].unknown_3", "config[0].custom_spec.unknown_8"}
    everywhere |= {"config[0].unknown_9", "schedule[0].unknown_10"}
    assert said >= everywhere | (inside if edition == "otc-2025" else newer)


def stranger() -> dict[str, Any]:
    """A sound request with ten keys nobody knows, at three depths and more."""
    body = everything()
    body |= {"unknown_1": None, "unknown_2": {"deep": [{"er": 1.0}, ""]}}
    body["additional_properties"] |= {"unknown_4": False}
    body["additional_properties"]["smn_notification"] |= {"unknown_5": []}
    body["schedule"] = [{"type": "stop", "time_unit": "HOURS", "duration": 2, "unknown_10": {}}]
    model = body["config"][0]
    model |= {"unknown_3": "", "unknown_9": [{}]}
    model["additional_properties"] |= {"unknown_6": {"": ""}}
    model["affinity"]["node_affinity"] |= {"unknown_7": 0}
    model["custom_spec"] |= {"unknown_8": 1e3}
    return body
