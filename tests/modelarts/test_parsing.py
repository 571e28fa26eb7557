"""What strangers send can be stored and written again, or is refused as no JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.modelarts import answers, reading
from deployer.modelarts.masking import LONGEST, masked
from deployer.modelarts.parsing import parsed, storable

from .clouds import answer

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=[])), inner),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_read_can_be_stored(value):
    found = parsed(json.dumps(value))
    text = json.dumps(found, allow_nan=False, ensure_ascii=False)
    assert "\0" not in text
    assert "\\u0000" not in text
    text.encode()


def test_good_text_stays_as_it_is():
    assert parsed('{"a": "caf\\u00e9 \\ud83d\\ude00", "b": [1, 0.5, null]}') == {"a": "café 😀", "b": [1, 0.5, None]}
    assert storable("a\0b\ud800c") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("text", ["", "{", "[" * 101 + "]" * 101, "[" * 100_000, b"\xff", "9" * 5000])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ValueError):
        parsed(text)


def test_numbers_beyond_all_bounds_are_none():
    assert parsed("[NaN, -Infinity, 1e999]") == [None, None, None]


@given(VALUES)
def test_a_row_of_nonsense_is_still_a_row(value):
    seen = answers.service(dict.fromkeys(("service_id", "status", "progress", "due_time", "config"), value))
    assert isinstance(seen.status, str)
    assert seen.progress is None or 0 <= seen.progress <= 100
    answers.model(dict.fromkeys(("model_id", "install_type", "apis"), value))
    answers.specification(dict.fromkeys(("specification", "is_open", "over_quota"), value))


def test_raw_text_is_cut_by_its_bytes():
    kept = masked("é" * LONGEST)
    assert len(kept.encode()) == LONGEST
    assert masked("a\0\ud800") == "a\ufffd\ufffd"


def test_an_answer_with_odd_characters_is_read(cloud, client):
    cloud.acts = [answer('{"service_id": "s1", "service_name": "a\\u0000\\ud800", "progress": 1e999, "x": NaN}')]
    seen = client.service("s1")
    assert (seen.name, seen.progress, seen.raw["x"]) == ("a\ufffd\ufffd", None, None)


@pytest.mark.parametrize("number", [10**400, -(10**400), 2**63, str(10**30), 1e300, "1e300"])
def test_a_number_no_column_holds_is_none(number):
    assert reading.whole(number) is None
    assert reading.decimal(number) is None


def test_the_largest_that_a_column_holds_is_kept_exactly():
    assert reading.whole(2**63 - 1) == reading.whole(str(2**63 - 1)) == 2**63 - 1
