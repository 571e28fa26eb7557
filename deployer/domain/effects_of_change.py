"""What a change of a request does, as lines people read. Never raises."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import newer, saying, saying_newer
from .diff import AUTO_STOP, BASICS, CAPACITY, DATA, MORE, NETWORK, OTHER, TRAFFIC, VARIABLES, Change, compare
from .effects import DATA_KEYS, KNOWN_OF_MODEL, Line, Section, Share, envs, percent, shares_of, titled
from .payload import build
from .places import showable
from .tables import BATCH, CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE

INSTANCES = "Instances"
_WORDS = {*SERVICE.values(), *ENTRY.values(), *CUSTOM_SPEC.values(), *SCHEDULE.values(), *saying_newer.WORDS.values()}


def changed(old_body: Mapping[str, Any], new_body: Mapping[str, Any]) -> list[Section]:
    """What the new body does that the old one did not, with "No change." where a reader looks for it."""
    old, new = build(dict(old_body)), build(dict(new_body))
    changes = compare(old, new)
    batch = new.get("infer_type") == BATCH
    first = _section(DATA, changes) if batch else _changed_traffic(old, new, changes)
    found = [first, _section(CAPACITY, changes), _section(VARIABLES, changes)]
    found.append(_section(NETWORK, changes, stays=saying.network(new)))
    if not batch or any(change.group == AUTO_STOP for change in changes):
        found.append(_auto_stop(old, new, changes))
    names = {section.name for section in found}
    rest = [_section(name, changes) for name in (TRAFFIC, DATA, BASICS, MORE, OTHER) if name not in names]
    return found + [section for section in rest if section.lines]


def _auto_stop(old: dict[str, Any], new: dict[str, Any], changes: list[Change]) -> Section:
    """In words where they tell the two apart, else key by key."""
    was, will = (_stops(body) for body in (old, new))
    if was == will:
        return _section(AUTO_STOP, changes, stays=f"{will}.")
    return Section(AUTO_STOP, [Line("Stops by itself", will, was)])


def _stops(body: dict[str, Any]) -> str:
    """A batch job ends by itself, so where it has no auto-stop nothing runs on."""
    return "none" if body.get("infer_type") == BATCH and not body.get("schedule") else saying.auto_stop(body)


def _changed_traffic(old: dict[str, Any], new: dict[str, Any], changes: list[Change]) -> Section:
    """Every model of both sides, as soon as the traffic of one of them moves: a share is one of a whole."""
    moved = [change for change in changes if change.group == TRAFFIC]
    if not moved:
        return Section(TRAFFIC, note="No change.")
    was, will = saying.entries(old), saying.entries(new)
    before = {saying.named(one, at): one.get("weight") for at, one in enumerate(was)}
    lines = []
    for at, one in enumerate(will):
        name = saying.named(one, at)
        sign = "" if name in before else "new"
        lines.append(_share_line(name, before.pop(name, None), one.get("weight"), at, sign))
    lines += [_share_line(name, weight, None, None, "gone") for name, weight in before.items()]
    return Section(TRAFFIC, lines, was=_aligned(was, will), shares=shares_of(will))


def _share_line(name: str, before: Any, after: Any, look: int | None, sign: str) -> Line:
    delta = saying.whole(after) - saying.whole(before)
    return Line(
        name,
        "none" if sign == "gone" else percent(after),
        "none" if sign == "new" else percent(before),
        delta or None,
        sign,
        look,
    )


def _aligned(was: list[dict[str, Any]], will: list[dict[str, Any]]) -> list[Share]:
    """The old shares in the new order, so that a model keeps its colour; those that leave come last."""
    old = {share.name: share.weight for share in shares_of(was)}
    found = [Share(name, old.pop(name, 0)) for name in (share.name for share in shares_of(will))]
    return found + [Share(name, weight) for name, weight in old.items()]


def _section(name: str, changes: list[Change], stays: str = "") -> Section:
    lines = [line for change in changes for line in _lines(change, name)]
    return Section(name, lines, "" if lines else f"No change. {stays}".strip())


def _lines(change: Change, group: str) -> Iterator[Line]:
    """A change as lines of this group. A whole model that came or went has lines in several groups."""
    row = change.after if change.added else change.before
    if change.label == "model" and (change.added or change.removed) and isinstance(row, dict):
        sign = "new" if change.added else "gone"
        for what, value in _of_row(row, group):
            before, after = (None, value) if change.added else (value, None)
            yield _line(what, before, after, sign)
    elif change.group == group:
        sign = "new" if change.added else "gone" if change.removed else ""
        yield _line(_what(change), change.before, change.after, sign, change.path.rpartition(".")[2])


def _line(what: str, before: Any, after: Any, sign: str, key: str = "") -> Line:
    """Only counts of instances have a difference worth a number: a share's stands in its own line.

    `key` is the API's name of what changed: the newer fields have words for their values.
    """
    missing = "unset" if sign else "null"
    counted = what.startswith(INSTANCES)
    delta = saying.whole(after) - saying.whole(before) if counted else 0
    told = saying_newer.told
    return Line(showable(what), told(key, after, missing), told(key, before, missing), delta or None, sign)


def _what(change: Change) -> str:
    """What a change is about: a variable by its name, anything of a model with the model."""
    if ".envs." in change.path:
        label = change.path.partition(".envs.")[2]
    elif change.path.endswith(".instance_count"):
        label = INSTANCES
    else:
        label = titled(change.label) if change.label in _WORDS else change.label
    return f"{label} of {saying.said(change.model)}" if change.model else label


def _of_row(row: dict[str, Any], group: str) -> Iterator[tuple[str, Any]]:
    name = saying.named(row)
    if group == TRAFFIC and "weight" in row:
        yield name, percent(row["weight"])
    elif group == CAPACITY:
        yield f"{INSTANCES} of {name}, {saying.machine(row)}", row.get("instance_count")
    elif group == VARIABLES:
        yield from ((f"{key} of {name}", value) for key, value in envs(row))
    elif group == NETWORK:
        keys = {"pool_name": "Pool name", "cluster_id": "Dedicated pool"}
        yield from ((f"{words} of {name}", row[key]) for key, words in keys.items() if row.get(key))
    elif group == MORE:
        yield from ((f"{titled(words)} of {name}", value) for words, value in saying_newer.lines(row, newer.ENTRY))
    elif group == DATA:
        yield from ((f"{titled(ENTRY[key])} of {name}", row[key]) for key in DATA_KEYS if key in row)
    elif group == OTHER:
        yield from ((f"{saying.said(key)} of {name}", row[key]) for key in sorted(row.keys() - KNOWN_OF_MODEL))
