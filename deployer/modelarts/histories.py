"""What became of a service over time: its events, its updates, its load. Read leniently, like all answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployer.modelarts.reading import decimal, listed, moment, text, whole


@dataclass(frozen=True)
class EventSeen:
    """One line of a service's log of events; `kind` is normal or abnormal."""

    occurred_at: datetime | None
    kind: str
    text: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class UpdateSeen:
    """One update of a service's configuration. `config` is what it was changed to."""

    updated_at: datetime | None
    result: str  # SUCCESS, FAIL, RUNNING or something new, in capitals
    config: list[Any]
    cluster_id: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class LoadSeen:
    """What one model of a service uses at this moment. Cores are shares of processors, memory is in MB.

    None where the cloud says nothing: NPUs, memory of GPUs and instances are fields of 2025.
    """

    model_id: str
    model_name: str
    model_version: str
    invocation_times: int | None
    failed_times: int | None
    cpu_core_usage: float | None
    cpu_core_total: float | None
    cpu_memory_usage: int | None
    cpu_memory_total: int | None
    gpu_usage: float | None
    gpu_total: float | None
    gpu_memory_usage: int | None
    gpu_memory_total: int | None
    npu_usage: float | None
    npu_total: float | None
    running_instances: int | None
    instances: int | None
    raw: dict[str, Any]


@dataclass(frozen=True)
class MonitorSeen:
    """The load of a service at this moment. The cloud keeps no past of it: who wants a curve must ask again."""

    models: tuple[LoadSeen, ...]
    running_instances: int | None
    instances: int | None
    calls_per_minute: int | None
    raw: dict[str, Any]


def event(row: Mapping[str, Any]) -> EventSeen:
    """An event from its row."""
    return EventSeen(
        moment(row.get("occur_time")), text(row.get("event_type")), text(row.get("event_info"), longest=4096), dict(row)
    )


def update(row: Mapping[str, Any]) -> UpdateSeen:
    """An update from its row in the log."""
    return UpdateSeen(
        updated_at=moment(row.get("update_time")),
        result=text(row.get("result")).upper(),
        config=listed(row.get("config")),
        cluster_id=text(row.get("cluster_id")),
        raw=dict(row),
    )


def load(row: Mapping[str, Any]) -> LoadSeen:
    """The load of a model from its row. A sample of 2022 writes the numbers as strings."""
    return LoadSeen(
        model_id=text(row.get("model_id")),
        model_name=text(row.get("model_name")),
        model_version=text(row.get("model_version")),
        invocation_times=whole(row.get("invocation_times")),
        failed_times=whole(row.get("failed_times")),
        cpu_core_usage=decimal(row.get("cpu_core_usage")),
        cpu_core_total=decimal(row.get("cpu_core_total")),
        cpu_memory_usage=whole(row.get("cpu_memory_usage")),
        cpu_memory_total=whole(row.get("cpu_memory_total")),
        gpu_usage=decimal(row.get("gpu_usage")),
        gpu_total=decimal(row.get("gpu_total")),
        gpu_memory_usage=whole(row.get("gpu_memory_usage")),
        gpu_memory_total=whole(row.get("gpu_memory_total")),
        npu_usage=decimal(row.get("npu_usage")),
        npu_total=decimal(row.get("npu_total")),
        running_instances=whole(row.get("model_running_instance_count")),
        instances=whole(row.get("model_instance_count")),
        raw=dict(row),
    )


def monitor(found: Mapping[str, Any], rows: list[dict[str, Any]]) -> MonitorSeen:
    """The load of a service from the answer and its rows."""
    return MonitorSeen(
        models=tuple(load(row) for row in rows),
        running_instances=whole(found.get("service_running_instance_count")),
        instances=whole(found.get("service_instance_count")),
        calls_per_minute=whole(found.get("req_count_per_min")),
        raw=dict(found),
    )
