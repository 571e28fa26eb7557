"""Laws that hold for every input, not only for the ones somebody thought of."""

import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deployer.domain import diff, draft, newer, typed
from deployer.domain.checking import check
from deployer.domain.editions import EDITIONS
from deployer.domain.payload import build, canonical, pretty
from deployer.domain.problems import blocks
from deployer.domain.reading import Unreadable, read_json
from tests.domain.strategies import BODIES, ENTRIES, JSON, TEXTS

KINDS = st.sampled_from(["text", "long", "integer", "weight", "decimal", "json", "choice", "flag", "numbers"])
EDITION = st.sampled_from(sorted(EDITIONS))


def strictly(value: Any) -> str:
    """A value with its types: 1, 1.0 and true are three."""
    return json.dumps(value, sort_keys=True)


def refusal_of(text: str | bytes) -> Unreadable | None:
    """Why a text is not read, or None."""
    try:
        read_json(text)
    except Unreadable as refusal:
        return refusal
    return None


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same value with the keys of its objects in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


@given(st.text() | st.binary() | JSON.map(json.dumps) | JSON.map(lambda value: json.dumps(value)[:-1]))
def test_reading_answers_or_refuses(text: str | bytes) -> None:
    refusal = refusal_of(text)
    if refusal:
        assert refusal.message.endswith(".")
        refusal.path.encode()


@given(
    st.lists(st.sampled_from(list('{}[]:,"\\0-1.eE+ut ndNI/\n\0') + ["true", '"a"', "\\u0000", "\\ud800"]), max_size=30)
)
def test_whatever_is_read_the_standard_reader_takes_too(signs: list[str]) -> None:
    text = "".join(signs)
    try:
        value = read_json(text)
    except Unreadable:
        return
    assert strictly(value) == strictly(json.loads(text))


@given(JSON)
def test_sound_json_is_read_as_it_is(value: Any) -> None:
    text = json.dumps(value, indent=1)
    refusal = refusal_of(text)
    if refusal:
        assert any(word in refusal.message for word in ("NUL", "surrogate", "30 digits"))
    else:
        assert strictly(read_json(text)) == strictly(value)


@given(BODIES)
def test_a_body_comes_back_from_its_draft(body: dict[str, Any]) -> None:
    doc = draft.from_body(body)
    assert strictly(draft.body_of(doc)) == strictly(body)
    stored = draft.loads(draft.dumps(doc))
    assert strictly(stored) == strictly(doc)
    assert draft.same(stored, draft.from_body(body))


@given(BODIES, EDITION)
def test_checking_never_raises_and_every_place_can_be_written(body: dict[str, Any], edition: str) -> None:
    checked = check(draft.from_body(body), edition)
    assert (checked.payload is None) == blocks(checked.problems)
    for problem in checked.problems:
        f"{problem.path} {problem.message}".encode()
    if checked.payload is not None:
        assert canonical(read_json(checked.payload)) == checked.payload
        assert canonical(build(json.loads(checked.payload))) == checked.payload
    pretty(build(draft.body_of(draft.from_body(body)))).encode()


@given(st.dictionaries(TEXTS, JSON, max_size=4), EDITION)
def test_checking_takes_any_object(body: dict[str, Any], edition: str) -> None:
    check(draft.from_body(body), edition)


@given(BODIES)
def test_no_edition_changes_what_is_sent(body: dict[str, Any]) -> None:
    bodies = [check(draft.from_body(body), edition).body for edition in EDITIONS]
    assert len({strictly(one) for one in bodies}) == 1
    for key in newer.SERVICE:
        assert strictly(bodies[0].get(key)) == strictly(body.get(key))


@given(JSON, st.randoms(use_true_random=False))
def test_the_canonical_text_is_one(value: Any, chance: random.Random) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text
    assert canonical(shuffled(value, chance)) == text
    assert canonical(json.loads(pretty(value))).encode("utf-8", "replace")


@given(BODIES)
def test_building_twice_changes_nothing(body: dict[str, Any]) -> None:
    built = build(body)
    assert strictly(build(built)) == strictly(built)


def browser(kind: str, text: str) -> str:
    """What a browser posts for a control that was drawn with this text."""
    text = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")  # the HTML parser
    return text.replace("\n", "\r\n") if kind in ("long", "json") else text.replace("\n", "")


@given(KINDS, JSON)
def test_posting_a_form_back_changes_nothing(kind: str, value: Any) -> None:
    text = typed.shown(kind, value)
    text.encode()
    assert typed.meant(kind, text, before=value) is value
    assert typed.meant(kind, browser(kind, text), before=value) is value


@given(KINDS, st.text())
def test_typed_text_means_something(kind: str, text: str) -> None:
    value = typed.meant(kind, text)
    if isinstance(value, str) and kind not in ("text", "choice"):
        again = typed.meant(kind, typed.shown(kind, value), before=value)
        assert again == value


@given(BODIES, st.randoms(use_true_random=False))
def test_what_only_moved_is_no_change(body: dict[str, Any], chance: random.Random) -> None:
    other = shuffled(body, chance)
    if isinstance(other.get("config"), list):
        chance.shuffle(other["config"])
    assert diff.compare(body, other) == []
    assert diff.equal(body, build(body))


@given(BODIES, BODIES)
def test_two_bodies_are_equal_or_differ_somewhere(one: dict[str, Any], other: dict[str, Any]) -> None:
    changes = diff.compare(one, other)
    back = diff.compare(other, one)
    assert len(changes) == len(back)
    for change in changes:
        change.path.encode()
        assert change.group in diff.GROUPS
        assert not (change.added and change.removed)


@given(ENTRIES)
def test_a_copied_row_has_ids_of_its_own(entry: dict[str, Any]) -> None:
    row = draft.from_body({"config": [entry]})["rows"][0]
    copy = draft.copy_row(row)
    assert copy["id"] != row["id"]
    assert copy["fields"]["weight"] == 0
    assert "model_id" not in copy["fields"]
    old = {variable["id"] for variable in row.get("envs", [])}
    assert old.isdisjoint(variable["id"] for variable in copy.get("envs", []))
