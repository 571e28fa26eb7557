"""The mapping rule of a CSV batch job: a JSON-schema tree whose leaves name a column."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .places import join
from .values import whole_number

# "When type is set to string, number, integer, or boolean, you need to configure the index": table 4, mapping_rule.
LEAF_TYPES = frozenset({"string", "number", "integer", "boolean"})


@dataclass(frozen=True)
class Leaf:
    """One input of the model: its path in the request, its own name, and the column typed for it."""

    path: str
    name: str
    has_index: bool
    index: Any

    @property
    def column(self) -> int | None:
        """The column from 0, or None where the cloud would leave this input out."""
        column = whole_number(self.index) if self.has_index else None
        return column if column is not None and column >= 0 else None


def leaves(rule: dict[str, Any], path: str) -> Iterator[Leaf]:
    """Every input of a mapping rule, in order; `items` may be one schema or a list. Never recurses."""
    todo: list[tuple[str, str, Any]] = [(path, "", rule)]
    while todo:
        path, name, node = todo.pop()
        if not isinstance(node, dict):
            continue
        if isinstance(node.get("type"), str) and node["type"] in LEAF_TYPES:
            yield Leaf(path, name, "index" in node, node.get("index"))
            continue
        todo.extend(reversed(list(_children(node, path, name))))


def _children(node: dict[str, Any], path: str, name: str) -> Iterator[tuple[str, str, Any]]:
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, dict):
        for key, value in properties.items():
            yield join(join(path, "properties"), key), key, value
    if isinstance(items, dict):
        yield join(path, "items"), name, items
    elif isinstance(items, list):
        for index, item in enumerate(items):
            yield join(join(path, "items"), index), name, item
