"""Dedicated pools of both generations as entries of the catalog: how much they have, and how much of it is free."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from deployer.modelarts.answers import ClusterSeen, FlavorCount, PoolSeen
from deployer.modelarts.errors import Refused
from deployer.models import Target
from deployer.worker import clouds
from deployer.workflow.catalog import Offer

T = TypeVar("T")
MOST = 50  # flavors and kinds of jobs of one pool that are remembered


def pools(target: Target) -> Iterator[Offer]:
    """Clusters (until 2024) and pools (since). A cloud answers 404 for the generation it does not know.

    The newer ones are those of the target's workspace: GET /v2/{project_id}/pools, workspaceId.
    """
    with clouds.looking_at(target) as cloud:
        older = if_known(cloud.clusters)
        newer = if_known(partial(cloud.pools, workspace_id=target.workspace_id or None))
    yield from map(cluster, older)
    yield from map(pool, newer)


def if_known(ask: Callable[[], list[T]]) -> list[T]:
    """The list, or an empty one from a cloud that does not know the call."""
    try:
        return ask()
    except Refused as refusal:
        if refusal.status != 404:
            raise
        return []


def cluster(seen: ClusterSeen) -> Offer:
    free = {
        "cpu": seen.allocatable_cpu_cores,  # cores
        "memory": seen.allocatable_memory,  # MB
        "gpus": seen.allocatable_gpus,
        "nodes": seen.available_nodes,
    }
    flavors = [{"flavor": seen.specification, "count": seen.nodes, "free": seen.available_nodes}]
    return Offer(
        part="cluster",
        key=seen.cluster_id,
        name=seen.name,
        status=seen.status,
        facts={
            "generation": "cluster",
            "status": seen.status,
            "free": free,
            "total": {"nodes": seen.nodes},
            "flavors": flavors if seen.specification else [],
            "jobs": [],
        },
    )


def pool(seen: PoolSeen) -> Offer:
    return Offer(
        part="pool",
        key=seen.pool_name,
        name=seen.name,
        status=seen.status,
        facts={
            "generation": "pool",
            "status": seen.status,
            "free": {"cpu": None, "memory": None, "gpus": None, "nodes": nodes_of(seen.available)},
            "total": {"nodes": nodes_of(seen.resources)},
            "flavors": flavors_of(seen),
            "jobs": list(seen.scopes)[:MOST],
        },
    )


def nodes_of(counts: Iterable[FlavorCount]) -> int | None:
    """How many nodes these are; None when nothing is said."""
    said = [one.count for one in counts if one.count is not None]
    return sum(said) if said else None


def flavors_of(seen: PoolSeen) -> list[dict[str, Any]]:
    free = {one.flavor: one.count for one in seen.available}
    return [{"flavor": one.flavor, "count": one.count, "free": free.get(one.flavor)} for one in seen.resources[:MOST]]
