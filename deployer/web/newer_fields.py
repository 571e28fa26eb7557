"""The names of the controls of newer fields: the API's own keys, nested with `-`, items of a list counted from 0.

A list or an object of another shape than the API's has no controls at all: it is kept as it came (see `kept_view`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deployer.domain.newer import Node, Tree
from deployer.domain.places import join

MOST_ITEMS = 20  # of a list with controls; a longer one is kept as it came
_STEP = re.compile(r"\[([0-9]{1,6})\]|([^.\[\]]+)")


@dataclass(frozen=True)
class Leaf:
    """One control: its name (without that of its row), its kind, and where its value stands."""

    name: str
    kind: str
    place: dict[str, Any]
    key: str


def items_of(place: dict[str, Any], key: str) -> list[dict[str, Any]] | None:
    """The items of a list that has controls, or None."""
    items = place.get(key, [])
    usable = isinstance(items, list) and len(items) <= MOST_ITEMS and all(isinstance(item, dict) for item in items)
    return items if usable else None


def leaves(tree: Tree, place: dict[str, Any], before: str = "") -> Iterator[Leaf]:
    """Every control of these fields, in their order; after the last item of a list comes an empty one."""
    for key, node in tree.items():
        name = f"{before}{key}"
        if isinstance(node, str):
            yield Leaf(name, node, place, key)
        elif isinstance(node, dict):
            inner = place.get(key, {})
            yield from leaves(node, inner, f"{name}-") if isinstance(inner, dict) else ()
        else:
            items = items_of(place, key)
            empty: list[dict[str, Any]] = [{}]
            for at, item in enumerate([*items, *empty][:MOST_ITEMS] if items is not None else ()):
                yield from leaves(node[0], item, f"{name}-{at}-")


def counts(tree: Tree, place: dict[str, Any], before: str = "") -> dict[str, int]:
    """How many items each list of these fields has, by its name."""
    found: dict[str, int] = {}
    for key, node in tree.items():
        inner = place.get(key)
        if isinstance(node, dict) and isinstance(inner, dict):
            found |= counts(node, inner, f"{before}{key}-")
        elif isinstance(node, list):
            found[f"{before}{key}"] = len(items_of(place, key) or [])
    return found


def control_at(tree: Tree, place: dict[str, Any], path: str) -> str:
    """The name of the control a problem at this path belongs to, or "" where there is none."""
    steps: list[str | int] = [int(at) if at else key for at, key in _STEP.findall(path)]
    prefix, node, value = "", tree, place
    for step in steps:
        found = _into(node, value, step)
        if found is None:
            return ""
        node, value = found
        prefix += f"{step}-"
        if isinstance(node, str):
            return prefix[:-1]
    return next((leaf.name for leaf in _inside(node, value, prefix)), "")


def _into(node: Node, value: Any, step: str | int) -> tuple[Node, Any] | None:
    """One step down, as far as there are controls."""
    if isinstance(node, dict) and isinstance(value, dict) and step in node:
        inner, key = node[str(step)], str(step)
        if isinstance(inner, list):
            items = items_of(value, key)
            return None if items is None else (inner, items)
        below = value.get(key, {} if isinstance(inner, dict) else None)
        return None if isinstance(inner, dict) and not isinstance(below, dict) else (inner, below)
    if isinstance(node, list) and isinstance(step, int) and step < len(value):
        return node[0], value[step]
    return None


def _inside(node: Node, value: Any, prefix: str) -> Iterator[Leaf]:
    if isinstance(node, list):
        yield from leaves(node[0], value[0] if value else {}, f"{prefix}0-")
    elif isinstance(node, dict):
        yield from leaves(node, value, prefix)


def without_control(tree: Tree, place: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """What stands inside these fields and has no control: its path and its value."""
    for key, node in tree.items():
        if key not in place or isinstance(node, str):
            continue
        here, value = join(path, key), place[key]
        if isinstance(node, dict) and isinstance(value, dict):
            yield from _rest(node, value, here)
        elif isinstance(node, list) and items_of(place, key) is not None:
            for at, item in enumerate(value):
                yield from _rest(node[0], item, join(here, at))
        else:
            yield here, value


def _rest(tree: Tree, place: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    yield from ((join(path, key), value) for key, value in place.items() if key not in tree)
    yield from without_control(tree, place, path)
