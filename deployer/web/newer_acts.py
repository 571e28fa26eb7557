"""What buttons do to newer fields: an item goes, another one begins, a value is taken as text.

The newest edition's trees count: a button is only drawn where the target's edition has the field.
"""

from typing import Any

from deployer.domain.editions import OTC_2025
from deployer.web import numbers
from deployer.web.newer_fields import counts, items_of, leaves

Doc = dict[str, Any]


def place_of(doc: Doc, name: str) -> tuple[dict[str, Any], str] | None:
    """The object and key a control stands for, of the service or of a row (`config-0-…`)."""
    for prefix, tree, fields in _forms(doc, name):
        for leaf in leaves(tree, fields, prefix):
            if leaf.name == name:
                return leaf.place, leaf.key
    return None


def _forms(doc: Doc, name: str) -> list[tuple[str, Any, dict[str, Any]]]:
    steps = name.split("-", 2)
    if steps[0] != "config":
        return [("", OTC_2025.service_tree, doc["fields"])]
    at = numbers.place(steps[1], len(doc["rows"])) if len(steps) > 2 else None
    if at is None:
        return []
    fields = doc["rows"][at].get("fields")
    return [(f"config-{at}-", OTC_2025.entry_tree, fields)] if fields is not None else []


def remove(doc: Doc, name: str) -> str:
    """Take the item `list-number` of the service out; the control to go on with, or "" where it is not there."""
    *steps, last = name.split("-")
    parents = [doc["fields"]]
    for step in steps[:-1]:
        inner = parents[-1].get(step)
        if not isinstance(inner, dict):
            return ""
        parents.append(inner)
    items = items_of(parents[-1], steps[-1]) if steps else None
    at = numbers.place(last, len(items or []))
    if not items or at is None:
        return ""
    del items[at]
    _drop_empty(parents, steps)
    return _first(doc, "-".join(steps), min(at, len(items)))


def _drop_empty(parents: list[dict[str, Any]], steps: list[str]) -> None:
    """What holds nothing any more goes too, from the inside out."""
    for parent, step in zip(reversed(parents), reversed(steps), strict=True):
        if parent[step]:
            return
        del parent[step]


def first_empty(doc: Doc, name: str) -> str:
    """The first control of the empty item after the last, or "" where the list is full or has no controls."""
    return _first(doc, name, counts(OTC_2025.service_tree, doc["fields"]).get(name, 0))


def _first(doc: Doc, name: str, at: int) -> str:
    prefix = f"{name}-{at}-"
    found = [leaf.name for leaf in leaves(OTC_2025.service_tree, doc["fields"]) if leaf.name.startswith(prefix)]
    # A new item has no control for the type the form says for itself.
    return next((one for one in found if not one.endswith("-type")), "")
