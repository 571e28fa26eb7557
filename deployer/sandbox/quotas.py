"""How many services, instances, nodes and models one project may have, each with its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .admission import uses_pool
from .lives import LIVELY
from .refusals import Refusal

if TYPE_CHECKING:
    from .services import Services

Json = dict[str, Any]


def check_new(services: Services, asked: Json, others: list[Json]) -> None:
    """Is there room for one more service? `others` are the project's services that are there."""
    kind, limits = asked["infer_type"], services.conduct.quotas
    others = [other for other in others if not other.get("mark")]
    # Public-pool services hold quota even when failed or stopped; dedicated ones do not: ModelArts console.
    held = sum(1 for one in others if one["infer_type"] == kind and in_public_pool(one, one["config"]))
    if in_public_pool(asked, asked["config"]) and _over(held + 1, limits[kind]):
        raise Refusal(400, "ModelArts.3520", f"At most {limits[kind]} {kind} services are allowed in the public pool.")
    _check_running(services, kind, others)
    check_config(services, asked, asked["config"], others)


def in_public_pool(service: Json, config: list[Json]) -> bool:
    return not any(uses_pool(service, entry) for entry in config)


def _over(wanted: int, limit: int | None) -> bool:
    return limit is not None and wanted > limit


def check_running(services: Services, record: Json) -> None:
    """May this service start, too?"""
    _check_running(services, record["infer_type"], services.alive(record["project_id"]))


def _check_running(services: Services, kind: str, others: list[Json]) -> None:
    limit = services.conduct.quotas["running"]
    if limit is None:
        return
    running = sum(1 for one in others if one["infer_type"] == kind and services.status(one) in LIVELY)
    if running + 1 > limit:
        raise Refusal(400, "ModelArts.3521", f"At most {limit} {kind} services may run at a time.")


def check_config(services: Services, service: Json, config: list[Json], others: list[Json]) -> None:
    """Are instances, nodes and models left for this configuration, beside those of the other services?"""
    kind, limits = service["infer_type"], services.conduct.quotas
    mine = sum(entry["instance_count"] for entry in config)
    instances = mine + sum(_instances(one) for one in others if one["infer_type"] == kind)
    if _over(instances, limits["instances"]):
        message = f"config: at most {limits['instances']} instances of {kind} services are allowed in all."
        raise Refusal(400, "ModelArts.3522", message)
    if in_public_pool(service, config):
        nodes = mine + sum(_instances(one) for one in others if in_public_pool(one, one["config"]))
        if _over(nodes, limits["nodes"]):
            raise Refusal(400, "ModelArts.3561", f"config: at most {limits['nodes']} nodes are allowed in all.")
    models = {entry["model_id"] for entry in config}.union(*({e["model_id"] for e in one["config"]} for one in others))
    if _over(len(models), limits["models"]):
        raise Refusal(400, "ModelArts.3578", f"config: at most {limits['models']} models may be deployed.")


def _instances(service: Json) -> int:
    return sum(entry["instance_count"] for entry in service["config"])
