"""Bodies line by line: the text is the preview's own, the marks follow the meaning."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.domain import body_lines, payload


def body(*models: dict, **more: object) -> dict:
    return {"service_name": "mnist", "infer_type": "real-time", "config": list(models)} | more


def marked(lines: list[body_lines.BodyLine]) -> list[str]:
    return [line.text.strip() for line in lines if line.marked]


def test_only_what_differs_is_marked_on_each_side():
    one = body({"model_id": "a", "weight": 100, "envs": {"T": "30", "L": "x"}}, description="Same")
    two = body({"model_id": "a", "weight": 70, "envs": {"T": "45", "L": "x"}}, description="Same")
    left, right = body_lines.side_by_side(one, two)
    assert marked(left) == ['"T": "30"', '"weight": 100']
    assert marked(right) == ['"T": "45"', '"weight": 70']


def test_a_model_that_came_is_marked_as_a_whole_and_one_that_moved_is_not():
    a, b = {"model_id": "a", "weight": 100}, {"model_id": "b", "weight": 0}
    left, right = body_lines.side_by_side(body(a), body(b, a))
    assert marked(left) == []
    assert marked(right) == ["{", '"model_id": "b",', '"weight": 0', "},"]


def test_equal_lines_of_different_models_are_not_mixed_up():
    one = body({"model_id": "a", "weight": 70}, {"model_id": "b", "weight": 30})
    two = body({"model_id": "a", "weight": 30}, {"model_id": "b", "weight": 70})
    left, right = body_lines.side_by_side(one, two)
    assert marked(left) == ['"weight": 70', '"weight": 30']
    assert marked(right) == ['"weight": 30', '"weight": 70']


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["config", "schedule", "service_name", "x.y", "z"]), json_values))
def test_the_text_is_the_previews_own(typed):
    text = "\n".join(line.text for line in body_lines.lines(typed, ()))
    assert text == payload.pretty(typed)
    body_lines.side_by_side(typed, {})


def test_bodies_made_to_be_hard_take_no_longer():
    """Thousands of equal lines: comparing texts line by line would take minutes."""
    one, two = body(odd=[1] * 30_000), body(odd=[1, 1, 1, 2] * 7_500)
    begun = time.monotonic()
    body_lines.side_by_side(one, two)
    assert time.monotonic() - begun < 5
