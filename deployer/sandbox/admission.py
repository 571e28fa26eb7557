"""May this service be deployed here? Catalog, pools, network, storage and quotas, with their codes."""

from __future__ import annotations

from typing import Any

from . import network, newer
from .catalog import FLAVORS_BY_NAME, POOLS_BY_ID, WORKSPACES, Pool, model_of
from .refusals import Refusal, bad_parameter

Json = dict[str, Any]

MOST_INSTANCES = 128  # OTC 2025, CreateService, instance_count

# What stands in an OBS path decides what storage says of it, so that every answer can be met.
STORAGE = {
    "no-such-path": ("ModelArts.3551", "The OBS path does not exist."),
    "bad-url": ("ModelArts.3572", "The OBS URL is invalid."),
    "no-such-bucket": ("ModelArts.3573", "The OBS bucket does not exist."),
    "invalid-path": ("ModelArts.3574", "The OBS path is invalid."),
    "access-denied": ("ModelArts.3567", "OBS answered: Access Denied."),
    "client-error": ("ModelArts.3568", "The OBS client reported an error."),
}


def check_service(service: Json, *, strict: bool) -> None:
    """Everything that the catalog knows about a request that reads well."""
    if service["workspace_id"] not in WORKSPACES:
        raise Refusal(400, "ModelArts.0102", f"The workspace {service['workspace_id']} in workspace_id does not exist.")
    _check_pool(service["cluster_id"], "cluster_id")
    check_config(service, service["config"], strict=strict)
    pooled = any(uses_pool(service, entry) for entry in service["config"])
    # With a dedicated pool the VPC takes no effect: seed document, table 2, cluster_id.
    if service["vpc_id"] and not pooled and not network.lets_inference_in(service["security_group_id"]):
        message = "security_group_id: the group must let in TCP from 0.0.0.0/0 to port 8080."
        raise Refusal(400, "ModelArts.3534", message)


def pool_name(service: Json, entry: Json) -> str:
    """The new-generation pool of one model: the entry's own wins (OTC 2025, CreateService)."""
    return str(entry["more"].get("pool_name") or service["more"].get("pool_name") or "")


def uses_pool(service: Json, entry: Json) -> bool:
    """Newer editions name the pool in pool_name; a service of theirs holds no quota either."""
    return bool(service["cluster_id"] or entry["cluster_id"] or pool_name(service, entry))


def check_config(service: Json, config: list[Json], *, strict: bool) -> None:
    """A configuration of this service: its own, or one that shall take its place."""
    infer_type, pool_id = service["infer_type"], service["cluster_id"]
    _check_versions(config)
    newer.check_pairs({**service, "config": config}, lambda entry: uses_pool(service, entry), strict=strict)
    _check_new_pool(service, "pool_name", strict)
    for place, entry in enumerate(config):
        at = f"config[{place}]."
        _check_model(entry, infer_type, at, strict)
        _check_flavor(entry["specification"], infer_type, at, strict)
        _check_pool(entry["cluster_id"], f"{at}cluster_id")
        _check_new_pool(entry, f"{at}pool_name", strict)
        _check_room(entry, entry["cluster_id"] or pool_id, at)
        if infer_type == "batch":
            _check_storage(entry, at)


def _check_versions(config: list[Json]) -> None:
    """Two ids may stand for one version, say its copy in another workspace."""
    seen = set()
    for place, entry in enumerate(config):
        model = model_of(entry["model_id"])
        version = (model.name, model.version) if model else entry["model_id"]
        if version in seen:
            message = f"config[{place}].model_id: the versions of the models must not be the same."
            raise Refusal(400, "ModelArts.3516", message)
        seen.add(version)


# Published models that are refused all the same.
FLAWS = {
    "unpaid": ("ModelArts.3580", "has not been purchased."),
    "expired": ("ModelArts.3593", "has expired."),
    "unhealthy": ("ModelArts.3592", "has a bad health configuration."),
}


def _check_model(entry: Json, infer_type: str, at: str, strict: bool) -> None:
    model = model_of(entry["model_id"])
    if model is None:
        if strict:
            raise Refusal(404, "ModelArts.3507", f"{at}model_id: the model {entry['model_id']} does not exist.")
        return
    if "failed" in model.status:
        raise bad_parameter(f"{at}model_id", f"{model.name} {model.version} is {model.status}, it must be published.")
    if model.status != "published":
        raise Refusal(400, "ModelArts.3515", f"{at}model_id: {model.name} {model.version} is still being published.")
    if model.flaw:
        code, words = FLAWS[model.flaw]
        raise Refusal(400, code, f"{at}model_id: {model.name} {words}")
    if infer_type not in model.install:
        raise Refusal(400, "ModelArts.3589", f"{at}model_id: {model.name} cannot be deployed as {infer_type}.")
    if infer_type == "batch" and not model.inputs:
        raise Refusal(400, "ModelArts.3514", f"{at}model_id: {model.name} has no input_params, a batch job needs them.")
    if strict and infer_type == "batch" and entry["req_uri"] != model.uri:
        raise bad_parameter(f"{at}req_uri", f"the model offers only {model.uri}.")


def _check_flavor(name: str, infer_type: str, at: str, strict: bool) -> None:
    """Flavors differ between clouds and years, so only the strict sandbox insists on its own."""
    flavor = FLAVORS_BY_NAME.get(name)
    if flavor is None or infer_type not in flavor.kinds:
        if strict:
            raise bad_parameter(f"{at}specification", f"{name} is not offered for {infer_type} services.")
        return
    if flavor.over_quota:
        raise Refusal(400, "ModelArts.0118", f"{at}specification: the quota for {name} is insufficient.")
    if flavor.status != "normal" or not flavor.is_open:
        raise Refusal(400, "ModelArts.3976", f"{at}specification: no resources are left for {name}.")


def _check_pool(pool_id: str, at: str) -> None:
    if not pool_id:
        return
    pool = POOLS_BY_ID.get(pool_id)
    if pool is None:
        raise Refusal(400, "ModelArts.3547", f"{at}: the cluster {pool_id} does not exist.")
    if pool.status != "running":
        raise bad_parameter(at, f"the cluster {pool.name} is {pool.status}; it must be running.")


def _check_new_pool(row: Json, at: str, strict: bool) -> None:
    """A new-generation pool by its name; pools of other clouds are taken as running, as models are."""
    name = row["more"].get("pool_name")
    if name in POOLS_BY_ID:
        _check_pool(name, at)
    elif name and strict:
        raise Refusal(400, "ModelArts.3547", f"{at}: the pool {name} does not exist.")


def _check_room(entry: Json, pool_id: str, at: str) -> None:
    count = entry["instance_count"]
    if count > MOST_INSTANCES:
        message = f"{at}instance_count: at most {MOST_INSTANCES} instances are allowed."
        raise Refusal(400, "ModelArts.3522", message)
    pool = POOLS_BY_ID.get(pool_id)
    if pool is None:
        return
    if not _fits(entry, pool):
        raise Refusal(400, "ModelArts.3952", f"{at}custom_spec: {pool.name} has not enough resources.")


def _fits(entry: Json, pool: Pool) -> bool:
    """Have the pool's free resources room for all instances of one model?"""
    spec, count = entry["custom_spec"], entry["instance_count"]
    if spec is None:
        return True
    asked = ((spec["cpu"], pool.cores), (spec["memory"], pool.memory), (spec.get("gpu_p4") or 0, pool.gpus))
    return not any(amount * count > room for amount, room in asked)


def _check_storage(entry: Json, at: str) -> None:
    for name in ("src_path", "dest_path"):
        for mark, (code, message) in STORAGE.items():
            if mark in entry[name]:
                raise Refusal(400, code, f"{at}{name}: {message}")


def waiting(service: Json, config: list[Json]) -> str:
    """The fate of a service whose new-generation pool has no room: it waits there, it is not refused."""
    for entry in config:
        pool = POOLS_BY_ID.get(pool_name(service, entry))
        if pool is not None and not _fits(entry, pool):
            return "waiting"
    return ""
