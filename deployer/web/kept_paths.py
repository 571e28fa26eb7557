"""Leaving out, by path, what the form has no control for."""

from typing import Any

from deployer.domain.places import join

Doc = dict[str, Any]


def leave_out(doc: Doc, path: str) -> bool:
    """Take out the one thing at this path; whether it was there."""
    if path == "config" and "raw_config" in doc:
        del doc["raw_config"]
        return True
    return key_at(doc["fields"], "", path) or any(in_row(doc, index, path) for index in range(len(doc["rows"])))


def key_at(place: Any, parent: str, path: str) -> bool:
    """At any depth. Keys may hold dots and brackets, so each is compared as it is written in a path."""
    steps = list(place) if isinstance(place, dict) else range(len(place)) if isinstance(place, list) else ()
    for step in steps:
        here = join(parent, step)
        if here == path:
            del place[step]
            return True
        if path.startswith((f"{here}.", f"{here}[")) and key_at(place[step], here, path):
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
    return key_at(row.get("fields", {}), here, path)
