"""What a model's own definition says a batch job needs: request URI, mapping type, mapping rule.

A definition is the detail of a model as the catalog keeps it: `apis` (url, method, schema of the input), the APIs of
its `config`, and `input_params`. Source: ModelArts API reference, "Querying Details About a Model", and config.json.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .mapping import LEAF_TYPES

DEEPEST: Final = 20  # levels of a schema; each is two levels of the rule, and a request is read down to 50
MOST: Final = 1_000  # nodes of a schema; what the form holds comfortably

_SCHEMAS: Final = ("input", "input_params", "data")
# Types of input_params beside JSON's: ModelArts API reference, table "params".
_PARAMS: Final = {"int": "integer", "float": "number", "date": "string", "timestamp": "string"}


@dataclass(frozen=True)
class Api:
    """One way to call a model: its address, and the schema of what it takes."""

    url: str
    schema: dict[str, Any] = field(hash=False)


def apis(detail: Mapping[str, Any]) -> list[Api]:
    """The APIs of a definition, each address once; one that says what it takes counts before one that does not."""
    found: dict[str, Api] = {}
    for url, schema in _said(detail):
        if url not in found or (schema and not found[url].schema):
            found[url] = Api(url, schema)
    return list(found.values())


def request_uris(detail: Mapping[str, Any]) -> list[str]:
    """What `req_uri` may be, in the order of the definition."""
    return [api.url for api in apis(detail)]


def mapping_types(detail: Mapping[str, Any], url: str) -> tuple[str, ...]:
    """How a job can feed this API: ("file",), ("csv",), or () where the definition names no input.

    `file` needs an API with exactly one input, of type file; otherwise each row of a CSV is one request: CreateService,
    mapping_type.
    """
    types = list(_leaf_types(schema_of(detail, url)))
    if types == ["file"]:
        return ("file",)
    return ("csv",) if any(one in LEAF_TYPES for one in types) else ()


def schema_of(detail: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The schema of what this API takes; empty where the definition does not say."""
    return next((api.schema for api in apis(detail) if api.url == url), {})


def mapping_rule(schema: Any) -> dict[str, Any]:
    """The schema's tree with the columns 0, 1, 2… on its leaves, in the order of the document.

    Empty for what is no schema, has no leaf that takes a column, or is larger than a form holds.
    """
    counted = [0, 0]  # leaves with a column, nodes
    rule = _rule(_opened(schema), counted, DEEPEST)
    return rule if counted[0] and rule is not None else {}


def _rule(node: Any, counted: list[int], levels: int) -> dict[str, Any] | None:
    """One node of the rule, or None where the bounds are met."""
    counted[1] += 1
    if levels == 0 or counted[1] > MOST:
        return None
    if not isinstance(node, dict):
        return {}
    kind = _type_of(node)
    rule: dict[str, Any] = {"type": kind} if kind else {}
    if kind in LEAF_TYPES:
        rule["index"] = counted[0]
        counted[0] += 1
        return rule
    for key, inner in _inner(node):
        below = _rules(inner, counted, levels - 1)
        if below is None:
            return None
        rule[key] = below
    return rule


def _rules(inner: Any, counted: list[int], levels: int) -> Any:
    """The rules of properties (an object of nodes) or items (one node, or a list of them)."""
    if isinstance(inner, list):
        items = [_rule(item, counted, levels) for item in inner]
        return None if None in items else items
    if isinstance(inner, Properties):
        found = {name: _rule(node, counted, levels) for name, node in inner.items()}
        return None if None in found.values() else found
    return _rule(inner, counted, levels)


class Properties(dict[str, Any]):
    """The named parts of an object, told apart from a node of its own."""


def _inner(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, dict):
        yield "properties", Properties(properties)
    if isinstance(items, (dict, list)):
        yield "items", items


def _leaf_types(schema: Any) -> Iterator[str]:
    """The types of what has no parts, in order, within the bounds."""
    todo, seen = [(_opened(schema), 0)], 0
    while todo and seen < MOST:
        node, level = todo.pop()
        seen += 1
        if not isinstance(node, dict) or level > DEEPEST:
            continue
        kind, below = _type_of(node), []
        if kind not in LEAF_TYPES:
            for _, inner in _inner(node):
                parts = (
                    inner if isinstance(inner, list) else inner.values() if isinstance(inner, Properties) else [inner]
                )
                below += [(part, level + 1) for part in parts]
        if kind and not below:
            yield kind
        todo += reversed(below)


def _type_of(node: dict[str, Any]) -> str:
    """The type of a node; of several, the first that takes a column."""
    kind = node.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if isinstance(one, str) and one in LEAF_TYPES), "")
    return kind if isinstance(kind, str) else ""


def _said(detail: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    config = detail.get("config")
    for api in [*_list(detail.get("apis")), *_list(config.get("apis") if isinstance(config, dict) else None)]:
        if isinstance(api, dict):
            yield _url(api), _schema_in(api)
    by_url: dict[str, list[dict[str, Any]]] = {}
    for param in _list(detail.get("input_params")):
        if isinstance(param, dict):
            by_url.setdefault(_url(param), []).append(param)
    for url, params in by_url.items():
        yield url, _schema_of_params(params)


def _url(api: dict[str, Any]) -> str:
    """The address; `/` where it is left out, as config.json has it."""
    url = api.get("url")
    return url[:1000] if isinstance(url, str) and url else "/"


def _schema_in(api: dict[str, Any]) -> dict[str, Any]:
    request = api.get("request")
    for place in (api, request if isinstance(request, dict) else {}):
        for key in _SCHEMAS:
            schema = _opened(place.get(key))
            if schema:
                return schema
    return {}


def _schema_of_params(params: list[dict[str, Any]]) -> dict[str, Any]:
    """A schema from a list of named inputs; that of an object stands in its description as text."""
    properties: dict[str, Any] = {}
    for param in params:
        name, kind = param.get("param_name"), param.get("param_type")
        if not isinstance(name, str) or not isinstance(kind, str):
            continue
        schema = _opened(param.get("param_desc")) if kind == "object" else {}
        properties[name] = schema or {"type": _PARAMS.get(kind, kind)}
    return {"type": "object", "properties": properties} if properties else {}


def _opened(schema: Any) -> dict[str, Any]:
    """A schema as an object, also from JSON text; empty for anything else."""
    if isinstance(schema, str):
        try:
            schema = json.loads(schema)
        except (ValueError, RecursionError):
            return {}
    return schema if isinstance(schema, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
