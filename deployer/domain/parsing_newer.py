"""From the newer fields of a draft to typed values. Never raises; what does not fit its type is a problem."""

from collections.abc import Iterator
from typing import Any

from .newer import ENTRY, ENTRY_PROPERTIES, NOTIFICATION, PROPERTIES, SERVICE
from .places import join
from .spec_newer import Affinity, Channel, EntryMore, NodePool, Notification, Secret, ServiceMore, Volume
from .values import Reader

Object = dict[str, Any]


def service_more(fields: Object, read: Reader) -> ServiceMore:
    """The newer fields of the service."""
    path = "additional_properties"
    inside = read.object(fields, path, "", SERVICE[path])
    read.known(inside, PROPERTIES, path)
    return ServiceMore(
        load_balancer_policy=read.text(fields, "load_balancer_policy", "", SERVICE["load_balancer_policy"]),
        priority=read.whole(fields, "priority", "", SERVICE["priority"]),
        secrets=tuple(_secrets(fields, read)),
        notifications=tuple(_notifications(inside, path, read)),
        channels=tuple(_channels(inside, path, read)),
        websocket_upgrade=read.flag(inside, "websocket_upgrade", path, PROPERTIES["websocket_upgrade"]),
    )


def _secrets(fields: Object, read: Reader) -> Iterator[Secret]:
    for path, item in read.objects(fields, "service_secrets", "", "mounted secrets", "mounted secret"):
        read.known(item, ("secretId", "mouthPath"), path)
        yield Secret(
            path,
            secret_id=read.text(item, "secretId", path, "id of the secret", mandatory=True),
            mount_path=read.text(item, "mouthPath", path, "path of the secret", mandatory=True),
        )


def _notifications(inside: Object, path: str, read: Reader) -> Iterator[Notification]:
    """One notification, or several by name: the 2025 document types a map, the Terraform provider sends one object."""
    value = read.object(inside, "smn_notification", path, PROPERTIES["smn_notification"])
    path = join(path, "smn_notification")
    if not value:
        return
    if NOTIFICATION.keys() & value.keys() or not all(isinstance(one, dict) for one in value.values()):
        yield _notification(value, path, read)
        return
    for name, one in value.items():
        yield _notification(one, join(path, name), read)


def _notification(value: Object, path: str, read: Reader) -> Notification:
    read.known(value, NOTIFICATION, path)
    topic = read.text(value, "topic_urn", path, NOTIFICATION["topic_urn"], mandatory=True)
    return Notification(path, topic, read.wholes(value, "events", path, NOTIFICATION["events"], "event"))


def _channels(inside: Object, path: str, read: Reader) -> Iterator[Channel]:
    for here, item in read.objects(inside, "log_report_channels", path, "log channels", "log channel"):
        read.known(item, ("type", "configuration"), here)
        where = join(here, "configuration")
        places = read.object(item, "configuration", here, "configuration of the log channel")
        read.known(places, ("log_group_id", "log_stream_id"), where)
        yield Channel(
            here,
            where,
            type=read.text(item, "type", here, "type of the log channel", mandatory=True),
            log_group_id=read.text(places, "log_group_id", where, "log group", mandatory=True),
            log_stream_id=read.text(places, "log_stream_id", where, "log stream", mandatory=True),
        )


def entry_more(fields: Object, path: str, owner: str, read: Reader) -> EntryMore:
    """The newer fields of one model."""
    inside = read.object(fields, "additional_properties", path, f"{ENTRY['additional_properties']} of {owner}")
    here = join(path, "additional_properties")
    read.known(inside, ENTRY_PROPERTIES, here)
    timeout, grace = "deploy_timeout_in_seconds", "termination_grace_period_seconds"
    return EntryMore(
        deploy_timeout=read.whole(fields, timeout, path, f"{ENTRY[timeout]} of {owner}"),
        max_surge=_number(inside, "max_surge", here, owner, read),
        max_unavailable=_number(inside, "max_unavailable", here, owner, read),
        grace_seconds=read.whole(inside, grace, here, f"{ENTRY_PROPERTIES[grace]} of {owner}"),
        log_volumes=tuple(_log_volumes(inside, here, read)),
        persistent_volumes=tuple(_persistent_volumes(inside, here, read)),
        affinity=_affinity(fields, path, read),
    )


def _number(inside: Object, key: str, path: str, owner: str, read: Reader) -> float | None:
    return read.number(inside, key, path, f"{ENTRY_PROPERTIES[key]} of {owner}", mandatory=True)


def _log_volumes(inside: Object, path: str, read: Reader) -> Iterator[Volume]:
    for here, item in read.objects(inside, "log_volume", path, "log volumes", "log volume"):
        read.known(item, ("host_path", "mount_path"), here)
        host = read.text(item, "host_path", here, "path on the node", mandatory=True)
        yield Volume(here, read.text(item, "mount_path", here, "mount path", mandatory=True), host_path=host)


def _persistent_volumes(inside: Object, path: str, read: Reader) -> Iterator[Volume]:
    keys = {"name": "name of the volume", "storage_type": "storage type", "source_address": "source address"}
    for here, item in read.objects(inside, "persistent_volumes", path, "persistent volumes", "persistent volume"):
        read.known(item, (*keys, "mount_path"), here)
        found = {key: read.text(item, key, here, words, mandatory=True) for key, words in keys.items()}
        yield Volume(here, read.text(item, "mount_path", here, "mount path", mandatory=True), **found)


def _affinity(fields: Object, path: str, read: Reader) -> Affinity | None:
    outer = read.object(fields, "affinity", path, ENTRY["affinity"])
    path = join(path, "affinity")
    read.known(outer, ("node_affinity",), path)
    inner = read.object(outer, "node_affinity", path, ENTRY["affinity"])
    path = join(path, "node_affinity")
    if not inner:
        return None
    read.known(inner, ("mode", "pool_infos"), path)
    mode = read.text(inner, "mode", path, "mode of the affinity", mandatory=True)
    return Affinity(path, mode, tuple(_node_pools(inner, path, read)))


def _node_pools(inner: Object, path: str, read: Reader) -> Iterator[NodePool]:
    for here, item in read.objects(inner, "pool_infos", path, "pools of the affinity", "pool of the affinity"):
        read.known(item, ("pool_name", "nodes"), here)
        nodes = []
        for there, node in read.objects(item, "nodes", here, "nodes of the affinity", "node of the affinity"):
            read.known(node, ("name",), there)
            nodes.append((there, read.text(node, "name", there, "address of the node", mandatory=True)))
        yield NodePool(here, read.text(item, "pool_name", here, "pool name", mandatory=True), tuple(nodes))
