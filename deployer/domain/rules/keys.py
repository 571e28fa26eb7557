"""Keys that do not belong: of the other inference type, or unknown to the edition."""

from collections.abc import Iterable, Iterator

from ..edition import Edition
from ..newer import NODES
from ..places import join, short
from ..problems import WARN, Problem
from ..spec import ServiceSpec


def fields_of_the_other_type_stay_behind(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A weight of a batch job or an input path of a real-time service is not sent."""
    other = "real-time" if spec.is_batch else "batch"
    for entry in spec.entries:
        for key in entry.stray:
            words = f'"{key}" is for {other} services. It is not sent.'
            yield Problem(join(entry.path, key), WARN, words)


def keys_are_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """An unknown key may be a newer one or a slip: it is kept, sent, and said."""
    yield from _unknown(spec.keys, edition.service_keys, "")
    for entry in spec.entries:
        yield from _unknown(entry.keys, edition.entry_keys, entry.path)
        if entry.custom_spec:
            yield from _unknown(entry.custom_spec.keys, edition.spec_keys, entry.custom_spec.path)
    for stop in spec.schedule:
        yield from _unknown(stop.keys, edition.schedule_keys, stop.path)
    for path, key in spec.strange:
        yield from _unknown((key,), frozenset(), path)


def nodes_are_for_edge(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Nodes are named where a service runs at the edge, which is not composed here (decision 8)."""
    for entry in spec.entries if spec.is_real_time or spec.is_batch else ():
        if NODES in entry.keys:
            words = '"nodes" is for edge services. It is kept and sent as it is.'
            yield Problem(join(entry.path, NODES), WARN, words)


def _unknown(keys: Iterable[str], known: frozenset[str], path: str) -> Iterator[Problem]:
    for key in keys:
        if key not in known:
            words = f'"{short(key)}" is not known to this edition of the API. It is kept and sent as it is.'
            yield Problem(join(path, key), WARN, words)
