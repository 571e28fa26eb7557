"""What a batch job calls in its model: it has inputs, the request URI is its own, the mapping fits them."""

from collections.abc import Iterator, Mapping
from typing import Any

from deployer.domain.definitions import mapping_rule, mapping_types, request_uris, schema_of
from deployer.domain.mapping import leaves
from deployer.domain.places import short
from deployer.domain.preflight.facts import Facts, Model
from deployer.domain.preflight.models import called, known
from deployer.domain.preflight.request import Body, Entry, is_batch
from deployer.domain.preflight.results import Result, blocked, not_seen, passed, warned

Detail = Mapping[str, Any]


def model_has_inputs(body: Body, facts: Facts) -> Iterator[Result]:
    """Batch needs a model that declares its input: error code 3514."""
    for entry, model, detail in jobs(body, facts):
        path = entry.at("model_id")
        if detail is None:
            yield not_seen("inputs", path, f"The inputs of {called(model, entry)}", "Its page was not read.")
        elif detail.get("input_params") or any(mapping_types(detail, uri) for uri in request_uris(detail)):
            yield passed("inputs", path, f"{called(model, entry)} declares its input.")
        else:
            words = f"{called(model, entry)} declares no input, which batch needs."
            yield blocked("inputs", path, words, "Choose a model with input parameters.")


def uri_is_of_the_model(body: Body, facts: Facts) -> Iterator[Result]:
    """The request URI is one of the model's APIs: table 4, req_uri."""
    for entry, model, detail in jobs(body, facts):
        path, uri = entry.at("req_uri"), entry.text("req_uri")
        uris = request_uris(detail) if detail else []
        if uri in uris:
            yield passed("req_uri", path, f"{short(uri)} is a request URI of the model.")
        elif uris:
            words = f"{called(model, entry)} has no request URI {short(uri)}. It has {told(uris)}."
            yield blocked("req_uri", path, words, "Choose one of them.")


def mapping_type_fits(body: Body, facts: Facts) -> Iterator[Result]:
    """`file` wants exactly one input, of type file; `csv` wants plain values: table 4, mapping_type."""
    for entry, _, detail in jobs(body, facts):
        path, mapping = entry.at("mapping_type"), entry.text("mapping_type")
        fitting = mapping_types(detail, entry.text("req_uri")) if detail else ()
        if mapping in fitting:
            yield passed("mapping", path, f"The mapping {short(mapping)} fits the model's input.")
        elif fitting and mapping == "file":
            words = "The mapping file needs exactly one input, of type file. The model's inputs are others."
            yield blocked("mapping", path, words, "Choose the mapping csv.")
        elif fitting:
            words = "The model takes a file, which no row of a CSV holds."
            yield blocked("mapping", path, words, "Choose the mapping file.")


def rule_covers_the_inputs(body: Body, facts: Facts) -> Iterator[Result]:
    """A leaf without a column is left out of each request, without an error: table 4, mapping_rule."""
    for entry, _, detail in jobs(body, facts):
        rule, path = entry.fields.get("mapping_rule"), entry.at("mapping_rule")
        if detail is None or entry.text("mapping_type") != "csv" or not isinstance(rule, dict):
            continue
        wanted = places(mapping_rule(schema_of(detail, entry.text("req_uri"))), with_column=False)
        if not wanted:
            continue  # The model does not say what it takes.
        missing = [name for place, name in wanted.items() if place not in places(rule, with_column=True)]
        strange = [name for place, name in places(rule, with_column=False).items() if place not in wanted]
        if missing:
            words = f"The mapping rule leaves out {told(missing)}, of {len(wanted)} inputs of the model."
            yield warned("mapping", path, words, "Each request goes without them. Give every input a column.")
        if strange:
            words = f"The mapping rule names what the model does not take: {told(strange)}."
            yield warned("mapping", path, words, "Take it out, or look at the request URI.")
        if not missing and not strange:
            yield passed("mapping", path, f"The mapping rule covers all {len(wanted)} inputs.")


def jobs(body: Body, facts: Facts) -> Iterator[tuple[Entry, Model, Detail | None]]:
    """The one model of a batch job, where the cloud knows it, with its definition."""
    if is_batch(body):
        for entry, model in known(body, facts):
            yield entry, model, model.detail


def places(rule: dict[str, Any], *, with_column: bool) -> dict[str, str]:
    """The inputs of a rule by their place, whether `items` holds one schema or a list of one."""
    found = leaves(rule, "")
    return {
        leaf.path.replace("items[0]", "items"): leaf.name or "the input"
        for leaf in found
        if not with_column or leaf.column is not None
    }


def told(names: list[str]) -> str:
    shown = [short(name) for name in names[:4]]
    return ", ".join(shown) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
