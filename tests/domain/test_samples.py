"""The six sample requests of the API document come through unharmed."""

import json

import pytest

from deployer.domain.checking import check
from deployer.domain.diff import compare
from deployer.domain.draft import from_body
from deployer.domain.payload import canonical
from deployer.domain.problems import blocks
from deployer.domain.reading import read_object
from tests.samples import NAMES, sample, text_of

WARNED = {"batch-file": ["cluster_id"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_its_body_back_by_meaning(name: str) -> None:
    checked = check(from_body(read_object(text_of(name))))
    expected = sample(name)
    if expected.get("description") == "":
        del expected["description"]
    for entry in expected["config"]:
        if "weight" in entry:
            entry["weight"] = int(entry["weight"])
    assert not blocks(checked.problems)
    assert [problem.path for problem in checked.problems] == WARNED.get(name, [])
    assert checked.payload == canonical(expected)
    assert json.loads(checked.payload) == expected
    assert compare(sample(name), expected) == []
