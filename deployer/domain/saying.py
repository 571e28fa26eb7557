"""Values of a request in the words of a page: capacity, network, auto-stop. Half-written bodies are normal here."""

from collections.abc import Mapping
from typing import Any

from .payload import canonical, pretty
from .places import showable

MOST_SHOWN = 300  # characters of one value; the payload below it shows all of them
_UNITS = {"DAYS": "day", "HOURS": "hour", "MINUTES": "minute"}
_RESOURCES = {"cpu": "CPU cores", "memory": "MB memory", "gpu_p4": "GPU P4", "ascend_a310": "Ascend 310"}


def said(value: Any, missing: str = "unset") -> str:
    """A value as a person reads it: text as it is, numbers and objects as JSON, at most 300 characters."""
    if value is None:
        return missing
    text = showable(value) if isinstance(value, str) else _json(value)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def _json(value: Any) -> str:
    try:
        return showable(canonical(value))
    except ValueError:
        return pretty(value)  # NaN, in a draft that will be refused anyway


def entries(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The models of a body, without those that are no objects."""
    config = body.get("config")
    return [entry for entry in config if isinstance(entry, dict)] if isinstance(config, list) else []


def named(entry: Mapping[str, Any], place: int | None = None) -> str:
    """A model by its id; by its place (from 0) where none is typed yet."""
    model = entry.get("model_id")
    if isinstance(model, str) and model:
        return said(model)
    return "a model without an id" if place is None else f"model {place + 1}"


def whole(value: Any) -> int:
    """A count or a weight, 0 where it is not a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def instances(entry: Mapping[str, Any]) -> str:
    """ "1 instance", "3 instances", or what was typed instead of a number."""
    count = entry.get("instance_count")
    if count is None:
        return "instances not said"
    return f"{said(count)} instance" + ("" if count == 1 else "s")


def machine(entry: Mapping[str, Any]) -> str:
    """The specification, with the resources of a custom one: "custom: 4 CPU cores, 16384 MB memory"."""
    name = said(entry.get("specification"), "specification not said") or "specification not said"
    custom = entry.get("custom_spec")
    if not isinstance(custom, dict) or not custom:
        return name
    parts = (f"{said(value)} {_RESOURCES.get(key, showable(key))}" for key, value in custom.items())
    return f"{name}: {', '.join(parts)}"


def pool(place: Mapping[str, Any]) -> Any:
    """The pool a service or a model names: pool_name counts before cluster_id (ModelArts API reference of 2025)."""
    return place.get("pool_name") or place.get("cluster_id")


def network(body: Mapping[str, Any]) -> str:
    """Which network is in force.

    A pool of the model overrides the service's pool, and any pool the VPC: ModelArts API reference, CreateService,
    tables 2 and 4 (`cluster_id`, `vpc_id`).
    """
    shared, vpc = pool(body), body.get("vpc_id")
    own = [f"{said(pool(entry))} for {named(entry)}" for entry in entries(body) if pool(entry)]
    if own:
        rest = f", {said(shared)} for the others" if shared and len(own) < len(entries(body)) else ""
        return f"Dedicated pool {', '.join(own)}{rest}."
    if shared:
        return f"Dedicated pool {said(shared)}." + (" The VPC has no effect." if vpc else "")
    if vpc:
        subnet, group = said(body.get("subnet_network_id")), said(body.get("security_group_id"))
        return f"VPC {said(vpc)}, subnet {subnet}, security group {group}."
    return "The vendor’s own network, none is set."


def auto_stop(body: Mapping[str, Any]) -> str:
    """ "After 1 day", or that it runs until stopped."""
    schedule = body.get("schedule")
    first = schedule[0] if isinstance(schedule, list) and schedule else None
    if not schedule:
        return "None, runs until stopped"
    if not isinstance(first, dict):
        return said(schedule)
    count, unit = first.get("duration"), said(first.get("time_unit"))
    word = _UNITS.get(unit, unit)
    return f"After {said(count)} {word}" + ("" if count == 1 else "s")
