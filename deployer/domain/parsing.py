"""From a draft to typed values; what does not fit its type is a problem, never an error."""

from collections.abc import Iterator
from typing import Any

from .draft import Doc, Row
from .edition import Edition
from .newer import ENTRY as NEWER_ENTRY
from .newer import SERVICE as NEWER_SERVICE
from .parsing_newer import entry_more, service_more
from .places import join, short
from .problems import Problem
from .spec import CustomSpec, Entry, ServiceSpec, Stop, Variable
from .spec_newer import EntryMore, ServiceMore
from .tables import BATCH, BATCH_ONLY, CUSTOM_SPEC, ENTRY, REAL_TIME, REAL_TIME_ONLY, SCHEDULE, SERVICE
from .values import Reader


def parse(doc: Doc, edition: Edition) -> tuple[ServiceSpec, list[Problem]]:
    """The values of a draft, and a blocking problem for each value of an unlike type. Never raises.

    Only keys of the edition are looked at; a newer one is unknown to an older edition, whatever it holds.
    """
    read, fields = Reader(), doc["fields"]
    infer_type = read.text(fields, "infer_type", "", SERVICE["infer_type"], mandatory=True)
    entries = tuple(_entries(doc, infer_type, read, edition))
    schedule = tuple(_schedule(fields, infer_type, read))
    cluster_id = read.text(fields, "cluster_id", "", SERVICE["cluster_id"])
    pool, pool_key = _pool(fields, "", cluster_id, NEWER_SERVICE["pool_name"], read, edition)
    more = service_more(fields, read) if edition.has_newer else ServiceMore()
    spec = ServiceSpec(
        service_name=read.text(fields, "service_name", "", SERVICE["service_name"], mandatory=True),
        description=read.text(fields, "description", "", SERVICE["description"]),
        infer_type=infer_type,
        workspace_id=read.text(fields, "workspace_id", "", SERVICE["workspace_id"]),
        vpc_id=read.text(fields, "vpc_id", "", SERVICE["vpc_id"]),
        subnet_network_id=read.text(fields, "subnet_network_id", "", SERVICE["subnet_network_id"], mandatory=True),
        security_group_id=read.text(fields, "security_group_id", "", SERVICE["security_group_id"], mandatory=True),
        cluster_id=cluster_id,
        pool=pool,
        pool_key=pool_key,
        entries=entries,
        entry_count=len(doc["rows"]),
        schedule=schedule,
        has_schedule=fields.get("schedule", []) != [],
        keys=tuple(fields),
        spoiled=frozenset(read.spoiled),
        more=more,
        strange=tuple(read.strange),
    )
    return spec, read.problems


def _entries(doc: Doc, infer_type: str | None, read: Reader, edition: Edition) -> Iterator[Entry]:
    if "raw_config" in doc:
        read.unlike("config", "models (config)", "a list", doc["raw_config"])
        return
    for index, row in enumerate(doc["rows"]):
        path = join("config", index)
        if "raw" in row:
            read.unlike(path, f"entry of model {index + 1}", "an object", row["raw"])
        else:
            is_only = infer_type == BATCH and len(doc["rows"]) == 1
            yield _entry(row, path, "the model" if is_only else f"model {index + 1}", infer_type, read, edition)


def _entry(row: Row, path: str, owner: str, infer_type: str | None, read: Reader, edition: Edition) -> Entry:
    other = {REAL_TIME: BATCH_ONLY, BATCH: REAL_TIME_ONLY}.get(infer_type or "", frozenset())
    # What is never sent is not looked at either: a warning says that it stays behind.
    fields = {key: value for key, value in row["fields"].items() if key not in other}

    def text(key: str, mandatory: bool = True) -> str | None:
        return read.text(fields, key, path, f"{ENTRY[key]} of {owner}", mandatory)

    cluster_id = text("cluster_id", mandatory=False)
    pool, pool_key = _pool(fields, path, cluster_id, f"{NEWER_ENTRY['pool_name']} of {owner}", read, edition)
    return Entry(
        path=path,
        owner=owner,
        model_id=read.text(fields, "model_id", path, f"id of {owner}", mandatory=True),
        weight=read.weight(fields, path, f"weight of {owner}"),
        specification=text("specification"),
        instance_count=read.whole(fields, "instance_count", path, f"{ENTRY['instance_count']} of {owner}"),
        cluster_id=cluster_id,
        pool=pool,
        pool_key=pool_key,
        custom_spec=_custom_spec(fields, path, owner, read),
        envs=tuple(_envs(row, path, owner, read)),
        src_type=text("src_type", mandatory=False),
        src_path=text("src_path"),
        dest_path=text("dest_path"),
        req_uri=text("req_uri"),
        mapping_type=text("mapping_type"),
        mapping_rule=_mapping_rule(fields, path, read),
        keys=tuple(fields),
        stray=tuple(key for key, value in row["fields"].items() if key in other and value != ""),
        more=entry_more(fields, path, owner, read) if edition.has_newer else EntryMore(),
    )


def _custom_spec(fields: dict[str, Any], path: str, owner: str, read: Reader) -> CustomSpec | None:
    value, path = fields.get("custom_spec", {}), join(path, "custom_spec")
    if not isinstance(value, dict):
        read.unlike(path, f"custom resources of {owner}", "an object", value)
        return None
    if not value:
        return None

    def number(key: str, mandatory: bool = False) -> float | None:
        return read.number(value, key, path, f"{CUSTOM_SPEC[key]} of {owner}", mandatory)

    return CustomSpec(
        path=path,
        cpu=number("cpu", mandatory=True),
        memory=read.whole(value, "memory", path, f"memory of {owner}"),
        gpu_p4=number("gpu_p4"),
        ascend_a310=number("ascend_a310"),
        keys=tuple(value),
    )


def _envs(row: Row, path: str, owner: str, read: Reader) -> Iterator[Variable]:
    path = join(path, "envs")
    if "raw_envs" in row:
        read.unlike(path, f"environment variables of {owner}", "an object", row["raw_envs"])
        return
    for variable in row["envs"]:
        name, value = variable["key"], variable["value"]
        if not isinstance(value, str):
            # The value may be a secret: the message never quotes it.
            read.unlike(join(path, name), f"value of {short(name)}", "text", value, secret=True)
        yield Variable(name, value)


def _mapping_rule(fields: dict[str, Any], path: str, read: Reader) -> dict[str, Any] | None:
    value = fields.get("mapping_rule")
    if "mapping_rule" not in fields or isinstance(value, dict):
        return value
    read.unlike(join(path, "mapping_rule"), "mapping rule", "an object", value)
    return None


def _schedule(fields: dict[str, Any], infer_type: str | None, read: Reader) -> Iterator[Stop]:
    items = fields.get("schedule", [])
    if infer_type == BATCH and items is not None:
        return  # Refused as a whole, by a rule.
    if not isinstance(items, list):
        read.unlike("schedule", "schedule", "a list", items)
        return
    for index, item in enumerate(items):
        path = join("schedule", index)
        if not isinstance(item, dict):
            read.unlike(path, "schedule item", "an object", item)
            continue
        yield Stop(
            path=path,
            type=read.text(item, "type", path, SCHEDULE["type"], mandatory=True),
            time_unit=read.text(item, "time_unit", path, SCHEDULE["time_unit"], mandatory=True),
            duration=read.whole(item, "duration", path, "duration of auto-stop"),
            keys=tuple(item),
        )


def _pool(
    fields: dict[str, Any], path: str, cluster_id: str | None, name: str, read: Reader, edition: Edition
) -> tuple[str | None, str]:
    """The pool in force of one place, and the key that names it.

    The newer pool_name goes before cluster_id (API reference of 2025). It is unknown in 2022, but counts as a pool.
    """
    if edition.has_newer:
        newer = read.text(fields, "pool_name", path, name)
        return newer or cluster_id, "pool_name" if newer or not cluster_id else "cluster_id"
    value = fields.get("pool_name")
    unknown = value if isinstance(value, str) and value else None
    return cluster_id or unknown, "pool_name" if unknown and not cluster_id else "cluster_id"
