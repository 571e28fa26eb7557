"""What stands above the data fields of a batch row: how they compare with its model's definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployer.domain.tables import ENTRY
from deployer.models import CatalogEntry
from deployer.web.filling import Plan, capital, plan, same, trouble
from deployer.workflow.permissions import listed


@dataclass(frozen=True)
class FillView:
    """What stands above the data fields of a batch row, and which of its buttons are of use."""

    words: str
    can_fill: bool = False
    can_replace: bool = False
    can_undo: bool = False
    reading: bool = False
    model: str = ""


def view(entry: CatalogEntry | None, fields: Mapping[str, Any], filled: Mapping[str, Any] | None) -> FillView:
    can_undo = bool(filled) and any(same(fields.get(name, ""), one["after"]) for name, one in filled.items())
    if entry is None:
        return FillView("A model of the list names its request URI and mapping.", can_undo=can_undo)
    if not entry.detail_at:
        return FillView(
            "Request URI and mapping follow from its definition.", can_fill=True, can_undo=can_undo, model=entry.key
        )
    if trouble(entry):
        return FillView(trouble(entry), can_fill=True, can_undo=can_undo, model=entry.key)
    found = plan(entry.more, fields)
    empty, differing = plan(entry.more, fields, over=False).empty(fields), found.differing(fields)
    return FillView(
        in_words(entry, found, empty, differing),
        can_fill=bool(empty),
        can_replace=bool(differing),
        can_undo=can_undo,
        model=entry.key,
    )


def in_words(entry: CatalogEntry, found: Plan, empty: list[str], differing: list[str]) -> str:
    if not found.uris:
        return f"The definition of {entry} names no request URI."
    if found.must_choose:
        return f"{entry} has {len(found.uris)} request URIs. Choose one, and the mapping follows."
    if not found.takes_input:
        return f"The definition of {entry} names no input: a batch job of it fails."
    if differing:
        return f"Typed otherwise than the definition of {entry}: {listed([ENTRY[name] for name in differing])}."
    if empty:
        return f"{capital(listed([ENTRY[name] for name in empty]))} can come from the definition of {entry}."
    return f"As the definition of {entry} says."
