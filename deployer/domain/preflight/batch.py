"""What a batch job calls in its model: it has inputs, the request URI is its own, the mapping fits them."""

from collections.abc import Iterator
from typing import Any

from deployer.domain.mapping import LEAF_TYPES, leaves
from deployer.domain.places import short
from deployer.domain.preflight.facts import Api, Facts, Model
from deployer.domain.preflight.models import called, known
from deployer.domain.preflight.request import Body, Entry, is_batch
from deployer.domain.preflight.results import Result, blocked, not_seen, passed, warned

MOST_NODES = 20_000


def model_has_inputs(body: Body, facts: Facts) -> Iterator[Result]:
    """Batch needs a model that declares its input: error code 3514."""
    for entry, model in jobs(body, facts):
        path = entry.at("model_id")
        if model.has_input is None:
            yield not_seen("inputs", path, f"The inputs of {called(model, entry)}", "Its page does not say.")
        elif not model.has_input:
            words = f"{called(model, entry)} declares no input, which batch needs."
            yield blocked("inputs", path, words, "Choose a model with input parameters.")
        else:
            yield passed("inputs", path, f"{called(model, entry)} declares its input.")


def uri_is_of_the_model(body: Body, facts: Facts) -> Iterator[Result]:
    """The request URI is one of the model's APIs: table 4, req_uri."""
    for entry, model in jobs(body, facts):
        path, uri = entry.at("req_uri"), entry.text("req_uri")
        if not model.apis:
            continue  # What it offers is not known, or nothing: the check of the inputs has said so.
        if api_of(model, uri):
            yield passed("req_uri", path, f"{short(uri)} is a request URI of the model.")
            continue
        offers = ", ".join(short(api.uri) for api in model.apis[:6])
        words = f"{called(model, entry)} has no request URI {short(uri)}. It has {offers}."
        yield blocked("req_uri", path, words, "Choose one of them.")


def mapping_type_fits(body: Body, facts: Facts) -> Iterator[Result]:
    """`file` wants exactly one input, of type file; `csv` wants plain values: table 4, mapping_type."""
    for entry, model in jobs(body, facts):
        api = api_of(model, entry.text("req_uri"))
        types = input_types(api.schema) if api else []
        path, mapping = entry.at("mapping_type"), entry.text("mapping_type")
        if not types:
            continue
        is_file = types == ["file"]
        if mapping == "file" and not is_file:
            words = "The mapping file needs exactly one input, of type file. The model's inputs are others."
            yield blocked("mapping", path, words, "Choose the mapping csv.")
        elif mapping == "csv" and "file" in types:
            yield blocked(
                "mapping", path, "The model takes a file, which no CSV row holds.", "Choose the mapping file."
            )
        else:
            yield passed("mapping", path, f"The mapping {short(mapping)} fits the model's input.")


def rule_covers_the_inputs(body: Body, facts: Facts) -> Iterator[Result]:
    """A leaf without a column is left out of each request, without an error: table 4, mapping_rule."""
    for entry, model in jobs(body, facts):
        api, path = api_of(model, entry.text("req_uri")), entry.at("mapping_rule")
        rule = entry.fields.get("mapping_rule")
        if api is None or entry.text("mapping_type") != "csv" or not isinstance(rule, dict):
            continue
        wanted = {place_in(leaf.path, ""): leaf.name for leaf in some_leaves(api.schema, "")}
        given = {place_in(leaf.path, path): leaf for leaf in some_leaves(rule, path)}
        missing = [name for place, name in wanted.items() if place not in given or given[place].column is None]
        strange = [leaf.name for place, leaf in given.items() if place not in wanted] if wanted else []
        if missing:
            words = f"The mapping rule leaves out {told(missing)} of the model's {len(wanted)} inputs."
            yield warned("mapping", path, words, "Each request goes without them. Give every input a column.")
        if strange:
            yield warned("mapping", path, f"The mapping rule names what the model does not take: {told(strange)}.")
        if wanted and not missing and not strange:
            yield passed("mapping", path, f"The mapping rule covers all {len(wanted)} inputs.")


def jobs(body: Body, facts: Facts) -> Iterator[tuple[Entry, Model]]:
    if is_batch(body):
        yield from known(body, facts)


def api_of(model: Model, uri: str) -> Api | None:
    return next((api for api in model.apis or () if api.uri.rstrip("/") == uri.rstrip("/")), None)


def some_leaves(schema: Any, path: str) -> list[Any]:
    """The leaves of a schema; of a monstrous one only the first, so that a liar costs little."""
    found = []
    if isinstance(schema, dict):
        for leaf in leaves(schema, path):
            found.append(leaf)
            if len(found) >= MOST_NODES:
                break
    return found


def place_in(path: str, root: str) -> str:
    """The place of a leaf, whether `items` holds one schema or a list of one."""
    return path.removeprefix(root).removeprefix(".").replace("items[0]", "items")


def input_types(schema: Any) -> list[str]:
    """The types of all leaves; `file` too, which no mapping rule has."""
    found: list[str] = []
    todo = [schema]
    while todo and len(found) < MOST_NODES:
        node = todo.pop()
        if not isinstance(node, dict):
            continue
        kind = node.get("type")
        if isinstance(kind, str) and (kind in LEAF_TYPES or kind == "file"):
            found.append(kind)
            continue
        properties, items = node.get("properties"), node.get("items")
        todo += list(properties.values()) if isinstance(properties, dict) else []
        todo += items if isinstance(items, list) else [items]
    return found


def told(names: list[str]) -> str:
    shown = [short(name) for name in names[:4]]
    return ", ".join(shown) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
