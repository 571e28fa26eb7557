"""The newer fields as typed values. Empty in an edition that does not have them; None is blank or spoiled."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notification:
    """Who is told (an SMN topic) of which events; `events` None was not given."""

    path: str
    topic_urn: str | None
    events: tuple[int, ...] | None


@dataclass(frozen=True)
class Channel:
    """One way logs go; `where` is the path of its configuration."""

    path: str
    where: str
    type: str | None
    log_group_id: str | None
    log_stream_id: str | None


@dataclass(frozen=True)
class Secret:
    """A secret the cloud keeps, by its id, and the path it is mounted at. No secret itself."""

    path: str
    secret_id: str | None
    mount_path: str | None


@dataclass(frozen=True)
class ServiceMore:
    """The newer fields of a service."""

    load_balancer_policy: str | None = None
    priority: int | None = None
    secrets: tuple[Secret, ...] = ()
    notifications: tuple[Notification, ...] = ()
    channels: tuple[Channel, ...] = ()
    websocket_upgrade: bool | None = None


@dataclass(frozen=True)
class Volume:
    """A place of the node (`log_volume`) or of the network (`persistent_volumes`), mounted into the instances."""

    path: str
    mount_path: str | None
    host_path: str | None = None
    name: str | None = None
    storage_type: str | None = None
    source_address: str | None = None


@dataclass(frozen=True)
class NodePool:
    """A pool of an affinity, with the paths and private addresses of its nodes."""

    path: str
    pool_name: str | None
    nodes: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Affinity:
    """The nodes instances must or should run on."""

    path: str
    mode: str | None
    pools: tuple[NodePool, ...]


@dataclass(frozen=True)
class EntryMore:
    """The newer fields of one model. Times in seconds; `max_surge` below 1 is a share of the instances."""

    deploy_timeout: int | None = None
    max_surge: float | None = None
    max_unavailable: float | None = None
    grace_seconds: int | None = None
    log_volumes: tuple[Volume, ...] = ()
    persistent_volumes: tuple[Volume, ...] = ()
    affinity: Affinity | None = None
