"""What the form has no control for: shown as it came, kept, and left out on demand (see `kept_paths`)."""

from collections.abc import Iterator
from typing import Any

from deployer.domain import typed
from deployer.domain.newer import Tree
from deployer.domain.places import join
from deployer.domain.tables import of_other_type
from deployer.web import newer_fields
from deployer.web.controls import Kept

Doc = dict[str, Any]
Row = dict[str, Any]


def of_service(doc: Doc, tree: Tree) -> Iterator[Kept]:
    """Unknown keys of the request, models that are no list, and all of the schedule but its first item.

    `tree`: the newer fields the form has.
    """
    fields = doc["fields"]
    for key in fields:
        if key not in typed.FIELDS and key not in tree and key != "schedule":
            yield Kept(join("", key), typed.shown("json", fields[key]))
    for path, value in newer_fields.without_control(tree, fields, ""):
        yield Kept(path, typed.shown("json", value))
    if "raw_config" in doc:
        yield Kept("config", typed.shown("json", doc["raw_config"]))
    yield from of_schedule(fields.get("schedule", []))


def of_schedule(items: Any) -> Iterator[Kept]:
    if not isinstance(items, list) or (items and not isinstance(items[0], dict)):
        yield Kept("schedule", typed.shown("json", items))
        return
    for index, item in enumerate(items):
        if index:
            yield Kept(f"schedule[{index}]", typed.shown("json", item))
            continue
        for key in item:
            if key not in typed.SCHEDULE_FIELDS:
                yield Kept(join("schedule[0]", key), typed.shown("json", item[key]))


def of_row(index: int, row: Row, infer_type: Any, tree: Tree) -> Iterator[Kept]:
    """Unknown keys of a model, and fields of the other inference type, which stay behind."""
    path, fields = f"config[{index}]", row["fields"]
    for key, value in fields.items():
        stray = of_other_type(key, infer_type)
        if key == "custom_spec" and isinstance(value, dict) and not stray:
            for inner in value:
                if inner not in typed.SPEC_FIELDS:
                    yield Kept(join(f"{path}.custom_spec", inner), typed.shown("json", value[inner]))
        elif (key not in typed.ROW_FIELDS and key not in tree) or (stray and value != ""):
            yield Kept(join(path, key), typed.shown("json", value), sent=not stray)
    for here, value in newer_fields.without_control(tree, fields, path):
        yield Kept(here, typed.shown("json", value))
    if "raw_envs" in row:
        yield Kept(f"{path}.envs", typed.shown("json", row["raw_envs"]))
