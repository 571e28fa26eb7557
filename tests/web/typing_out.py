"""Type a request body into the composer's fields, as a person would; or say why nobody can type it."""

from typing import Any

from deployer.domain import newer, typed
from deployer.domain.editions import DEFAULT, EDITIONS

Body = dict[str, Any]
SERVICE = dict(typed.FIELDS)


class CannotType(Exception):
    """No text in any field says this; the reason is one of REASONS."""


REASONS = {
    "no field": "the form has no field for this key",
    "number": "text that reads as JSON or a number is taken as what it says",
    "not text": "a text field only gives text",
    "unsafe": "a browser does not post NUL, half characters or line ends of one line",
    "not rows": "rows of a form are always objects in a list",
    "schedule": "the form writes one schedule that stops",
    "empty": "the form makes no object or list that holds nothing",
    "type": "the form says the only type of a log channel by itself",
}


def one(kind: str, value: Any) -> str:
    """The text a person types for this value."""
    if isinstance(value, bool) and kind == "flag":
        return str(value).lower()
    if kind == "numbers" and isinstance(value, list) and value:
        return typed.shown("json", value)
    if isinstance(value, str):
        one_line = kind not in ("long", "json")
        if any(sign == "\0" or "\ud800" <= sign <= "\udfff" or (one_line and sign in "\r\n") for sign in value):
            raise CannotType("unsafe")
        if kind != "weight" and typed.meant(kind, value) != value and value.strip() == value != "":
            raise CannotType("number")  # the text of a number is taken as the number
        return value
    if kind == "json" and value is not None:
        return typed.shown("json", value)
    if kind in ("integer", "weight", "decimal") and isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    raise CannotType("not text")


def type_out(body: Body, edition: str = DEFAULT) -> dict[str, str]:
    """What is posted after everything was typed into the form of this edition."""
    fields: dict[str, str] = {}
    book = EDITIONS[edition]
    for key, value in body.items():
        if key == "config":
            rows(fields, value, book.entry_tree)
        elif key == "schedule":
            schedule(fields, value)
        elif key in SERVICE:
            fields[key] = one(SERVICE[key], value)
        elif key in book.service_tree:
            newer_field(fields, key, book.service_tree[key], value)
        else:
            raise CannotType("no field")
    return fields


def schedule(fields: dict[str, str], items: Any) -> None:
    if items == []:
        return
    if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
        raise CannotType("schedule")
    if items[0].get("type") != "stop" or set(items[0]) - set(typed.SCHEDULE_FIELDS):
        raise CannotType("schedule")
    for key, value in items[0].items():
        if key != "type":
            fields[f"schedule-{key}"] = one(typed.SCHEDULE_FIELDS[key], value)


def newer_field(fields: dict[str, str], name: str, node: newer.Node, value: Any) -> None:
    """One newer field: a control, or those of an object or of the items of a list."""
    if isinstance(node, str):
        fields[name] = one(node, value)
    elif not isinstance(value, dict if isinstance(node, dict) else list):
        raise CannotType("no field")
    elif not value:
        raise CannotType("empty")
    elif isinstance(node, list):
        for at, item in enumerate(value):
            if "type" in node[0] and isinstance(item, dict) and "type" not in item:
                raise CannotType("type")
            newer_field(fields, f"{name}-{at}", node[0], item)
    else:
        for key, inner in value.items():
            if key not in node:
                raise CannotType("no field")
            newer_field(fields, f"{name}-{key}", node[key], inner)


def rows(fields: dict[str, str], config: Any, tree: newer.Tree) -> None:
    if not isinstance(config, list) or not all(isinstance(entry, dict) for entry in config):
        raise CannotType("not rows")
    fields |= {"config-TOTAL_FORMS": str(len(config)), "config-INITIAL_FORMS": "0"}
    for index, entry in enumerate(config):
        for key, value in entry.items():
            row(fields, f"config-{index}", key, value, tree)


def row(fields: dict[str, str], prefix: str, key: str, value: Any, tree: newer.Tree) -> None:
    if key in tree:
        newer_field(fields, f"{prefix}-{key}", tree[key], value)
    elif key == "envs":
        variables(fields, prefix, value)
    elif key == "custom_spec":
        if not isinstance(value, dict) or set(value) - set(typed.SPEC_FIELDS):
            raise CannotType("no field")
        for inner, number in value.items():
            fields[f"{prefix}-custom_spec-{inner}"] = one(typed.SPEC_FIELDS[inner], number)
    elif key in typed.ROW_FIELDS:
        fields[f"{prefix}-{key}"] = one(typed.ROW_FIELDS[key], value)
    else:
        raise CannotType("no field")


def variables(fields: dict[str, str], prefix: str, envs: Any) -> None:
    if not isinstance(envs, dict):
        raise CannotType("not rows")
    fields[f"{prefix}-envs-TOTAL_FORMS"] = str(len(envs))
    for at, (name, value) in enumerate(envs.items()):
        fields[f"{prefix}-envs-{at}-key"] = one("text", name)
        fields[f"{prefix}-envs-{at}-value"] = one("long", value)
