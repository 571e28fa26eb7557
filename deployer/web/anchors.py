"""From a problem's path to the control it stands beside: `config[1].weight` is `config-1-weight`."""

import re
from typing import Any

from deployer.domain import typed
from deployer.domain.edition import Edition
from deployer.domain.editions import DEFAULT, EDITIONS
from deployer.domain.places import join
from deployer.domain.tables import BATCH, of_other_type
from deployer.web import newer_fields

Doc = dict[str, Any]

NOWHERE = ("", "seen", "comment")  # about the post, not about a place in the draft
TOTAL, ADD, KEPT = "total", "add-model", "kept"

_ROW = re.compile(r"config\[([0-9]{1,6})\](?:\.(.*))?", re.DOTALL)
_SCHEDULE = re.compile(r"schedule(?:\[0\]\.(type|time_unit|duration))?")


def controls_for(path: str, doc: Doc, edition: str = DEFAULT) -> list[str]:
    """The ids of the controls a problem belongs to, the first one to be linked; empty where there is none."""
    if path in NOWHERE:
        return []
    if path in typed.FIELDS:
        return [path]
    if path == "config":
        # The total is shown where traffic is shared; elsewhere it is about how many models there are.
        return [ADD] if not doc["rows"] or doc["fields"].get("infer_type") == BATCH else [TOTAL]
    if found := _SCHEDULE.fullmatch(path):
        return [f"schedule-{found[1] or 'duration'}"]
    if found := _ROW.fullmatch(path):
        return in_row(int(found[1]), found[2] or "", doc, EDITIONS[edition])
    return [newer_fields.control_at(EDITIONS[edition].service_tree, doc["fields"], path) or KEPT]


def in_row(index: int, rest: str, doc: Doc, edition: Edition) -> list[str]:
    row, prefix = (doc["rows"][index] if index < len(doc["rows"]) else {}), f"config-{index}"
    if "fields" not in row or not rest or of_other_type(rest, doc["fields"].get("infer_type")):
        return [f"{prefix}-kept"]
    if rest == "envs":
        return unnamed(row, prefix)
    if rest.startswith("envs."):
        return named(rest.removeprefix("envs."), row, prefix)
    if rest in typed.ROW_FIELDS:
        return [f"{prefix}-{rest}"]
    if rest == "custom_spec":
        return [f"{prefix}-custom_spec-cpu"]
    if rest.startswith("custom_spec.") and rest.removeprefix("custom_spec.") in typed.SPEC_FIELDS:
        return [f"{prefix}-custom_spec-{rest.removeprefix('custom_spec.')}"]
    if rest.startswith("mapping_rule"):
        return [f"{prefix}-mapping_rule"]
    return [f"{prefix}-{newer_fields.control_at(edition.entry_tree, row['fields'], rest) or 'kept'}"]


def unnamed(row: dict[str, Any], prefix: str) -> list[str]:
    """Variables with a value and no name; or the whole place, where it holds something else."""
    found = [f"{prefix}-envs-{at}-key" for at, one in enumerate(row.get("envs", [])) if not one["key"] and one["value"]]
    return found or [f"{prefix}-kept"]


def named(name: str, row: dict[str, Any], prefix: str) -> list[str]:
    """Every variable of this name: one that stands twice is marked twice."""
    return [
        f"{prefix}-envs-{at}-key" for at, one in enumerate(row.get("envs", [])) if join("", one["key"]) == name
    ] or [f"{prefix}-kept"]
