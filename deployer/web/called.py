"""Requests for reading: beside each id that the cloud lists, what the cloud calls it. What is signed stays the ids."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from deployer.domain import choosing
from deployer.domain.places import short
from deployer.models import CatalogEntry, Target
from deployer.web.controls import PICKED
from deployer.web.offering import PARTS

Body = dict[str, Any]

# What has a name of its own; a specification is its own name, and an address is none.
NAMED = {field: kind for field, kind in PICKED.items() if kind not in ("specification", "uri")}
LONGEST = 200  # characters of an id that the catalog can know
NAME_SHOWN = 60
BEGINNING = 8  # characters of an id that tell it from the others; the payload has all of it


def called(target: Target, *bodies: Body) -> list[Body]:
    """Copies in which `model_id` and other ids read `sentiment 4.1.3 (0b64744e…)`, as last seen. One query at most.

    Equal ids read the same in all of them and different ids never do, so that they compare as before.
    """
    used = {(NAMED[field], text) for body in bodies for place in places(body) for field, text in ids_in(place)}
    names = names_of(target, used)
    return [named(body, names) for body in bodies] if names else list(bodies)


def places(body: Body) -> Iterator[Body]:
    """The service and its models, as far as they are objects."""
    config = body.get("config")
    yield body
    yield from (entry for entry in config if isinstance(entry, dict)) if isinstance(config, list) else ()


def ids_in(place: Body) -> Iterator[tuple[str, str]]:
    for field in NAMED:
        text = place.get(field)
        if isinstance(text, str) and 0 < len(text) <= LONGEST and text.isprintable():
            yield field, text


def names_of(target: Target, used: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What each listed id reads, by kind and id. Every part of the unique key is named, so that its index is used."""
    if not used:
        return {}
    rows = CatalogEntry.objects.filter(
        target=target,
        kind__in={kind for kind, _ in used},
        part__in=["", *PARTS.values()],
        key__in={key for _, key in used},
    ).only("kind", "key", "name", "version")
    alike = Counter(key[:BEGINNING] for _, key in used)
    found = {(row.kind, row.key): choosing.label(row.kind, row.key, row.name, row.version, {}) for row in rows}
    return {
        (kind, key): f"{short(name, NAME_SHOWN)} ({beginning(key, alike)})"
        for (kind, key), name in found.items()
        if (kind, key) in used and name != key
    }


def beginning(key: str, alike: Counter[str]) -> str:
    is_long = len(key) > 2 * BEGINNING
    return f"{key[:BEGINNING]}…" if is_long and alike[key[:BEGINNING]] == 1 else key


def named(body: Body, names: dict[tuple[str, str], str]) -> Body:
    told = told_in(body, names)
    config = body.get("config")
    if isinstance(config, list):
        told["config"] = [told_in(entry, names) if isinstance(entry, dict) else entry for entry in config]
    return told


def told_in(place: Body, names: dict[tuple[str, str], str]) -> Body:
    return place | {field: names.get((NAMED[field], text), text) for field, text in ids_in(place)}
