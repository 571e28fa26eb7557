"""Keys of the 2025 edition, checked from its own tables; what is good is kept and shown as it came.

Source: OTC 2025, "Deploying Services", and the Terraform provider where it says more. Nothing and null are
taken as not given. A key inside these objects that the tables lack is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .fields import Json, number, text, whole
from .refusals import Refusal, bad_parameter, missing

POLICIES = ("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP")
# 1 failed, 3 running, 7 concerning, 11 pending (OTC 2025); 2 stopped, 9 deleted (Terraform provider).
SMN_EVENTS = (1, 2, 3, 7, 9, 11)
LONGEST_LOG_ID = 64
LONGEST_TIMEOUT = 7 * 24 * 60 * 60  # seconds; the tables give no end, and a due moment must still be a date


def check_service(body: Json, infer_type: str) -> None:
    """The service's own newer keys; raises Refusal at the first that is wrong."""
    text(body, "pool_name", "")
    check_changeable(body, infer_type)


def check_changeable(body: Json, infer_type: str) -> None:
    """Those of them that an update may bring, too."""
    policy = text(body, "load_balancer_policy", "")
    if policy and infer_type != "real-time":
        raise bad_parameter("load_balancer_policy", "can be configured only for real-time services.")
    if policy and policy not in POLICIES:
        raise bad_parameter("load_balancer_policy", f"must be one of {', '.join(POLICIES)}.")
    if body.get("priority") is not None and whole(body, "priority", "", least=1) > 3:
        raise bad_parameter("priority", "must be between 1 and 3.")
    for secret, at in _objects(body, "service_secrets", ""):
        for name in ("secretId", "mouthPath"):  # The document spells it so.
            text(secret, name, at, needed=True)
    more = _object(body, "additional_properties", "")
    _check_notification(more, "additional_properties.")
    for channel, at in _objects(more, "log_report_channels", "additional_properties."):
        _check_channel(channel, at)
    upgrade = more.get("websocket_upgrade")
    if upgrade is not None and not isinstance(upgrade, bool):
        raise bad_parameter("additional_properties.websocket_upgrade", "must be true or false.")


def check_entry(row: Json, at: str) -> None:
    """The newer keys of one model of a configuration."""
    text(row, "pool_name", at)
    name = "deploy_timeout_in_seconds"
    if row.get(name) is not None and whole(row, name, at, least=1) > LONGEST_TIMEOUT:
        raise bad_parameter(at + name, f"must be at most {LONGEST_TIMEOUT}.")
    _check_rollout(_object(row, "additional_properties", at), f"{at}additional_properties.")
    node = _object(_object(row, "affinity", at), "node_affinity", f"{at}affinity.")
    here = f"{at}affinity.node_affinity."
    if node and text(node, "mode", here, needed=True) not in ("required", "preferred"):
        raise bad_parameter(f"{here}mode", "must be required or preferred.")
    for pool, place in _objects(node, "pool_infos", here):
        text(pool, "pool_name", place, needed=True)
        for one, spot in _objects(pool, "nodes", place):
            text(one, "name", spot, needed=True)


def _check_notification(more: Json, at: str) -> None:
    """Typed as a map of notifications in the document, sent as a plain one by others: both are taken."""
    given, at = _object(more, "smn_notification", at), f"{at}smn_notification"
    plain = "topic_urn" in given or "events" in given
    for name, one in [("", given)] if plain else [(f".{name}", one) for name, one in given.items()]:
        if not isinstance(one, dict):
            raise bad_parameter(f"{at}{name}", "must be an object.")
        text(one, "topic_urn", f"{at}{name}.", needed=True)
        events = one.get("events")
        if not isinstance(events, list) or any(isinstance(e, bool) or e not in SMN_EVENTS for e in events):
            known = ", ".join(str(event) for event in SMN_EVENTS)
            raise bad_parameter(f"{at}{name}.events", f"must be an array of {known}.")


def _check_channel(channel: Json, at: str) -> None:
    if text(channel, "type", at, needed=True) != "LTS":
        raise bad_parameter(f"{at}type", "must be LTS.")
    where, at = _object(channel, "configuration", at), f"{at}configuration."
    for name in ("log_group_id", "log_stream_id"):
        if len(text(where, name, at, needed=True)) > LONGEST_LOG_ID:
            raise bad_parameter(at + name, f"at most {LONGEST_LOG_ID} characters are allowed.")


def _check_rollout(more: Json, at: str) -> None:
    """How instances are replaced, and what is mounted into them."""
    if more.get("max_surge") is not None and number(more, "max_surge", at) <= 0:
        raise bad_parameter(f"{at}max_surge", "must be greater than 0.")
    if number(more, "max_unavailable", at) < 0:
        raise bad_parameter(f"{at}max_unavailable", "must not be negative.")
    if more.get("termination_grace_period_seconds") is not None:
        whole(more, "termination_grace_period_seconds", at, least=0)
    for volume, place in _objects(more, "log_volume", at):
        _all_texts(volume, place, "host_path", "mount_path")
    for volume, place in _objects(more, "persistent_volumes", at):
        _all_texts(volume, place, "name", "mount_path", "storage_type", "source_address")
        if volume["storage_type"] != "sfs_turbo":
            raise bad_parameter(f"{place}storage_type", "must be sfs_turbo.")


def _all_texts(row: Json, at: str, *names: str) -> None:
    for name in names:
        text(row, name, at, needed=True)


def _object(row: Json, name: str, at: str) -> Json:
    value = row.get(name)
    if value is not None and not isinstance(value, dict):
        raise bad_parameter(at + name, "must be an object.")
    return value or {}


def _objects(row: Json, name: str, at: str) -> Iterator[tuple[Json, str]]:
    """Each object of an array, and where its keys stand."""
    rows = row.get(name)
    if rows is not None and not isinstance(rows, list):
        raise bad_parameter(at + name, "must be an array.")
    for place, one in enumerate(rows or []):
        if not isinstance(one, dict):
            raise bad_parameter(f"{at}{name}[{place}]", "must be an object.")
        yield one, f"{at}{name}[{place}]."


def check_pairs(service: Json, in_pool: Callable[[Json], bool], *, strict: bool) -> None:
    """Keys that go together, once the whole request has been read."""
    for place, entry in enumerate(service["config"]):
        at, pooled = f"config[{place}].", in_pool(entry)
        if (entry["more"].get("additional_properties") or {}).get("log_volume") and not pooled:
            message = f"{at}additional_properties.log_volume: needs a dedicated resource pool."
            raise Refusal(400, "ModelArts.0107", message)
        # 2025 says so plainly and 2022 does not, so only the strict sandbox insists.
        if strict and entry["specification"] == "custom":
            if entry["custom_spec"] is None:
                raise missing(f"{at}custom_spec")
            if not pooled:
                raise Refusal(400, "ModelArts.0107", f"{at}specification: custom needs a dedicated resource pool.")
