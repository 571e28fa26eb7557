"""A request or a change in one sentence, for heads of pages and for queues. Never raises."""

from collections.abc import Mapping
from typing import Any

from . import saying
from .diff import AUTO_STOP, BASICS, CAPACITY, DATA, MORE, NETWORK, OTHER, TRAFFIC, VARIABLES, Change, compare
from .payload import build
from .tables import BATCH


def of_new(typed: Mapping[str, Any]) -> str:
    """ "2 models share the traffic 70 / 30, 3 instances, runs until stopped." for a body as typed."""
    body = build(dict(typed))
    models = saying.entries(body)
    if not models:
        return "No model yet."
    count = sum(saying.whole(one.get("instance_count")) for one in models)
    capacity = f"{count} instance" + ("" if count == 1 else "s")
    if body.get("infer_type") == BATCH:
        first = models[0]
        paths = f"from {saying.said(first.get('src_path'))} to {saying.said(first.get('dest_path'))}"
        return f"Batch job of 1 model on {count} × {saying.machine(first)}, {paths}."
    stop = saying.auto_stop(body)
    ends = "runs until stopped" if stop.startswith("None") else f"stops {stop[:1].lower()}{stop[1:]}"
    if len(models) == 1:
        return f"1 model on {count} × {saying.machine(models[0])}, {ends}."
    weights = " / ".join(saying.said(one.get("weight"), "?") for one in models[:6])
    more = " …" if len(models) > 6 else ""
    return f"{len(models)} models share the traffic {weights}{more}, {capacity}, {ends}."


def of_change(old_body: Mapping[str, Any], new_body: Mapping[str, Any]) -> str:
    """ "Moves 30 of 100 points of traffic, changes 2 variables and the auto-stop." Or that nothing differs."""
    changes = compare(old_body, new_body)
    if not changes:
        return "Nothing differs in meaning."
    parts = [part for part in (_traffic(old_body, new_body, changes), *_others(changes)) if part]
    text = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    return text[:1].upper() + text[1:] + "."


def _traffic(old_body: Mapping[str, Any], new_body: Mapping[str, Any], changes: list[Change]) -> str:
    """How much of the traffic goes elsewhere: the sum of what the models lose, or gain."""
    if not any(change.group == TRAFFIC for change in changes):
        return ""
    old, new = _weights(old_body), _weights(new_body)
    gains = sum(max(0, new.get(name, 0) - old.get(name, 0)) for name in new)
    came = sum(change.added and change.label == "model" for change in changes)
    went = sum(change.removed and change.label == "model" for change in changes)
    found = [f"moves {gains} of 100 points of traffic"] if gains and old and sum(old.values()) else []
    found += [f"adds {_counted(came, 'model')}"] if came else []
    found += [f"takes {_counted(went, 'model')} away"] if went else []
    return ", ".join(found) or "changes the traffic"


def _weights(body: Mapping[str, Any]) -> dict[str, int]:
    models = saying.entries(build(dict(body)))
    return {saying.named(one, at): saying.whole(one.get("weight")) for at, one in enumerate(models)}


def _others(changes: list[Change]) -> list[str]:
    count = {
        group: sum(change.group == group for change in changes) for group in (VARIABLES, BASICS, MORE, OTHER, DATA)
    }
    groups = {change.group for change in changes}
    return [
        "changes the capacity" if CAPACITY in groups else "",
        f"changes {_counted(count[VARIABLES], 'variable')}" if count[VARIABLES] else "",
        "changes the network" if NETWORK in groups else "",
        "changes the auto-stop" if AUTO_STOP in groups else "",
        f"changes {_counted(count[DATA], 'field')} of the data" if count[DATA] else "",
        f"changes {_counted(count[BASICS], 'basic field')}" if count[BASICS] else "",
        f"changes {_counted(count[MORE], 'setting')}" if count[MORE] else "",
        f"changes {_counted(count[OTHER], 'other field')}" if count[OTHER] else "",
    ]


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")
