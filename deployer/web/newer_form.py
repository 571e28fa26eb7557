"""From posted texts to newer fields: only what changed is put, and objects the form made go when they are empty again.

Objects and lists that came with a body stay as they came, empty or not: the form only takes away what it emptied.
So nothing has to be left out when the body is built, and an edition never changes what is sent.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from deployer.domain.newer import CHANNEL, Tree
from deployer.web.newer_fields import MOST_ITEMS, items_of


class Put(Protocol):
    """Takes one text into an object, unless it is the one that was shown; whether it took it."""

    def __call__(self, place: dict[str, Any], key: str, kind: str, text: str, name: str) -> bool: ...


# What the form says for itself in a new item: a log channel can only be of one type.
BEGINS_WITH = {"log_report_channels": {"type": CHANNEL}}


def take(put: Put, place: dict[str, Any], tree: Tree, texts: Mapping[str, str], before: str = "") -> bool:
    """Take the posted texts of these fields; whether anything changed."""
    changed = False
    for key, node in tree.items():
        name = f"{before}{key}"
        if isinstance(node, str):
            changed |= name in texts and put(place, key, node, texts[name], name)
        elif isinstance(node, dict):
            changed |= _take_object(put, place, key, node, texts, name)
        else:
            changed |= _take_items(put, place, key, node[0], texts, name)
    return changed


def _take_object(put: Put, place: dict[str, Any], key: str, tree: Tree, texts: Mapping[str, str], name: str) -> bool:
    whole = place.get(key, {})
    if not isinstance(whole, dict):
        return False
    inside = dict(whole)
    if not take(put, inside, tree, texts, f"{name}-"):
        return False
    _keep(place, key, inside)
    return True


def _take_items(put: Put, place: dict[str, Any], key: str, tree: Tree, texts: Mapping[str, str], name: str) -> bool:
    """Items are told apart by their place: an emptied one stays until it is the last, or is removed by its button."""
    items = items_of(place, key)
    if items is None:
        return False
    posted = [int(found[1]) for text in texts if (found := re.match(re.escape(name) + r"-([0-9]{1,3})-", text))]
    size = min(MOST_ITEMS, max([len(items), *(at + 1 for at in posted)]))
    found = [dict(items[at]) if at < len(items) else {} for at in range(size)]
    changed = [take(put, item, tree, texts, f"{name}-{at}-") for at, item in enumerate(found)]
    if not any(changed):
        return False
    for at, item in enumerate(found[len(items) :], len(items)):
        if item and f"{name}-{at}-type" not in texts:
            found[at] = BEGINS_WITH.get(key, {}) | item
    while found and not found[-1] and (changed[len(found) - 1] or len(found) > len(items)):
        found.pop()
    _keep(place, key, found)
    return True


def _keep(place: dict[str, Any], key: str, value: Any) -> None:
    if value:
        place[key] = value
    else:
        place.pop(key, None)
