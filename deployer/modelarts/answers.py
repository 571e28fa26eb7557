"""What the cloud said, as rows. Read leniently: a missing, odd or quoted value becomes an empty one, never an error.

`raw` is always the object as it came. Times are UTC; the cloud sends milliseconds since 1970.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployer.modelarts.histories import EventSeen, LoadSeen, MonitorSeen, UpdateSeen, event, load, monitor, update
from deployer.modelarts.offers import ModelSeen, SpecificationSeen, model, specification
from deployer.modelarts.pools import ClusterSeen, FlavorCount, PoolSeen, WorkspaceSeen, cluster, pool, workspace
from deployer.modelarts.reading import listed, moment, percent, text

__all__ = [
    "Changed", "ClusterSeen", "Created", "EventSeen", "FlavorCount", "LoadSeen", "ModelSeen", "MonitorSeen",
    "PoolSeen", "ServicePage", "ServiceSeen", "SpecificationSeen", "UpdateSeen", "WorkspaceSeen", "cluster", "event",
    "load", "model", "monitor", "pool", "service", "specification", "update", "workspace",
]  # fmt: skip


@dataclass(frozen=True)
class Created:
    """A service the cloud has accepted. `raw` is the answer's text, masked, at most 4 KB."""

    service_id: str
    resource_ids: tuple[str, ...]
    request_id: str
    http_status: int
    raw: str


@dataclass(frozen=True)
class Changed:
    """A change, a start, a stop or a deletion the cloud has accepted; it does the work later."""

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
