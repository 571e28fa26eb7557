"""Compare two request bodies by meaning: models are matched by identity, and what only moved is no change."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import newer
from .payload import build, canonical, pretty
from .places import join
from .tables import CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE

TRAFFIC, CAPACITY, VARIABLES, NETWORK = "Traffic", "Capacity", "Variables", "Network"
AUTO_STOP, DATA, BASICS, MORE, OTHER = "Auto-stop", "Data", "Basics", "Settings", "Other"
GROUPS = (TRAFFIC, CAPACITY, VARIABLES, NETWORK, AUTO_STOP, DATA, BASICS, MORE, OTHER)

_SERVICE_GROUP = dict.fromkeys(newer.SERVICE, MORE) | {
    "service_name": BASICS,
    "description": BASICS,
    "infer_type": BASICS,
    "workspace_id": BASICS,
    "vpc_id": NETWORK,
    "subnet_network_id": NETWORK,
    "security_group_id": NETWORK,
    "cluster_id": NETWORK,
    "pool_name": NETWORK,
    "schedule": AUTO_STOP,
    "config": TRAFFIC,
}
_ENTRY_GROUP = dict.fromkeys(newer.ENTRY, MORE) | {
    "model_id": TRAFFIC,
    "weight": TRAFFIC,
    "specification": CAPACITY,
    "instance_count": CAPACITY,
    "custom_spec": CAPACITY,
    "envs": VARIABLES,
    "cluster_id": NETWORK,
    "pool_name": NETWORK,
    "src_type": DATA,
    "src_path": DATA,
    "dest_path": DATA,
    "req_uri": DATA,
    "mapping_type": DATA,
    "mapping_rule": DATA,
}
_SERVICE_LABELS, _ENTRY_LABELS = SERVICE | newer.SERVICE, ENTRY | newer.ENTRY
_INNER_LABELS = {
    "custom_spec": CUSTOM_SPEC,
    "schedule": SCHEDULE,
    "additional_properties": newer.PROPERTIES | newer.ENTRY_PROPERTIES,
    "smn_notification": newer.NOTIFICATION,
}
# Objects that are compared key by key, with what stands for them where they are absent: a first variable is a variable
# more, not another object.
_OPENED: dict[str, Any] = {"envs": {}, "custom_spec": None, "additional_properties": {}, "smn_notification": {}}


@dataclass(frozen=True)
class Change:
    """One difference that means something.

    `path` counts rows as they stand in the new body, or in the old one for a removed model. `before` or `after` is
    None where the key is not there, and then `added` or `removed` is true (a null that really stands there is None
    with neither). `model` is the model_id of the row, where it has one.
    """

    path: str
    before: Any
    after: Any
    group: str
    label: str
    model: str | None = None
    added: bool = False
    removed: bool = False


def compare(old_body: Mapping[str, Any], new_body: Mapping[str, Any]) -> list[Change]:
    """The changes from one body to another, as they would be sent, in the order of the groups. Never raises."""
    old, new = build(dict(old_body)), build(dict(new_body))
    changes = list(_keys(_but(old, "config"), _but(new, "config"), "", _SERVICE_GROUP, _SERVICE_LABELS, None))
    changes += _config(old, new)
    return sorted(changes, key=lambda change: GROUPS.index(change.group))


def equal(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two bodies ask the cloud for the same thing."""
    return not compare(one, other)


def _config(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    before, after = old.get("config", []), new.get("config", [])
    if not isinstance(before, list) or not isinstance(after, list):
        yield from _keys(_only(old, "config"), _only(new, "config"), "", _SERVICE_GROUP, _SERVICE_LABELS, None)
        return
    for old_at, new_at in _matched(before, after):
        if new_at is None:
            row = before[old_at or 0]
            yield Change(join("config", old_at or 0), row, None, TRAFFIC, "model", _model(row), removed=True)
        elif old_at is None:
            yield Change(
                join("config", new_at), None, after[new_at], TRAFFIC, "model", _model(after[new_at]), added=True
            )
        else:
            yield from _row(before[old_at], after[new_at], join("config", new_at))


def _matched(old: list[Any], new: list[Any]) -> list[tuple[int | None, int | None]]:
    """Pairs of positions: 1. rows that are wholly equal, 2. rows of the same model in order, 3. the rest alone."""
    waiting: dict[str, list[int]] = defaultdict(list)
    pairs: list[tuple[int | None, int | None]] = []
    by_content = _positions(old, _text)
    left = []
    for at, row in enumerate(new):
        same = by_content[_text(row)]
        if same:
            pairs.append((same.pop(0), at))
        else:
            left.append(at)
    taken = {pair[0] for pair in pairs}
    for at, row in enumerate(old):
        if at not in taken:
            waiting[_identity(row)].append(at)
    for at in left:
        same = waiting[_identity(new[at])]
        pairs.append((same.pop(0) if same else None, at))
    pairs.sort(key=lambda pair: pair[1] or 0)
    return pairs + [(at, None) for at in sorted(at for rest in waiting.values() for at in rest)]


def _positions(rows: list[Any], key: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        found[key(row)].append(at)
    return found


def _identity(row: Any) -> str:
    """Rows are the same model or they are not: an unnamed one is only ever matched to an unnamed one."""
    return _text(row.get("model_id", "")) if isinstance(row, dict) else "not an object"


def _model(row: Any) -> str | None:
    model = row.get("model_id") if isinstance(row, dict) else None
    return model if isinstance(model, str) and model else None


def _row(old: Any, new: Any, path: str) -> Iterator[Change]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        if _text(old) != _text(new):
            yield Change(path, old, new, OTHER, "model")
        return
    yield from _keys(old, new, path, _ENTRY_GROUP, _ENTRY_LABELS, _model(new))


def _keys(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    path: str,
    groups: Mapping[str, str],
    labels: Mapping[str, str],
    model: str | None,
) -> Iterator[Change]:
    """The differing keys of two objects; objects of one known shape are compared key by key."""
    known = [key for key in labels if key in old or key in new]
    for key in known + sorted((old.keys() | new.keys()) - set(known)):
        group, here = groups.get(key, OTHER), join(path, key)
        before, after = old.get(key), new.get(key)
        if key in old and key in new and _text(before) == _text(after):
            continue
        inner = _inner(key, old, new, here) if path or key in ("schedule", "additional_properties") else None
        if inner:
            one, other, deeper = inner
            every = dict.fromkeys(one.keys() | other.keys(), group)
            yield from _keys(one, other, deeper, every, _INNER_LABELS.get(key, {}), model)
        else:
            label = labels.get(key, key)
            yield Change(here, before, after, group, label, model, added=key not in old, removed=key not in new)


def _inner(
    key: str, old: Mapping[str, Any], new: Mapping[str, Any], path: str
) -> tuple[dict[str, Any], dict[str, Any], str] | None:
    """The two objects inside, and their path, where they are compared key by key."""
    absent = _OPENED.get(key)
    one, other = old.get(key, absent), new.get(key, absent)
    if key == "schedule" and isinstance(one, list) and isinstance(other, list) and len(one) == len(other) == 1:
        one, other, path = one[0], other[0], join(path, 0)
    elif key not in _OPENED or not (one or other):
        return None  # an empty object that came or went has no key to tell of
    return (one, other, path) if isinstance(one, dict) and isinstance(other, dict) else None


def _text(value: Any) -> str:
    try:
        return canonical(value)
    except ValueError:
        return pretty(value)  # NaN, in a body that will be refused anyway


def _but(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != key}


def _only(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {key: body[key]} if key in body else {}
