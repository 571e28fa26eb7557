"""How a service, its events, its log and its figures look in the answers."""

from __future__ import annotations

from typing import Any

from . import account, figures, happenings, lives
from .catalog import name_of
from .journal import iso
from .neighbours import STRANGER_ID
from .quotas import is_free
from .services import Services

Json = dict[str, Any]


def row(services: Services, record: Json) -> Json:
    """One row of the list: no configuration in it, as documented."""
    clock, run = services.clock, record["runs"][-1]
    status = services.status(record)
    mark = record.get("mark", "")
    calls = figures.calls(services, record)
    shown: Json = {
        "service_id": record["service_id"],
        "service_name": record["service_name"],
        "description": record["description"],
        "tenant": account.DOMAIN_ID,
        "project": record["project_id"],
        "owner": STRANGER_ID if mark in ("shared", "foreign") else account.USER_ID,
        "publish_at": record["created_at"],
        "infer_type": record["infer_type"],
        "workspace_id": record["workspace_id"],
        "status": status,
        "invocation_times": calls,
        "failed_times": calls // 500,
        "is_shared": mark == "shared",
        "shared_count": int(mark == "shared"),
        "schedule": record["schedule"],
        "operation_time": clock.wall_of(run["began"]),
        "transition_at": clock.wall_of(entered_at(services, record)),
        "is_opened_sample_collection": False,
        "is_free": is_free(record["config"]),
        "additional_properties": record["additional_properties"],
    }
    if status == "deploying":
        shown["progress"] = lives.progress(run, clock.now())
    if run["due"] is not None and status in lives.LIVELY:
        shown["due_time"] = clock.wall_of(run["due"])
    if record["infer_type"] == "batch":
        shown.update(_times(services, record))
    return shown


def entered_at(services: Services, record: Json) -> int:
    """When the service came into the status it is in, in life ms: wall times of a jump are all one."""
    course = lives.moments(record["runs"][-1], record["infer_type"])
    return [moment.at for moment in course if moment.at <= services.clock.now()][-1]


def _times(services: Services, record: Json) -> Json:
    """When a batch job began to work and when it was done, as far as that has come."""
    names = {"running": "start_time", "finished": "finished_time"}
    now = services.clock.now()
    course = lives.moments(record["runs"][-1], "batch")
    return {names[m.status]: services.clock.wall_of(m.at) for m in course if m.status in names and m.at <= now}


def detail(services: Services, record: Json) -> Json:
    """All the list says, and where, with what, and at which address it serves."""
    status = services.status(record)
    shown = {**record["more"], **row(services, record)}
    for name in ("cluster_id", "vpc_id", "subnet_network_id", "security_group_id"):
        shown[name] = record[name]
    shown["config"] = [_entry(record, entry, status) for entry in services.config(record)]
    if record.get("mark") == "shared":  # Its guests see which models it has, and nothing else of it.
        names = ("model_id", "model_name", "model_version")
        shown["config"] = [{name: entry[name] for name in names} for entry in shown["config"]]
    shown["update_time"] = record["updated_at"] or record["created_at"]
    shown["debug_url"] = ""
    if status == "failed":
        shown["error_msg"] = lives.failure(record["runs"][-1])
    if record["infer_type"] == "batch":
        shown["config"] = [{**entry, **_times(services, record)} for entry in shown["config"]]
    elif status in ("running", "concerning"):
        shown["access_address"] = address(record)
    return shown


def address(record: Json) -> str:
    return f"https://infers.{account.REGION}.example.com/v1/infers/{record['service_id']}"


def _entry(record: Json, entry: Json, status: str) -> Json:
    """One model of a configuration; what was not given is left out."""
    name, version = name_of(entry["model_id"])
    given = {key: value for key, value in entry.items() if key != "more" and value not in (None, "", {})}
    shown = {**entry["more"], **given, "model_name": name, "model_version": version}
    if record["infer_type"] == "batch":
        return shown
    ready = {"running": "ready", "concerning": "concerning"}.get(status, "notReady")
    more = {"source_type": "", "status": ready, "scaling": False, "support_debug": False}
    return {"additional_properties": {}, **shown, "envs": entry["envs"], **more}


def logs(services: Services, record: Json) -> list[Json]:
    """The history of configurations, newest first, each with what became of it."""
    clock, found = services.clock, []
    for update in reversed(record["updates"]):
        run = None if update["run"] is None else record["runs"][update["run"]]
        result = lives.result(run, record["infer_type"], clock.now()) if run else "SUCCESS"
        config = [_entry(record, entry, "running") for entry in update["config"]]
        logged = [
            {key: value for key, value in entry.items() if key not in ("status", "support_debug")} for entry in config
        ]
        found.append(
            {
                "update_time": clock.wall_of(update["at"]),
                "result": result,
                "config": logged,
                "cluster_id": record["cluster_id"],
                "extend_config": [],
            }
        )
    return found


def events(services: Services, record: Json) -> list[Json]:
    """Everything that happened in all runs, oldest first."""
    clock = services.clock
    return [
        {"occur_time": clock.wall_of(at), "event_type": kind, "event_info": words}
        for run in record["runs"]
        for at, kind, words in happenings.events(run, record["infer_type"], clock.now())
    ]


def truth(services: Services, record: Json) -> Json:
    """A service for the door /_sandbox/services: as it was asked for, deleted ones too."""
    return {
        "service_id": record["service_id"],
        "project_id": record["project_id"],
        "service_name": record["service_name"],
        "status": services.status(record),
        "request": record["request"],
        "created_at": iso(record["created_at"]),
    }
