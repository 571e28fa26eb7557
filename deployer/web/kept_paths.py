"""Leaving out, by path, what the form has no control for."""

from typing import Any

from deployer.domain.places import join

Doc = dict[str, Any]


def leave_out(doc: Doc, path: str) -> bool:
    """Take out the one thing at this path; whether it was there."""
    if path == "config" and "raw_config" in doc:
        del doc["raw_config"]
        return True
    if key_at(doc["fields"], "", path):
        return True
    schedule = doc["fields"].get("schedule")
    if isinstance(schedule, list) and in_schedule(schedule, path):
        return True
    return any(in_row(doc, index, path) for index in range(len(doc["rows"])))


def key_at(place: Any, parent: str, path: str) -> bool:
    """Keys may hold dots and brackets, so each is compared as it is written in a path."""
    for key in list(place) if isinstance(place, dict) else ():
        if join(parent, key) == path:
            del place[key]
            return True
    return False


def in_schedule(schedule: list[Any], path: str) -> bool:
    for index, item in enumerate(schedule):
        if path == f"schedule[{index}]":
            del schedule[index]
            return True
        if key_at(item, f"schedule[{index}]", path):
            return True
    return False


def in_row(doc: Doc, index: int, path: str) -> bool:
    row, here = doc["rows"][index], f"config[{index}]"
    if path == here and "raw" in row:
        del doc["rows"][index]
        return True
    if path == f"{here}.envs" and "raw_envs" in row:
        del row["raw_envs"]
        row["envs"] = []
        return True
    fields = row.get("fields", {})
    return key_at(fields, here, path) or key_at(fields.get("custom_spec"), f"{here}.custom_spec", path)
