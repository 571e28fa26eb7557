"""The lists of the catalog as the API answers them: specifications, clusters, workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import account
from .calls import Answer, Call
from .catalog import BOTH, FLAVORS, POOLS, WORKSPACES, Pool, born
from .refusals import Refusal

if TYPE_CHECKING:
    from .cloud import Cloud

OWNER = {"tenant": account.DOMAIN_ID, "owner": account.USER_ID}


def list_specifications(cloud: Cloud, call: Call) -> Answer:
    """Flavors; selectable ones are normal, open and within the quota."""
    infer_type = call.query.get("infer_type") or "real-time"
    if infer_type not in BOTH:
        raise Refusal(400, "ModelArts.0104", "Invalid parameter infer_type: must be real-time or batch.")
    personal = call.query.get("is_personal_cluster", "").lower() == "true"
    rows = [
        {
            "specification": flavor.name,
            "billing_spec": flavor.name,
            "spec_status": flavor.status,
            "is_open": flavor.is_open,
            "source_type": "",
            "is_free": flavor.is_free,
            "over_quota": flavor.over_quota,
            "extend_params": 1,
            "display_en": flavor.text,
            "display_cn": flavor.text,
        }
        for flavor in FLAVORS
        if infer_type in flavor.kinds and (flavor.name == "custom" or not personal)
    ]
    return Answer(200, {"specifications": call.page(rows)})


def cluster_row(pool: Pool, project_id: str) -> dict[str, Any]:
    return {
        "cluster_id": pool.cluster_id,
        "cluster_name": pool.name,
        "description": "",
        **OWNER,
        "project": project_id,
        "created_at": born(200),
        "status": pool.status,
        "nodes": {"specification": pool.flavor, "count": pool.nodes, "available_count": pool.nodes},
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
    if call.query.get("cluster_name"):
        rows = [row for row in rows if call.query["cluster_name"] in row["cluster_name"]]
    if call.query.get("status"):
        rows = [row for row in rows if row["status"] == call.query["status"]]
    if call.query.get("sort_by") == "cluster_name":
        rows.sort(key=lambda row: row["cluster_name"], reverse=call.descending())
    page = call.page(rows)
    return Answer(200, {"total_count": len(rows), "count": len(page), "clusters": page})


def list_pools(cloud: Cloud, call: Call) -> Answer:
    """Pools as the newer edition lists them; `metadata.name` is what a request calls pool_name."""
    items = [
        {
            "apiVersion": "v2",
            "kind": "Pool",
            "metadata": {"name": pool.cluster_id, "labels": {"os.modelarts/name": pool.name}, "annotations": {}},
            "spec": {
                "type": "Dedicate",
                "scope": ["Infer"],
                "resources": [{"flavor": pool.flavor, "count": pool.nodes}],
            },
            "status": {
                "phase": "Running" if pool.status == "running" else "Abnormal",
                "scope": [{"scopeType": "Infer", "state": "Enabled"}],
                "resources": {"available": [{"flavor": pool.flavor, "count": pool.nodes}]},
            },
        }
        for pool in POOLS
    ]
    return Answer(200, {"apiVersion": "v2", "kind": "PoolList", "items": items})


def list_workspaces(cloud: Cloud, call: Call) -> Answer:
    rows = [
        {
            "id": workspace_id,
            "name": name,
            "description": "",
            "owner": account.USER,
            "create_time": born(300),
            "update_time": born(300),
            "auth_type": "PUBLIC",
            "enterprise_project_id": "0",
            "enterprise_project_name": "default",
            "status": "NORMAL",
            "status_info": "",
        }
        for workspace_id, name in WORKSPACES.items()
        if call.query.get("name", "") in name
    ]
    page = call.page(rows)
    return Answer(200, {"total_count": len(rows), "count": len(page), "workspaces": page})
