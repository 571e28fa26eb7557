"""An edition of the API: which keys it knows, which values it lists, and which rules it has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .newer import Tree
from .problems import Problem
from .spec import ServiceSpec


@dataclass(frozen=True)
class Edition:
    """One edition of the API document, as the rule book reads it.

    The documents of different years and clouds differ; a target names its edition. `max_instances` is per model and
    a setting of the house, `most_instances` the bound of the document, where it has one. The trees say which newer
    fields a form has (see `newer`).
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
    most_instances: int | None = None
    batch_has_pools: bool = False
    service_tree: Tree = field(default_factory=dict)
    entry_tree: Tree = field(default_factory=dict)

    @property
    def has_newer(self) -> bool:
        """Whether this edition has the newer fields; all came together."""
        return bool(self.service_tree)


Rule = Callable[[ServiceSpec, Edition], Iterator[Problem]]
