"""Two texts that parted, and the one they both began with: who changed what.

What only one of two people touched needs no choice: it is taken as they left it. Where both touched one place, a
person chooses. Weights count as one place, because they make 100 only together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from deployer.domain import typed
from deployer.web import newer_lists, row_order
from deployer.web.typed_form import Difference, Typing

Doc = dict[str, Any]

BOTH, MINE, THEIRS = "both", "mine", "theirs"
WEIGHTS = "weights"


@dataclass(frozen=True)
class Parted:
    """One place where my text is not the saved one: who changed it since, and what it was before."""

    name: str
    place: str
    mine: str | None  # None: not there
    theirs: str | None
    before: str | None = None
    by: str = BOTH


@dataclass(frozen=True)
class Parting:
    """Everything that differs. `knows_before`: the text both began with is still kept."""

    places: list[Parted]
    same: list[Difference]  # what both changed to the same
    knows_before: bool

    def of(self, *by: str) -> list[Parted]:
        return [one for one in self.places if one.by in by]


def parting(typing: Typing, saved: Doc, since: Typing | None, base: Doc | None) -> Parting:
    """`typing` is my post over the saved draft, `since` the same post over `base`, where both began."""
    if since is None or base is None:
        plain = [Parted(one.name, one.place, one.mine, one.theirs) for one in typing.differences]
        return Parting(together(plain, typing.doc, saved, None), [], knows_before=False)
    touched = {one.name: one for one in since.differences}
    places = [of_whole(one, since.doc, saved, base) or parted(one, touched, saved, base) for one in typing.differences]
    differing = {one.name for one in typing.differences}
    lists = differing & set(newer_lists.ITEMS)
    agreed = [one for one in since.differences if one.name not in differing and one.mine is not None]
    same = [one for one in agreed if one.theirs != "" and not any(newer_lists.is_inside(one.name, at) for at in lists)]
    return Parting(together(places, typing.doc, saved, base), same, knows_before=True)


def parted(one: Difference, touched: dict[str, Difference], saved: Doc, base: Doc) -> Parted:
    """Who made this difference."""
    mine_since = touched.get(one.name)
    if one.mine is None:  # only the saved draft has it
        by = THEIRS if mine_since is None else MINE if as_in(base, saved, one.name) else BOTH
        before = None if mine_since is None else one.theirs
    elif one.theirs is None:  # only my text has it
        inside = any(name.startswith(f"{one.name}-") for name in touched)
        by = MINE if mine_since is not None else BOTH if inside else THEIRS
        before = None if mine_since is not None else one.mine
    elif mine_since is None:
        by, before = THEIRS, one.mine
    else:
        by, before = (MINE if mine_since.theirs == one.theirs else BOTH), mine_since.theirs
    return Parted(one.name, one.place, one.mine, one.theirs, before, by)


def of_whole(one: Difference, mine: Doc, saved: Doc, base: Doc) -> Parted | None:
    """The same of what is only told apart as a whole; `mine` is my post over the base."""
    if one.name == row_order.ORDER:
        return ordered(one, mine, saved, base)
    return listed(one, mine, saved, base) if one.name in newer_lists.ITEMS else None


def listed(one: Difference, mine: Doc, saved: Doc, base: Doc) -> Parted:
    """Who changed a list of items without names."""
    mine_stayed, theirs_stayed = (newer_lists.same(doc["fields"], base["fields"], one.name) for doc in (mine, saved))
    by = THEIRS if mine_stayed else MINE if theirs_stayed else BOTH
    return Parted(one.name, one.place, one.mine, one.theirs, newer_lists.words(base["fields"], one.name), by)


def ordered(one: Difference, mine: Doc, saved: Doc, base: Doc) -> Parted:
    """Who changed the order of the models that all three have; `mine` is my post over the base."""
    sides = [doc["rows"] for doc in (mine, saved, base)]
    my_order, their_order, before = (row_order.of_both(rows, *sides) for rows in sides)
    by = THEIRS if my_order == before else MINE if their_order == before else BOTH
    return Parted(one.name, one.place, one.mine, one.theirs, row_order.words(base["rows"], before), by)


def as_in(base: Doc, saved: Doc, name: str) -> bool:
    """Whether the row `row-<id>`, or the variable `env-<row>-<id>`, is still as both began with it."""
    return bool(found(base, name) == found(saved, name))


def found(doc: Doc, name: str) -> Any:
    kind, _, rest = name.partition("-")
    key, _, inner = rest.partition("-")
    row = next((one for one in doc["rows"] if one["id"] == key), None)
    if kind == "row" or row is None:
        return row
    return next((one for one in row.get("envs", []) if one["id"] == inner), None)


def together(places: list[Parted], mine: Doc, saved: Doc, base: Doc | None) -> list[Parted]:
    """All weights as one place, at the first of them."""
    weights = [one for one in places if is_weight(one.name)]
    if len(weights) < 2:
        return places
    sides = {one.by for one in weights}
    by = sides.pop() if len(sides) == 1 else BOTH
    before = traffic(base) if base is not None else None
    whole = Parted(WEIGHTS, "", traffic(mine), traffic(saved), before, by)
    if by == THEIRS:
        whole = replace(whole, mine=before)
    first = places.index(weights[0])
    return [whole if at == first else one for at, one in enumerate(places) if at == first or not is_weight(one.name)]


def is_weight(name: str) -> bool:
    return name.startswith("config-") and name.endswith("-weight") and name.count("-") == 2


def traffic(doc: Doc) -> str:
    """The weights in their order: `70 / 30`."""
    return " / ".join(shown_weights(doc))


def shown_weights(doc: Doc) -> Iterator[str]:
    for row in doc["rows"]:
        yield typed.shown("weight", row.get("fields", {}).get("weight", typed.MISSING)) or "–"
