"""Reading of a request to deploy, from the document's own tables and nothing else.

Source: "Deploying a Model as a Service" (the seed document), tables 2 to 6. Where it is silent we
take what comes: unknown keys, fields of the other type, null for an optional value. The first
problem found is the answer, as with the real cloud, and it names its place.
"""

from __future__ import annotations

import re
from typing import Any

from . import newer, schedules
from .fields import Json, number, text, whole
from .refusals import Refusal, bad_parameter, missing

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DIGITS = re.compile(r"[0-9]{1,9}")
INFER_TYPES = ("real-time", "batch")
# The document's own keys of a service and of a model, and those that only answers carry.
# Whatever else comes is kept and shown as it came.
SERVICE_KEYS = {
    *("service_name", "description", "infer_type", "workspace_id", "cluster_id", "config", "schedule"),
    *("vpc_id", "subnet_network_id", "security_group_id", "additional_properties"),
    *("progress", "due_time", "error_msg", "access_address", "bind_access_address", "start_time", "finished_time"),
}
MODEL_KEYS = {
    *("model_id", "weight", "specification", "custom_spec", "instance_count", "envs", "cluster_id"),
    *("src_type", "src_path", "dest_path", "req_uri", "mapping_type", "mapping_rule"),
    *("model_name", "model_version", "source_type", "status", "scaling", "support_debug"),
    *("start_time", "finished_time"),
}


def read_service(body: Any) -> Json:
    """The service that a create request asks for; raises Refusal at its first mistake."""
    if not isinstance(body, dict):
        raise Refusal(400, "ModelArts.0101", "The request body must be a JSON object.")
    name = text(body, "service_name", "", needed=True)
    if not _NAME.fullmatch(name):
        raise bad_parameter("service_name", "1 to 64 letters, digits, hyphens and underscores are allowed.")
    infer_type = text(body, "infer_type", "", needed=True)
    if infer_type not in INFER_TYPES:
        raise bad_parameter("infer_type", "must be real-time or batch.")
    newer.check_service(body, infer_type)
    return {
        "service_name": name,
        "description": read_description(body),
        "infer_type": infer_type,
        "workspace_id": text(body, "workspace_id", "") or "0",
        "cluster_id": text(body, "cluster_id", ""),
        **read_network(body),
        "config": read_config(body, infer_type),
        "schedule": schedules.read_schedule(body, infer_type),
        "additional_properties": body.get("additional_properties") or {},
        "more": unknown(body, SERVICE_KEYS),
    }


def unknown(row: Json, known: set[str]) -> Json:
    """The keys of newer editions, or of nobody."""
    return {key: value for key, value in row.items() if key not in known}


def read_description(body: Json) -> str:
    words = text(body, "description", "")
    if len(words) > 100:
        raise bad_parameter("description", "at most 100 characters are allowed.")
    return words


def read_network(body: Json) -> Json:
    """A VPC needs its two companions."""
    names = ("vpc_id", "subnet_network_id", "security_group_id")
    network = {name: text(body, name, "") for name in names}
    if network["vpc_id"]:
        for name in names[1:]:
            if not network[name]:
                raise Refusal(400, "ModelArts.3610", f"Parameter {name} is mandatory when vpc_id is configured.")
    return network


def read_config(body: Json, infer_type: str) -> list[Json]:
    rows = body.get("config")
    if rows is None or rows == []:
        raise missing("config")
    if not isinstance(rows, list):
        raise bad_parameter("config", "must be an array.")
    if infer_type == "batch" and len(rows) != 1:
        raise bad_parameter("config", "a batch service has exactly one model.")
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise bad_parameter(f"config[{place}]", "must be an object.")
    read = _read_batch if infer_type == "batch" else _read_real_time
    config = [read(row, f"config[{place}].") for place, row in enumerate(rows)]
    if infer_type == "real-time":
        _check_shares(config)
    return config


def _check_shares(config: list[Json]) -> None:
    seen: set[str] = set()
    for place, row in enumerate(config):
        if row["model_id"] in seen:
            message = f"config[{place}].model_id: the versions of the models must not be the same."
            raise Refusal(400, "ModelArts.3516", message)
        seen.add(row["model_id"])
    total = sum(row["weight"] for row in config)
    if total != 100:
        raise bad_parameter("config", f"the sum of the weights must be 100, and is {total}.")


def _read_common(row: Json, at: str) -> Json:
    """What both types share: model, flavor, instances, environment."""
    newer.check_entry(row, at)
    return {
        "model_id": text(row, "model_id", at, needed=True),
        "specification": text(row, "specification", at, needed=True),
        "instance_count": whole(row, "instance_count", at, least=1),
        "envs": _read_envs(row.get("envs"), f"{at}envs"),
        "custom_spec": _read_custom(row.get("custom_spec"), f"{at}custom_spec"),
        "cluster_id": text(row, "cluster_id", at),
        "more": unknown(row, MODEL_KEYS),
    }


def _read_real_time(row: Json, at: str) -> Json:
    return {**_read_common(row, at), "weight": _read_weight(row, f"{at}weight")}


def _read_weight(row: Json, at: str) -> int:
    """A whole number, or its digits in quotes: all samples of the document quote it."""
    weight = row.get("weight")
    if weight is None or weight == "":
        raise missing(at)
    if isinstance(weight, str) and _DIGITS.fullmatch(weight):
        weight = int(weight)
    if isinstance(weight, bool) or not isinstance(weight, int):
        raise bad_parameter(at, "must be an integer.")
    if not 0 <= weight <= 100:
        raise bad_parameter(at, "must be between 0 and 100.")
    return weight


def _read_batch(row: Json, at: str) -> Json:
    entry = _read_common(row, at)
    entry["src_type"] = text(row, "src_type", at)
    for name in ("src_path", "dest_path", "req_uri", "mapping_type"):
        entry[name] = text(row, name, at, needed=True)
    if entry["src_type"] not in ("", "ManifestFile"):
        raise bad_parameter(f"{at}src_type", "can only be ManifestFile.")
    if entry["src_type"] and entry["src_path"].endswith("/"):
        raise bad_parameter(f"{at}src_path", "must be a manifest file when src_type is ManifestFile.")
    if entry["mapping_type"] not in ("file", "csv"):
        raise bad_parameter(f"{at}mapping_type", "must be file or csv.")
    rule = row.get("mapping_rule")
    if entry["mapping_type"] == "csv" and (rule is None or rule == {}):
        raise Refusal(400, "ModelArts.3610", f"Parameter {at}mapping_rule is mandatory when mapping_type is csv.")
    if rule is not None and not isinstance(rule, dict):
        raise bad_parameter(f"{at}mapping_rule", "must be an object.")
    return {**entry, "mapping_rule": rule}


def _read_envs(envs: Any, at: str) -> Json:
    if envs is None:
        return {}
    if not isinstance(envs, dict):
        raise bad_parameter(at, "must be an object.")
    for key, value in envs.items():
        if not isinstance(value, str):
            raise bad_parameter(f"{at}.{key}", "must be a string.")
    return envs


def _read_custom(spec: Any, at: str) -> Json | None:
    """Custom resources. A zero means unused: the sample of the document sends two."""
    if spec is None:
        return None
    if not isinstance(spec, dict):
        raise bad_parameter(at, "must be an object.")
    if number(spec, "cpu", f"{at}.", needed=True) <= 0:
        raise bad_parameter(f"{at}.cpu", "must be greater than 0.")
    whole(spec, "memory", f"{at}.", least=1)
    # Table 6 calls ascend_a310 an integer "which can be decimals", so a fraction is taken.
    for name in ("gpu_p4", "ascend_a310"):
        if number(spec, name, f"{at}.") < 0:
            raise bad_parameter(f"{at}.{name}", "must not be negative.")
    return spec
