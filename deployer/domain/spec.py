"""A draft as typed values: what the rules look at."""

from dataclasses import dataclass
from typing import Any

from .spec_newer import EntryMore, ServiceMore
from .tables import BATCH, REAL_TIME


@dataclass(frozen=True)
class Variable:
    """One environment variable as typed; `value` may be of any type and has a problem then."""

    name: str
    value: Any


@dataclass(frozen=True)
class CustomSpec:
    """Resources of one instance: cores, memory in MB, cards. None is blank or spoiled."""

    path: str
    cpu: float | None
    memory: int | None
    gpu_p4: float | None
    ascend_a310: float | None
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One model of the request, of either inference type. None is blank or spoiled."""

    path: str
    owner: str  # how people call it: "model 2", or "the model" of a batch service
    model_id: str | None
    weight: int | None
    specification: str | None
    instance_count: int | None
    cluster_id: str | None
    pool: str | None  # the pool this entry names itself, by either key
    pool_key: str  # the key that names it, or would: cluster_id or pool_name
    custom_spec: CustomSpec | None
    envs: tuple[Variable, ...]
    src_type: str | None
    src_path: str | None
    dest_path: str | None
    req_uri: str | None
    mapping_type: str | None
    mapping_rule: dict[str, Any] | None
    keys: tuple[str, ...]
    stray: tuple[str, ...]  # keys of the other inference type that hold something
    more: EntryMore = EntryMore()


@dataclass(frozen=True)
class Stop:
    """One item of the schedule: stop after so many units."""

    path: str
    type: str | None
    time_unit: str | None
    duration: int | None
    keys: tuple[str, ...]


@dataclass(frozen=True)
class ServiceSpec:
    """The whole request as values or blanks. `spoiled` holds the paths that have a problem of type already."""

    service_name: str | None
    description: str | None
    infer_type: str | None
    workspace_id: str | None
    vpc_id: str | None
    subnet_network_id: str | None
    security_group_id: str | None
    cluster_id: str | None
    pool: str | None  # the pool of the service, by either key
    pool_key: str  # the key that names it, or would: cluster_id or pool_name
    entries: tuple[Entry, ...]
    entry_count: int  # with the entries that are no objects
    schedule: tuple[Stop, ...]
    has_schedule: bool
    keys: tuple[str, ...]
    spoiled: frozenset[str]
    more: ServiceMore = ServiceMore()
    strange: tuple[tuple[str, str], ...] = ()  # path and key of what is unknown inside newer fields

    @property
    def is_real_time(self) -> bool:
        """Whether traffic is shared between models."""
        return self.infer_type == REAL_TIME

    @property
    def is_batch(self) -> bool:
        """Whether one model works through files."""
        return self.infer_type == BATCH

    def pool_of(self, entry: Entry) -> str | None:
        """The pool an entry runs in: its own counts before the service's (CreateService, table 2, cluster_id)."""
        return entry.pool or self.pool

    def lacks(self, path: str, value: object) -> bool:
        """Whether nothing usable stands there and nobody has said so yet."""
        return value is None and path not in self.spoiled
