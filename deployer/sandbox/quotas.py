"""How many services, instances, nodes and models one project may have, each with its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .admission import uses_pool
from .catalog import FLAVORS_BY_NAME
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
    if limits[kind] is not None and limits[kind] <= len(others) and in_public_pool(asked, asked["config"]):
        held = sum(1 for one in others if one["infer_type"] == kind and in_public_pool(one, one["config"]))
        if held >= limits[kind]:
            told = f"At most {limits[kind]} {kind} services are allowed in the public pool."
            raise Refusal(400, "ModelArts.3520", told)
    _check_running(services, kind, others)
    check_config(services, asked, asked["config"], others)


def in_public_pool(service: Json, config: list[Json]) -> bool:
    return not any(uses_pool(service, entry) for entry in config)


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
    """Are instances, nodes, models and free ones left for this configuration, beside those of the other services?"""
    limits, kind = services.conduct.quotas, service["infer_type"]
    _check_free(config, others)
    mine = _instances(config)
    if limits["instances"] is not None:
        taken = sum(_instances(one["config"]) for one in others if one["infer_type"] == kind)
        _within(mine + taken, limits["instances"], "ModelArts.3522", f"instances of {kind} services")
    if limits["nodes"] is not None and in_public_pool(service, config):
        taken = sum(_instances(one["config"]) for one in others if in_public_pool(one, one["config"]))
        _within(mine + taken, limits["nodes"], "ModelArts.3561", "nodes of the public pool")
    if limits["models"] is not None:
        models = {entry["model_id"] for one in (*others, {"config": config}) for entry in one["config"]}
        _within(len(models), limits["models"], "ModelArts.3578", "deployed models")


def _within(wanted: int, limit: int, code: str, what: str) -> None:
    if wanted > limit:
        raise Refusal(400, code, f"config: at most {limit} {what} are allowed in all.")


def _check_free(config: list[Json], others: list[Json]) -> None:
    """One service of one instance is free of charge: our reading, the table of codes gives no numbers."""
    if not is_free(config):
        return
    if _instances(config) > 1:
        raise Refusal(400, "ModelArts.3857", "config[0].instance_count: a free service has one instance.")
    if any(is_free(one["config"]) for one in others):
        raise Refusal(400, "ModelArts.3856", "config[0].specification: one free service is allowed.")


def is_free(config: list[Json]) -> bool:
    """Does one of its flavors cost nothing?"""
    flavors = [FLAVORS_BY_NAME.get(entry["specification"]) for entry in config]
    return any(flavor is not None and flavor.is_free for flavor in flavors)


def _instances(config: list[Json]) -> int:
    return sum(entry["instance_count"] for entry in config)
