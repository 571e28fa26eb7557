"""Values of the newer fields in the words of a page. What has another shape is said as JSON. Never raises."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import newer
from .saying import said

_SECONDS = ("deploy_timeout_in_seconds", "termination_grace_period_seconds")
_LISTS = {
    "service_secrets": "{secretId} at {mouthPath}",
    "log_volume": "{host_path} at {mount_path}",
    "persistent_volumes": "{name} at {mount_path}, from {storage_type} {source_address}",
}
WORDS = {
    **newer.SERVICE,
    **newer.ENTRY,
    **newer.PROPERTIES,
    **newer.NOTIFICATION,
    **newer.ENTRY_PROPERTIES,
}


def told(key: str, value: Any, missing: str = "unset") -> str:
    """The value of a newer key as a person reads it: "1200 s (20 min)", "failed, running", "secret-1 at /secrets"."""
    return said(_told(key, value) or value, missing)


def lines(place: Mapping[str, Any], keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each newer field that stands in a service or a model, with its words; objects are opened.

    A pool is left out: it is said with the network.
    """
    for key, words in keys.items():
        value = place.get(key)
        if key not in place or key == "pool_name":
            continue
        if key in ("additional_properties", "smn_notification") and isinstance(value, dict) and value:
            known = newer.NOTIFICATION if key == "smn_notification" else newer.PROPERTIES | newer.ENTRY_PROPERTIES
            yield from lines(value, known)
            yield from ((said(rest), said(value[rest], "null")) for rest in value if rest not in known)
        else:
            yield words, told(key, value, "null")


def _told(key: str, value: Any) -> str:
    if key in _SECONDS and isinstance(value, int) and not isinstance(value, bool):
        return f"{value} s ({value // 60} min)" if value >= 60 and value % 60 == 0 else f"{value} s"
    if key == "websocket_upgrade" and isinstance(value, bool):
        return "on" if value else "off"
    if key == "events" and isinstance(value, list) and value and all(type(one) is int for one in value):
        return ", ".join(newer.EVENTS.get(one, str(one)) for one in value)
    if key in _LISTS and _is_list_of(value, _LISTS[key]):
        return "; ".join(_LISTS[key].format_map(one) for one in value)
    if key == "affinity" and isinstance(value, dict):
        return _affinity(value)
    if key == "log_report_channels" and isinstance(value, list):
        return "; ".join(_channel(one) for one in value) if value and all(map(_channel, value)) else ""
    return ""


def _is_list_of(value: Any, pattern: str) -> bool:
    """Whether the pattern says all there is to say of each item."""
    if not isinstance(value, list) or not value:
        return False
    named = [part.partition("}")[0] for part in pattern.split("{")[1:]]
    return all(
        isinstance(one, dict)
        and all(isinstance(one.get(name), str) and one[name] for name in named)
        and not one.keys() - {*named}
        for one in value
    )


def _channel(one: Any) -> str:
    places = one.get("configuration") if isinstance(one, dict) and one.keys() == {"type", "configuration"} else None
    if not isinstance(places, dict) or places.keys() != {"log_group_id", "log_stream_id"}:
        return ""
    return f"{said(one.get('type'))} group {said(places['log_group_id'])}, stream {said(places['log_stream_id'])}"


def _affinity(value: dict[str, Any]) -> str:
    """ "required: pool-a (192.168.0.11)", or "" where that is not all there is to say."""
    inner = value.get("node_affinity")
    if value.keys() != {"node_affinity"} or not isinstance(inner, dict) or inner.keys() != {"mode", "pool_infos"}:
        return ""
    pools = inner["pool_infos"] if isinstance(inner["pool_infos"], list) else []
    named = [_pool(one) for one in pools]
    return f"{said(inner['mode'])}: {', '.join(named)}" if named and all(named) else ""


def _pool(one: Any) -> str:
    if not isinstance(one, dict) or not isinstance(one.get("pool_name"), str) or one.keys() - {"pool_name", "nodes"}:
        return ""
    nodes = one.get("nodes", [])
    if not isinstance(nodes, list) or not all(isinstance(node, dict) and node.keys() == {"name"} for node in nodes):
        return ""
    names = ", ".join(said(node["name"]) for node in nodes)
    return f"{one['pool_name']} ({names})" if names else str(one["pool_name"])
