"""The request as the checks ask about it. A body has passed the rule book, yet nothing here breaks on an odd one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from deployer.domain.places import join
from deployer.domain.tables import BATCH
from deployer.domain.values import whole_number

Body = dict[str, Any]
N = TypeVar("N", int, float)
MOST = 2**63
POOL_KEYS = ("pool_name", "cluster_id")  # the newer one counts first: CreateService 2025, pool_name


@dataclass(frozen=True)
class Entry:
    """One model of the request and its place."""

    path: str
    owner: str  # how people call it: "model 2", or "the model" of a batch job
    fields: dict[str, Any]

    def text(self, key: str) -> str:
        return text(self.fields, key)

    def at(self, key: str) -> str:
        return join(self.path, key)

    @property
    def instances(self) -> int:
        return bounded(whole_number(self.fields.get("instance_count")) or 0)

    def amount(self, key: str) -> float:
        """A resource of `custom_spec`: cores, MB, cards; 0 where it is not asked for."""
        spec = self.fields.get("custom_spec")
        value = spec.get(key) if isinstance(spec, dict) else None
        return bounded(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0

    @property
    def has_custom_spec(self) -> bool:
        return isinstance(self.fields.get("custom_spec"), dict)


@dataclass(frozen=True)
class PoolUse:
    """That an entry runs in a pool: its id, the key that names it, and where that stands."""

    pool_id: str
    key: str
    path: str


def bounded(number: N) -> N:
    """No sum of these goes beyond what a float holds, whatever was typed."""
    return max(-MOST, min(number, MOST))


def text(place: Body, key: str) -> str:
    value = place.get(key)
    return value if isinstance(value, str) else ""


def entries(body: Body) -> Iterator[Entry]:
    config = body.get("config")
    rows = config if isinstance(config, list) else []
    is_only = body.get("infer_type") == BATCH and len(rows) == 1
    for index, row in enumerate(rows):
        if isinstance(row, dict):
            yield Entry(join("config", index), "the model" if is_only else f"model {index + 1}", row)


def is_batch(body: Body) -> bool:
    return body.get("infer_type") == BATCH


def pool_of(body: Body, entry: Entry) -> PoolUse | None:
    """The pool an entry runs in: its own counts before the service's (CreateService, table 2, cluster_id)."""
    for place, path in ((entry.fields, entry.path), (body, "")):
        for key in POOL_KEYS:
            if text(place, key):
                return PoolUse(text(place, key), key, join(path, key))
    return None


def runs_in_pools(body: Body) -> bool:
    """Whether every model has a dedicated pool: then neither quota nor the VPC has a say."""
    found = [pool_of(body, entry) for entry in entries(body)]
    return bool(found) and all(found)
