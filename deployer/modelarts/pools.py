"""Where services can run: clusters (the older pools), pools (the newer ones) and workspaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployer.modelarts.reading import decimal, listed, mapped, text, whole


@dataclass(frozen=True)
class ClusterSeen:
    """A dedicated pool of the older kind. What is left in it: cores, memory in MB, GPUs; None when unsaid."""

    cluster_id: str
    name: str
    status: str
    raw: dict[str, Any]
    allocatable_cpu_cores: float | None = None
    allocatable_memory: int | None = None
    allocatable_gpus: float | None = None
    specification: str = ""
    nodes: int | None = None
    available_nodes: int | None = None

    @property
    def is_running(self) -> bool:
        return self.status.lower() == "running"


@dataclass(frozen=True)
class FlavorCount:
    """So many nodes of one flavor."""

    flavor: str
    count: int | None


@dataclass(frozen=True)
class PoolSeen:
    """A dedicated pool of the newer kind; `pool_name` is what a request names it by, `name` what people call it."""

    pool_name: str
    name: str
    status: str  # the phase as it came: Creating, Running, Abnormal …
    scopes: tuple[str, ...]  # kinds of jobs it takes: Train, Infer, Notebook
    resources: tuple[FlavorCount, ...]  # all it has
    available: tuple[FlavorCount, ...]  # what is free
    workspace_id: str
    raw: dict[str, Any]

    @property
    def is_running(self) -> bool:
        return self.status.lower() == "running"

    @property
    def takes_services(self) -> bool:
        """Whether services may run in it; a pool that names no kind of job is not ruled out."""
        return not self.scopes or any(scope.lower() == "infer" for scope in self.scopes)


@dataclass(frozen=True)
class WorkspaceSeen:
    """A workspace; "0" is the default one."""

    workspace_id: str
    name: str
    status: str
    raw: dict[str, Any]


def cluster(row: Mapping[str, Any]) -> ClusterSeen:
    """A cluster from its row."""
    nodes = mapped(row.get("nodes"))
    return ClusterSeen(
        cluster_id=text(row.get("cluster_id")),
        name=text(row.get("cluster_name")),
        status=text(row.get("status")),
        raw=dict(row),
        allocatable_cpu_cores=decimal(row.get("allocatable_cpu_cores")),
        allocatable_memory=whole(row.get("allocatable_memory")),
        allocatable_gpus=decimal(row.get("allocatable_gpus")),
        specification=text(nodes.get("specification")),
        nodes=whole(nodes.get("count")),
        available_nodes=whole(nodes.get("available_count")),
    )


def pool(row: Mapping[str, Any]) -> PoolSeen:
    """A pool from its item: metadata, spec and status as the newer API nests them (ModelArts API reference, 2025)."""
    metadata, spec, status = (mapped(row.get(part)) for part in ("metadata", "spec", "status"))
    labels = mapped(metadata.get("labels"))
    pool_name = text(metadata.get("name"))
    scopes = (text(one) for one in listed(spec.get("scope")))
    return PoolSeen(
        pool_name=pool_name,
        name=text(labels.get("os.modelarts/name")) or pool_name,
        status=text(status.get("phase")),
        scopes=tuple(scope for scope in scopes if scope),
        resources=_counts(spec.get("resources")),
        available=_counts(mapped(status.get("resources")).get("available")),
        workspace_id=text(labels.get("os.modelarts/workspace.id")) or "0",
        raw=dict(row),
    )


def _counts(value: Any) -> tuple[FlavorCount, ...]:
    rows = (mapped(one) for one in listed(value))
    return tuple(FlavorCount(text(row.get("flavor")), whole(row.get("count"))) for row in rows if row)


def workspace(row: Mapping[str, Any]) -> WorkspaceSeen:
    """A workspace from its row."""
    return WorkspaceSeen(text(row.get("id")), text(row.get("name")), text(row.get("status")), dict(row))
