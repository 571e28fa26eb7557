"""What was learnt of the cloud. Each part may be unknown, with the reason; ids that nobody has are simply not there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Unknown:
    """A part that could not be learnt, and why: a sentence people read.

    `for_now`: the cloud could not be asked, which may pass; else it has no such list, or does not show it to us.
    """

    reason: str = ""
    for_now: bool = False


NOT_ASKED = Unknown("It was not asked for.")


@dataclass(frozen=True)
class Model:
    """One model of the cloud. `install_types` as services write them: real-time, batch, edge.

    `detail` is its definition as domain.definitions reads it; None where it was not asked for.
    """

    name: str = ""
    version: str = ""
    status: str = ""
    install_types: tuple[str, ...] = ()
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Flavor:
    """One specification of the shared pool."""

    status: str = ""  # normal or sellout, as heard
    is_open: bool = True
    over_quota: bool = False


@dataclass(frozen=True)
class Free:
    """What a pool has left: cores, memory in MB, cards; nodes by their flavor. None where it does not say."""

    cpu: float | None = None
    memory: float | None = None
    gpus: float | None = None
    nodes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Pool:
    """One dedicated pool of either generation."""

    name: str = ""
    status: str = ""
    free: Free = Free()
    takes_services: bool = True


@dataclass(frozen=True)
class Vpc:
    name: str = ""
    status: str = ""


@dataclass(frozen=True)
class Subnet:
    name: str = ""
    status: str = ""
    vpc_id: str = ""


@dataclass(frozen=True)
class Group:
    """A security group. `opens_8080`: whether TCP 8080 comes in from anywhere; None where its rules are not known."""

    name: str = ""
    vpc_id: str = ""
    opens_8080: bool | None = None


@dataclass(frozen=True)
class Quota:
    """Services of the request's type: those known to be in the shared pool, and those that may be."""

    shared: int = 0
    unclear: int = 0


@dataclass(frozen=True)
class Facts:
    """All that the checks look at. Mappings are by the id a request names; a missing id means: the cloud has none."""

    same_name: tuple[str, ...] | Unknown = NOT_ASKED  # ids of services that have this name
    models: Mapping[str, Model | None | Unknown] = field(default_factory=dict)  # None: the cloud does not know it
    flavors: Mapping[str, Flavor] | Unknown = NOT_ASKED
    clusters: Mapping[str, Pool] | Unknown = NOT_ASKED  # by cluster_id
    pools: Mapping[str, Pool] | Unknown = NOT_ASKED  # by pool_name
    vpcs: Mapping[str, Vpc] | Unknown = NOT_ASKED
    subnets: Mapping[str, Subnet] | Unknown = NOT_ASKED
    groups: Mapping[str, Group] | Unknown = NOT_ASKED
    quota: Quota | Unknown = NOT_ASKED
    workspaces: Mapping[str, str] | Unknown = NOT_ASKED  # status by id

    @property
    def unseen_for_now(self) -> list[Unknown]:
        """The parts that could not be asked for just now."""
        parts: list[object] = [getattr(self, one.name) for one in fields(self)] + list(self.models.values())
        return [part for part in parts if isinstance(part, Unknown) and part.for_now]
