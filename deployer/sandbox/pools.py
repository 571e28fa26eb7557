"""Dedicated pools, as clusters in the words of 2022 and as objects in those of 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .calls import Answer, Call
from .catalog import POOLS, POOLS_BY_ID, WORKSPACES, Pool, born
from .offers import OWNER
from .refusals import Refusal, bad_parameter

if TYPE_CHECKING:
    from .cloud import Cloud

# What 2025 asks for in the query, and what it shows as the phase.
STATUSES = {"running": "created", "concerning": "created", "abnormal": "failed", "deploying": "creating"}
PHASES = {"running": "Running", "concerning": "Abnormal", "abnormal": "Error", "deploying": "Creating"}


def cluster_row(pool: Pool, project_id: str) -> dict[str, Any]:
    return {
        "cluster_id": pool.cluster_id,
        "cluster_name": pool.name,
        "description": "",
        **OWNER,
        "project": project_id,
        "created_at": born(200 + POOLS.index(pool)),
        "status": pool.status,
        "nodes": {"specification": pool.flavor, "count": pool.nodes, "available_count": pool.free_nodes},
        "allocatable_cpu_cores": pool.cores,
        "allocatable_memory": pool.memory,
        "allocatable_gpus": pool.gpus,
        "product_id": "",
        "order_id": "",
        "period_type": "",
        "period_num": 0,
    }


def list_clusters(cloud: Cloud, call: Call) -> Answer:
    rows = [cluster_row(pool, call.project_id) for pool in POOLS]
    sort_by = call.query.get("sort_by") or "created_at"
    if sort_by not in ("created_at", "cluster_name"):
        raise bad_parameter("sort_by", "must be created_at or cluster_name.")
    if call.query.get("cluster_name"):
        rows = [row for row in rows if call.query["cluster_name"] in row["cluster_name"]]
    if call.query.get("status"):
        if call.query["status"] not in STATUSES:
            raise bad_parameter("status", f"must be one of {', '.join(STATUSES)}.")
        rows = [row for row in rows if row["status"] == call.query["status"]]
    rows.sort(key=lambda row: row[sort_by], reverse=call.descending())
    page = call.page(rows)
    return Answer(200, {"total_count": len(rows), "count": len(page), "clusters": page})


def _pool(pool: Pool) -> dict[str, Any]:
    """`metadata.name` is what a request calls pool_name."""
    free = [{"flavor": pool.flavor, "count": pool.free_nodes}] if pool.free_nodes else []
    return {
        "apiVersion": "v2",
        "kind": "Pool",
        "metadata": {
            "name": pool.cluster_id,
            "creationTimestamp": "2026-05-04T08:00:00Z",
            "labels": {"os.modelarts/name": pool.name, "os.modelarts/workspace.id": "0"},
            "annotations": {},
        },
        "spec": {
            "type": "Dedicate",
            "scope": ["Infer"],
            "resources": [{"flavor": pool.flavor, "count": pool.nodes}],
        },
        "status": {
            "phase": PHASES[pool.status],
            "scope": [{"scopeType": "Infer", "state": "Enabled"}],
            "resources": {"available": free},
        },
    }


def list_pools(cloud: Cloud, call: Call) -> Answer:
    """All in the default workspace. A labelSelector is `key=value`, several joined by commas."""
    status = call.query.get("status")
    if status and status not in STATUSES.values():
        raise bad_parameter("status", "must be created, failed or creating.")
    items = [_pool(pool) for pool in POOLS if not status or STATUSES[pool.status] == status]
    workspace = call.query.get("workspaceId") or "0"
    if workspace not in WORKSPACES:
        raise Refusal(400, "ModelArts.0102", f"The workspace {workspace} does not exist.")
    wanted = [part.partition("=") for part in call.query.get("labelSelector", "").split(",") if part]
    wanted.append(("os.modelarts/workspace.id", "=", workspace))
    for key, _, value in wanted:
        items = [item for item in items if item["metadata"]["labels"].get(key) == value]
    return Answer(200, {"apiVersion": "v2", "kind": "PoolList", "items": items})


def _found(call: Call) -> Pool:
    pool = POOLS_BY_ID.get(call.ids["pool"])
    if pool is None:
        raise Refusal(404, "ModelArts.3547", f"The pool {call.ids['pool']} does not exist.")
    return pool


def show_pool(cloud: Cloud, call: Call) -> Answer:
    return Answer(200, _pool(_found(call)))


def list_nodes(cloud: Cloud, call: Call) -> Answer:
    """The machines of a pool; the free ones are available, the others at work."""
    pool = _found(call)
    items = [
        {
            "apiVersion": "v2",
            "kind": "Node",
            "metadata": {"name": f"os-node-{pool.cluster_id[:8]}-{number}"},
            "spec": {"flavor": pool.flavor},
            "status": {
                "phase": "Available" if number < pool.free_nodes else "Busy",
                "privateIp": f"192.168.7.{10 + number}",
                "az": "region-1-a",
            },
        }
        for number in range(pool.nodes)
    ]
    return Answer(200, {"apiVersion": "v2", "kind": "NodeList", "items": items})


def monitor(cloud: Cloud, call: Call) -> Answer:
    """What is used and free in a pool now."""
    pool = _found(call)
    free = {"cpu": str(pool.cores), "memory": f"{pool.memory}Mi", "nvidia.com/gpu": str(int(pool.gpus))}
    metrics = [{"name": "nodes", "used": pool.nodes - pool.free_nodes, "total": pool.nodes}]
    return Answer(200, {"metadata": {"name": pool.cluster_id}, "allocatable": free, "metrics": metrics})
