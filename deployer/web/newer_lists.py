"""Lists of items without names, read over another draft: where lengths differ, the list is taken as a whole.

Items are told apart by their places, so that after a removal two people would mean different items by one name.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from deployer.domain import typed
from deployer.domain.editions import OTC_2025
from deployer.domain.newer import Tree
from deployer.web import newer_form
from deployer.web.newer_fields import items_of, leaves

Fields = dict[str, Any]


def lists(tree: Tree, before: str = "") -> Iterator[tuple[str, Tree]]:
    """Every list of these fields by its name, with what its items are made of."""
    for key, node in tree.items():
        if isinstance(node, list):
            yield f"{before}{key}", node[0]
        elif isinstance(node, dict):
            yield from lists(node, f"{before}{key}-")


# Only the service has such lists; the newest edition has all of them.
ITEMS: dict[str, Tree] = dict(lists(OTC_2025.service_tree))


def is_inside(name: str, list_name: str) -> bool:
    """Whether a control belongs to an item of this list."""
    return name.startswith(f"{list_name}-")


def found(fields: Fields, name: str) -> list[Fields] | None:
    """The items of a list with this name, or None where something else stands there."""
    place: Any = fields
    *steps, last = name.split("-")
    for step in steps:
        place = place.get(step, {})
        if not isinstance(place, dict):
            return None
    return items_of(place, last)


def words(fields: Fields, name: str) -> str:
    """The items in short: what their controls show."""
    items = found(fields, name) or []
    shown = (
        [typed.shown(one.kind, one.place.get(one.key, typed.MISSING)) for one in leaves(ITEMS[name], item)]
        for item in items
    )
    return "; ".join(" ".join(text for text in texts if text) or "–" for texts in shown)


def same(one: Fields, other: Fields, name: str) -> bool:
    """Whether both have the same items; as text, because Python takes 1 and True for equal."""
    texts = (json.dumps(found(fields, name), sort_keys=True) for fields in (one, other))
    return next(texts) == next(texts)


def as_typed(tree: Tree, origin: Fields, texts: Mapping[str, str]) -> Fields:
    """The fields of the page as posted, whatever is saved by now."""

    def put(place: Fields, key: str, kind: str, text: str, name: str) -> bool:
        before = place.get(key, typed.MISSING)
        if typed.carried(kind, text) == typed.carried(kind, typed.shown(kind, before)):
            return False
        value = typed.meant(kind, text)
        place.pop(key, None) if value is typed.MISSING else place.update({key: value})
        return True

    fields = copy.deepcopy(origin)
    newer_form.take(put, fields, tree, texts)
    return fields


def parted(tree: Tree, *drafts: Fields) -> list[str]:
    """The lists whose lengths are not the same everywhere; one that has no controls somewhere is none of them."""
    result = []
    for name, _ in lists(tree):
        items = [found(fields, name) for fields in drafts]
        if None not in items and len({len(one or []) for one in items}) > 1:
            result.append(name)
    return result


def put(fields: Fields, name: str, items: list[Fields]) -> None:
    """Let the list hold these items; without any it goes, and what holds nothing any more with it."""
    *steps, last = name.split("-")
    places = [fields]
    for step in steps:
        places.append(places[-1].setdefault(step, {}))
    places[-1][last] = copy.deepcopy(items)
    for place, step in zip(reversed(places), reversed([*steps, last]), strict=True):
        if place[step]:
            return
        del place[step]
