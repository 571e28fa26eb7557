"""What the small buttons of the composer do to a draft: rows and variables come, go and move.

Rows are named by the keys the server gave them, so that a button still means its row after somebody moved it. Each
act takes the draft and the button's value and says which control should have the focus next.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from deployer.domain import draft as drafts
from deployer.domain import typed
from deployer.web import kept_paths, newer_acts, numbers, pasted
from deployer.web.anchors import ADD

Doc = dict[str, Any]


@dataclass
class Done:
    """What an act did: the control to go on with, a row that was taken away (with its place), and words.

    `filled`: fields that got another value, with the ones before. `reading`: the row waits for its model's definition.
    `leads`: the page to go to, without script.
    """

    focus: str = ""
    removed: dict[str, Any] | None = None
    place: int = 0
    words: str = ""
    filled: dict[str, Any] | None = None
    reading: str = ""
    leads: str = ""


class CannotDo(Exception):
    """The button cannot do it; the text says why."""


def position(doc: Doc, key: str) -> int:
    for index, row in enumerate(doc["rows"]):
        if row["id"] == key:
            return index
    raise CannotDo("This model is not there any more.")


def add(doc: Doc, value: str) -> Done:
    if len(doc["rows"]) >= drafts.MOST_ROWS:
        raise CannotDo(f"At most {drafts.MOST_ROWS} models fit into one deployment.")
    doc.pop("raw_config", None)
    doc["rows"].append(drafts.new_row())
    return Done(f"config-{len(doc['rows']) - 1}-model_id")


def duplicate(doc: Doc, key: str) -> Done:
    """Below the original, without its model and with no traffic: two rows may not share a version."""
    if len(doc["rows"]) >= drafts.MOST_ROWS:
        raise CannotDo(f"At most {drafts.MOST_ROWS} models fit into one deployment.")
    at = position(doc, key)
    if "raw" in doc["rows"][at]:
        raise CannotDo("Only models can be duplicated.")
    doc["rows"].insert(at + 1, drafts.copy_row(doc["rows"][at]))
    return Done(f"config-{at + 1}-model_id", words="Duplicated. Choose its model; it has no traffic yet.")


def remove(doc: Doc, key: str) -> Done:
    at = position(doc, key)
    row = doc["rows"].pop(at)
    focus = f"config-{min(at, len(doc['rows']) - 1)}-model_id" if doc["rows"] else ADD
    return Done(focus, removed=row, place=at)


def up(doc: Doc, key: str) -> Done:
    return move(doc, position(doc, key), -1)


def down(doc: Doc, key: str) -> Done:
    return move(doc, position(doc, key), 1)


def move(doc: Doc, at: int, by: int) -> Done:
    to = max(0, min(len(doc["rows"]) - 1, at + by))
    doc["rows"].insert(to, doc["rows"].pop(at))
    return Done(f"config-{to}-model_id", words=f"Now place {to + 1} of {len(doc['rows'])}.")


def put_back(doc: Doc, row: dict[str, Any], place: int) -> Done:
    """Undo of a removal: the row as it was, where it was."""
    at = min(place, len(doc["rows"]))
    if all(row["id"] != one["id"] for one in doc["rows"]):
        doc["rows"].insert(at, copy.deepcopy(row))
    return Done(f"config-{at}-model_id")


# -- variables


def variables_of(doc: Doc, key: str) -> tuple[int, list[dict[str, Any]]]:
    at = position(doc, key)
    row = doc["rows"][at]
    if "raw" in row or "raw_envs" in row:
        raise CannotDo("The variables of this model came in another form. Leave them out first.")
    return at, row["envs"]


def add_variable(doc: Doc, key: str) -> Done:
    at, variables = variables_of(doc, key)
    room(len(variables) + 1)
    variables.append({"id": drafts.new_row()["id"], "key": "", "value": ""})
    return Done(f"config-{at}-envs-{len(variables) - 1}-key")


def remove_variable(doc: Doc, value: str) -> Done:
    key, _, variable = value.partition("-")
    at, variables = variables_of(doc, key)
    place = next((place for place, one in enumerate(variables) if one["id"] == variable), None)
    if place is None:
        raise CannotDo("This variable is not there any more.")
    del variables[place]
    last = min(place, len(variables) - 1)
    return Done(f"config-{at}-envs-{last}-key" if variables else f"config-{at}-add-variable")


def paste(doc: Doc, key: str, text: str) -> Done:
    """Lines of a .env file or a JSON object become variables; one that is there already gets the new value."""
    at, variables = variables_of(doc, key)
    found = pasted.variables(text)
    by_name = {one["key"]: one for one in variables if one["key"]}
    for name, value in found:
        if name in by_name:
            by_name[name]["value"] = value
            continue
        variables.append({"id": drafts.new_row()["id"], "key": name, "value": value})
        by_name[name] = variables[-1]
    variables[:] = [one for one in variables if one["key"] or one["value"]]
    room(len(variables))
    many = "1 variable" if len(found) == 1 else f"{len(found)} variables"
    return Done(f"config-{at}-envs-0-key", words=f"{many} taken over.")


def room(many: int) -> None:
    if many > drafts.MOST_VARIABLES:
        raise CannotDo(f"At most {drafts.MOST_VARIABLES:,} environment variables fit into one model.")


# -- values of another kind


def as_text(doc: Doc, name: str) -> Done:
    """Take a value that is no text, where a text is due, as the text it shows."""
    place, key = control_place(doc, name)
    value = place.get(key, typed.MISSING)
    if value is not typed.MISSING and not isinstance(value, str):
        place[key] = json.dumps(value, ensure_ascii=False)
    return Done(name)


def control_place(doc: Doc, name: str) -> tuple[dict[str, Any], str]:
    """The object and key a control stands for."""
    steps = name.split("-")
    if name in typed.FIELDS:
        return doc["fields"], name
    if steps[0] == "schedule" and len(steps) == 2 and typed_schedule(doc):
        return doc["fields"]["schedule"][0], steps[1]
    at = numbers.place(steps[1], len(doc["rows"])) if steps[0] == "config" and len(steps) > 2 else None
    if at is not None:
        row = doc["rows"][at]
        if len(steps) == 5 and steps[2] == "envs" and steps[4] in typed.ENV_FIELDS:
            variable = numbers.place(steps[3], len(row.get("envs", [])))
            return (row["envs"][variable], steps[4]) if variable is not None else gone()
        if len(steps) == 3 and "fields" in row:
            return row["fields"], steps[2]
    return newer_acts.place_of(doc, name) or gone()


def gone() -> NoReturn:
    raise CannotDo("This field is not there any more.")


def typed_schedule(doc: Doc) -> bool:
    items = doc["fields"].get("schedule")
    return isinstance(items, list) and bool(items) and isinstance(items[0], dict)


def leave_out(doc: Doc, path: str) -> Done:
    """Take something out for which the form has no control, by its path."""
    if not kept_paths.leave_out(doc, path):
        raise CannotDo("This is not there any more.")
    return Done("service_name")


# -- the network


def clear_network(doc: Doc, _: str) -> Done:
    """Take out the VPC and what goes with it, which have no effect in a pool."""
    for key in ("vpc_id", "subnet_network_id", "security_group_id"):
        doc["fields"].pop(key, None)
    return Done("cluster_id", words="VPC, subnet and security group are cleared.")


# -- items of newer lists


def remove_item(doc: Doc, name: str) -> Done:
    """Take one item out, so that those after it move up."""
    return Done(newer_acts.remove(doc, name) or gone())


def another(doc: Doc, name: str) -> Done:
    """The page always has one empty item after the last: begin with that."""
    return Done(newer_acts.first_empty(doc, name) or gone())


ACTS: dict[str, Callable[[Doc, str], Done]] = {
    "add": add,
    "duplicate": duplicate,
    "remove": remove,
    "up": up,
    "down": down,
    "add-variable": add_variable,
    "remove-variable": remove_variable,
    "as_text": as_text,
    "leave_out": leave_out,
    "clear_network": clear_network,
    "remove-item": remove_item,
    "another": another,
}
