"""What a request asks for, as lines people read, grouped as in `diff`. Never raises.

What a change does: `effects_of_change`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import newer, saying, saying_newer
from .diff import AUTO_STOP, BASICS, CAPACITY, DATA, MORE, NETWORK, OTHER, TRAFFIC, VARIABLES
from .payload import build
from .tables import BATCH, ENTRY

DATA_KEYS = ("src_type", "src_path", "dest_path", "req_uri", "mapping_type", "mapping_rule")
_BASICS = {"description": "Description", "workspace_id": "Workspace"}
_KNOWN = {"service_name", "infer_type", "config", "schedule", "cluster_id", *_BASICS} | {
    "vpc_id",
    "subnet_network_id",
    "security_group_id",
    *newer.SERVICE,
}
KNOWN_OF_MODEL = {*ENTRY, *newer.ENTRY}


@dataclass(frozen=True)
class Line:
    """One effect. `before` is empty where something is asked, not changed; `sign` is "new", "gone" or empty.

    `delta` is a signed whole number or None; `look` the place of the model's colour, from 0.
    """

    what: str
    after: str
    before: str = ""
    delta: int | None = None
    sign: str = ""
    look: int | None = None


@dataclass(frozen=True)
class Share:
    """A model's part of the traffic, in percent."""

    name: str
    weight: int


@dataclass(frozen=True)
class Section:
    """The effects of one kind. `note` stands where there is no line; `was` and `shares` draw the bars."""

    name: str
    lines: list[Line] = field(default_factory=list)
    note: str = ""
    was: list[Share] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)


def asked(typed: Mapping[str, Any]) -> list[Section]:
    """Everything a body asks for, as it would be sent."""
    body = build(dict(typed))
    batch = body.get("infer_type") == BATCH
    models = saying.entries(body)
    capacity = [
        Line(saying.named(one, at), f"{saying.instances(one)}, {saying.machine(one)}") for at, one in enumerate(models)
    ]
    data = [line for at, one in enumerate(models) for line in _data(one, at)]
    variables = [line for at, one in enumerate(models) for line in _variables(one, at)]
    found = [
        Section(DATA, data) if batch else traffic(models),
        Section(CAPACITY, capacity, note="" if capacity else "No model yet."),
        Section(VARIABLES, variables, note="" if variables else "None."),
        Section(NETWORK, note=saying.network(body)),
        *([] if batch else [Section(AUTO_STOP, note=saying.auto_stop(body) + ".")]),
        Section(BASICS, [Line(word, saying.said(body[key])) for key, word in _BASICS.items() if body.get(key)]),
        Section(MORE, list(_more(body, models))),
        Section(OTHER, list(_unknown(body, models))),
    ]
    return [section for section in found if section.lines or section.note or section.shares]


def traffic(models: list[dict[str, Any]]) -> Section:
    """Who gets which share."""
    lines = [Line(saying.named(one, at), percent(one.get("weight")), look=at) for at, one in enumerate(models)]
    return Section(TRAFFIC, lines, "" if lines else "No model yet.", shares=shares_of(models))


def shares_of(models: list[dict[str, Any]]) -> list[Share]:
    """The shares of a bar, in the order of the body; what is no whole number counts 0."""
    return [Share(saying.named(one, at), max(0, saying.whole(one.get("weight")))) for at, one in enumerate(models)]


def percent(weight: Any) -> str:
    """ "70 %", or what was typed instead of a number."""
    return f"{saying.said(weight)}\u202f%" if saying.whole(weight) or weight == 0 else saying.said(weight, "not said")


def envs(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The variables of a model, names and values as text."""
    found = entry.get("envs")
    return (
        [(saying.said(key), saying.said(value, "null")) for key, value in found.items()]
        if isinstance(found, dict)
        else []
    )


def titled(words: str) -> str:
    """With a capital first letter; the others as they are (URI, VPC)."""
    return words[:1].upper() + words[1:]


def _variables(entry: Mapping[str, Any], place: int) -> Iterator[Line]:
    for key, value in envs(entry):
        yield Line(f"{key} of {saying.named(entry, place)}", value)


def _data(entry: Mapping[str, Any], place: int) -> Iterator[Line]:
    yield Line("Model", saying.named(entry, place))
    for key in DATA_KEYS:
        if key in entry:
            yield Line(titled(ENTRY[key]), saying.said(entry[key], "null"))


def _more(body: Mapping[str, Any], models: list[dict[str, Any]]) -> Iterator[Line]:
    """The newer fields, of the service and of each model."""
    for words, value in saying_newer.lines(body, newer.SERVICE):
        yield Line(titled(words), value)
    for at, one in enumerate(models):
        for words, value in saying_newer.lines(one, newer.ENTRY):
            yield Line(f"{titled(words)} of {saying.named(one, at)}", value)


def _unknown(body: Mapping[str, Any], models: list[dict[str, Any]]) -> Iterator[Line]:
    """Keys the document does not know are kept and sent; a reader should see them."""
    for key in sorted(body.keys() - _KNOWN):
        yield Line(saying.said(key), saying.said(body[key], "null"))
    for at, one in enumerate(models):
        for key in sorted(one.keys() - KNOWN_OF_MODEL):
            yield Line(f"{saying.said(key)} of {saying.named(one, at)}", saying.said(one[key], "null"))
