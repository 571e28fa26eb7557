"""An edition of the API: which keys it knows, which values it lists, and which rules it has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .problems import Problem
from .spec import ServiceSpec


@dataclass(frozen=True)
class Edition:
    """One edition of the API document, as the rule book reads it.

    The documents of different years and clouds differ; a target names its edition. `max_instances` is per model.
    """

    name: str
    title: str
    service_keys: frozenset[str]
    entry_keys: frozenset[str]
    spec_keys: frozenset[str]
    schedule_keys: frozenset[str]
    batch_specifications: tuple[str, ...]
    rules: "tuple[Rule, ...]"
    max_instances: int = 5


Rule = Callable[[ServiceSpec, Edition], Iterator[Problem]]
