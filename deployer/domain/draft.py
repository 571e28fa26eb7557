"""The draft document: everything that was typed or pasted, with the types it came with.

    {"fields": {every key of the request but `config`, as it came},
     "rows": [{"id": "1f2e3d4c", "fields": {every key of the entry but `envs`}, "envs": [{"id", "key", "value"}]},
              {"id": …, "fields": {…}, "raw_envs": 5},      where `envs` was no object
              {"id": …, "raw": 17}],                        where the entry was no object
     "raw_config": {…}}                                     only where `config` was no list

Rows and variables carry a server-given id, so that a save finds its row wherever it has moved. An empty list of
models or an empty object of variables that was really there leaves `config_given` or `envs_given` behind.
"""

import json
import secrets
from typing import Any

Doc = dict[str, Any]
Row = dict[str, Any]

MOST_ROWS = 200
MOST_VARIABLES = 1_000


class TooMuch(ValueError):
    """More rows than one request may have; `message` is a sentence for people."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def new(infer_type: str, workspace_id: str = "") -> Doc:
    """An empty draft of this type with one empty row; the workspace of the target is only a first proposal."""
    fields = {"infer_type": infer_type}
    if workspace_id:
        fields["workspace_id"] = workspace_id
    return {"fields": fields, "rows": [new_row()]}


def new_row() -> Row:
    """An empty model row."""
    return {"id": _new_id(set()), "fields": {}, "envs": []}


def copy_row(row: Row) -> Row:
    """A copy with ids of its own, no traffic and no model: two rows may not share a model version."""
    taken: set[str] = {row["id"]}
    copy: Row = json.loads(json.dumps(row))
    copy["id"] = _new_id(taken)
    for variable in copy.get("envs", []):
        variable["id"] = _new_id(taken)
    if "fields" in copy:
        copy["fields"].pop("model_id", None)
        copy["fields"]["weight"] = 0
    return copy


def from_body(body: dict[str, Any]) -> Doc:
    """The draft of a request body. Raises TooMuch over 200 models or 1,000 variables in one of them."""
    doc: Doc = {"fields": {key: value for key, value in body.items() if key != "config"}, "rows": []}
    config = body.get("config")
    if not isinstance(config, list):
        return doc | ({"raw_config": config} if "config" in body else {})
    if len(config) > MOST_ROWS:
        raise TooMuch(f"The request has {len(config)} models. At most {MOST_ROWS} fit into one deployment.")
    taken: set[str] = set()
    doc["rows"] = [_row_of(entry, number, taken) for number, entry in enumerate(config, 1)]
    return doc if config else doc | {"config_given": True}


def _row_of(entry: Any, number: int, taken: set[str]) -> Row:
    if not isinstance(entry, dict):
        return {"id": _new_id(taken), "raw": entry}
    row: Row = {"id": _new_id(taken), "fields": {key: value for key, value in entry.items() if key != "envs"}}
    envs = entry.get("envs", {})
    if not isinstance(envs, dict):
        return row | {"raw_envs": envs}
    if len(envs) > MOST_VARIABLES:
        raise TooMuch(f"Model {number} has {len(envs)} environment variables. At most {MOST_VARIABLES:,} fit.")
    row["envs"] = [{"id": _new_id(taken), "key": key, "value": value} for key, value in envs.items()]
    return row | {"envs_given": True} if "envs" in entry and not envs else row


def body_of(doc: Doc) -> dict[str, Any]:
    """The request body with the types as typed; it shares its inner values with the draft.

    Of two variables with one name the last one counts here; `check` reports them.
    """
    body = dict(doc["fields"])
    if "raw_config" in doc:
        body["config"] = doc["raw_config"]
    elif doc["rows"] or doc.get("config_given"):
        body["config"] = [_entry_of(row) for row in doc["rows"]]
    return body


def _entry_of(row: Row) -> Any:
    if "raw" in row:
        return row["raw"]
    entry = dict(row["fields"])
    if "raw_envs" in row:
        entry["envs"] = row["raw_envs"]
    elif row["envs"] or row.get("envs_given"):
        entry["envs"] = {variable["key"]: variable["value"] for variable in row["envs"]}
    return entry


def dumps(doc: Doc) -> str:
    """The draft as ASCII JSON text, key order kept, for storing."""
    return json.dumps(doc, separators=(",", ":"), allow_nan=False)


def loads(text: str) -> Doc:
    """The draft of a stored text."""
    doc: Doc = json.loads(text)
    return doc


def same(one: Doc, other: Doc) -> bool:
    """Whether both hold the same texts and types in the same rows; ids and the order of keys do not count."""
    return _without_ids(one) == _without_ids(other)


def _without_ids(doc: Doc) -> str:
    rows = [{key: value for key, value in row.items() if key != "id"} for row in doc["rows"]]
    for row in rows:
        if "envs" in row:
            row["envs"] = [[variable["key"], variable["value"]] for variable in row["envs"]]
    # As text, because Python takes 1, 1.0 and True for equal.
    return json.dumps(doc | {"rows": rows}, sort_keys=True)


def _new_id(taken: set[str]) -> str:
    while (fresh := secrets.token_hex(4)) in taken:
        pass
    taken.add(fresh)
    return fresh
