"""The lists of the catalog as the API answers them: specifications, workspaces, authorizations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import account
from .calls import Answer, Call
from .catalog import BOTH, FLAVORS, WORKSPACES, Flavor, born
from .refusals import Refusal

if TYPE_CHECKING:
    from .cloud import Cloud

OWNER = {"tenant": account.DOMAIN_ID, "owner": account.USER_ID}


def list_specifications(cloud: Cloud, call: Call) -> Answer:
    """Flavors; selectable ones are normal, open and within the quota. `custom` belongs to dedicated pools alone."""
    infer_type = call.query.get("infer_type") or "real-time"
    if infer_type not in BOTH:
        raise Refusal(400, "ModelArts.0104", "Invalid parameter infer_type: must be real-time or batch.")
    personal = call.query.get("is_personal_cluster", "").lower() == "true"
    rows = [_specification(one) for one in FLAVORS if infer_type in one.kinds and (one.name == "custom") == personal]
    page = call.page(rows)
    return Answer(200, {"total_count": len(rows), "count": len(page), "specifications": page})


def _specification(flavor: Flavor) -> dict[str, Any]:
    """The documented fields, and those that the edition of 2025 adds."""
    row = {
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
        "category": flavor.text.partition(":")[0] if ":" in flavor.text else "CPU",
    }
    if flavor.cores:
        row["cpu_info"] = {"arch": "x86", "cpu": flavor.cores}
        row["memory_info"] = {"unit": "GB", "memory": flavor.memory}
    return row


def _workspace(workspace_id: str, name: str) -> dict[str, Any]:
    return {
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


def list_workspaces(cloud: Cloud, call: Call) -> Answer:
    rows = [_workspace(*one) for one in WORKSPACES.items() if call.query.get("name", "") in one[1]]
    if call.query.get("enterprise_project_id"):
        rows = [row for row in rows if row["enterprise_project_id"] == call.query["enterprise_project_id"]]
    if call.query.get("sort_by") == "name":
        rows.sort(key=lambda row: row["name"], reverse=call.descending())
    page = call.page(rows)
    return Answer(200, {"total_count": len(rows), "count": len(page), "workspaces": page})


def show_workspace(cloud: Cloud, call: Call) -> Answer:
    workspace_id = call.ids["workspace_id"]
    if workspace_id not in WORKSPACES:
        raise Refusal(400, "ModelArts.7005", f"The workspace {workspace_id} does not exist.")
    grants = {"grants": [{"user_id": account.USER_ID, "user_name": account.USER}]}
    return Answer(200, {**_workspace(workspace_id, WORKSPACES[workspace_id]), **grants})


def list_authorizations(cloud: Cloud, call: Call) -> Answer:
    """Who has let ModelArts act for them. None: batch jobs and deletes answer 0428."""
    agency = {"user_id": account.USER_ID, "user_name": account.USER, "type": "agency", "content": "modelarts_agency"}
    rows = [{**agency, "create_time": born(300)}] if cloud.conduct.authorized else []
    return Answer(200, {"total_count": len(rows), "count": len(rows), "auth": rows})
