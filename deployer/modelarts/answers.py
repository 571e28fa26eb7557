"""What the cloud said, as rows. Read leniently: a missing, odd or quoted value becomes an empty one, never an error.

`raw` is always the object as it came. Times are UTC; the cloud sends milliseconds since 1970.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployer.modelarts.reading import listed, moment, percent, text, truth, unpacked


@dataclass(frozen=True)
class Created:
    """A service the cloud has accepted. `raw` is the answer's text, masked, at most 4 KB."""

    service_id: str
    resource_ids: tuple[str, ...]
    request_id: str
    http_status: int
    raw: str


@dataclass(frozen=True)
class ServiceSeen:
    """A service as the list or the detail call shows it; the list knows no `config`."""

    service_id: str
    name: str
    status: str  # as it came, lower case or not, known or not
    progress: int | None  # percent, only while deploying
    infer_type: str
    workspace_id: str
    error_msg: str
    access_address: str
    due_time: datetime | None
    publish_at: datetime | None
    config: list[Any]
    raw: dict[str, Any]


@dataclass(frozen=True)
class ServicePage:
    """One page of the list. `total_count` is what the cloud claims, and may be wrong."""

    total_count: int | None
    services: tuple[ServiceSeen, ...]


@dataclass(frozen=True)
class ModelSeen:
    """A model. `install_types` are written as for services: real-time, batch, edge."""

    model_id: str
    name: str
    version: str
    status: str
    model_type: str
    install_types: tuple[str, ...]
    workspace_id: str
    apis: list[Any]  # sent as JSON inside a string; empty in lists
    raw: dict[str, Any]


@dataclass(frozen=True)
class SpecificationSeen:
    """A flavor. Selectable: normal, open, and not over quota (ModelArts API reference, specifications)."""

    specification: str
    status: str
    is_open: bool
    over_quota: bool
    is_free: bool
    name: str
    raw: dict[str, Any]

    @property
    def is_selectable(self) -> bool:
        return self.status in ("", "normal") and self.is_open and not self.over_quota


@dataclass(frozen=True)
class EventSeen:
    """One line of a service's log of events; `kind` is normal or abnormal."""

    occurred_at: datetime | None
    kind: str
    text: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class ClusterSeen:
    """A dedicated pool of the older kind."""

    cluster_id: str
    name: str
    status: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class WorkspaceSeen:
    """A workspace; "0" is the default one."""

    workspace_id: str
    name: str
    status: str
    raw: dict[str, Any]


def service(row: Mapping[str, Any]) -> ServiceSeen:
    """A service from its row in the list or from its detail."""
    return ServiceSeen(
        service_id=text(row.get("service_id")),
        name=text(row.get("service_name")),
        status=text(row.get("status")),
        progress=percent(row.get("progress")),
        infer_type=text(row.get("infer_type")),
        workspace_id=text(row.get("workspace_id")),
        error_msg=text(row.get("error_msg"), longest=4096),
        access_address=text(row.get("access_address"), longest=2000),
        due_time=moment(row.get("due_time")),
        publish_at=moment(row.get("publish_at")),
        config=listed(row.get("config")),
        raw=dict(row),
    )


def model(row: Mapping[str, Any]) -> ModelSeen:
    """A model from its row in the list or from its detail."""
    types = (text(one).lower() for one in listed(row.get("install_type")))
    return ModelSeen(
        model_id=text(row.get("model_id")),
        name=text(row.get("model_name")),
        version=text(row.get("model_version")),
        status=text(row.get("model_status")).lower(),
        model_type=text(row.get("model_type")),
        # A sample of the model detail writes "realtime": ModelArts API reference, "Querying Details About a Model".
        install_types=tuple("real-time" if one == "realtime" else one for one in types),
        workspace_id=text(row.get("workspace_id")),
        apis=listed(unpacked(row.get("apis"))),
        raw=dict(row),
    )


def specification(row: Mapping[str, Any]) -> SpecificationSeen:
    """A flavor from its row."""
    return SpecificationSeen(
        specification=text(row.get("specification")),
        status=text(row.get("spec_status")).lower(),
        is_open=truth(row.get("is_open"), default=True),
        over_quota=truth(row.get("over_quota"), default=False),
        is_free=truth(row.get("is_free"), default=False),
        name=text(row.get("display_en")),
        raw=dict(row),
    )


def event(row: Mapping[str, Any]) -> EventSeen:
    """An event from its row."""
    return EventSeen(
        moment(row.get("occur_time")), text(row.get("event_type")), text(row.get("event_info"), longest=4096), dict(row)
    )


def cluster(row: Mapping[str, Any]) -> ClusterSeen:
    """A pool from its row."""
    return ClusterSeen(text(row.get("cluster_id")), text(row.get("cluster_name")), text(row.get("status")), dict(row))


def workspace(row: Mapping[str, Any]) -> WorkspaceSeen:
    """A workspace from its row."""
    return WorkspaceSeen(text(row.get("id")), text(row.get("name")), text(row.get("status")), dict(row))
