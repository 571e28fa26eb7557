"""The calls of ModelArts about services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import admission, fields, figures, neighbours, newer, reading, schedules, shapes
from .calls import Answer, Call
from .refusals import Refusal, bad_parameter, missing
from .services import MAY_DESCRIBE

if TYPE_CHECKING:
    from .cloud import Cloud

STATUSES = (
    *("running", "deploying", "concerning", "failed", "stopped", "finished"),
    *("stopping", "deleting", "pending", "waiting"),  # OTC 2025
)


def _body(call: Call) -> Any:
    try:
        return call.json()
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Refusal(400, "ModelArts.0101", f"The request body is not valid JSON ({where}).") from None
    except ValueError as error:
        raise Refusal(400, "ModelArts.0101", f"The request body is not valid. {error}") from None


def create(cloud: Cloud, call: Call) -> Answer:
    """Answer 200, not 201: OTC, CreateService. A batch job reads and writes OBS by an agency (UMN)."""
    cloud.conduct.need("create")
    request = _body(call)
    asked = reading.read_service(request)
    if asked["infer_type"] == "batch":
        cloud.conduct.need_agency()
    with cloud.lock:
        admission.check_service(asked, strict=cloud.strict)
        record = cloud.services.create(call.project_id, asked, request)
        cloud.keeper.changed()
        return Answer(200, {"service_id": record["service_id"], "resource_ids": record["resource_ids"]})


def list_services(cloud: Cloud, call: Call) -> Answer:
    """Filtered, ordered, one page. Names match in part: the document does not say, so nobody may rely on it."""
    cloud.conduct.need("list")
    _check_words(call.query)
    with cloud.lock:
        records = [record for record in cloud.services.shown(call.project_id) if _wanted(cloud, call, record)]
        records.sort(key=_order(cloud, call.query.get("sort_by") or "publish_at"), reverse=call.descending())
        rows = [shapes.row(cloud.services, record) for record in call.page(records)]
    return Answer(200, {"total_count": len(records), "count": len(rows), "services": rows})


def _check_words(query: dict[str, str]) -> None:
    """Whether there are services or not: a word that the document does not list is wrong."""
    for name, allowed in (("infer_type", reading.INFER_TYPES), ("status", STATUSES)):
        if query.get(name) and query[name] not in allowed:
            raise bad_parameter(name, f"must be one of {', '.join(allowed)}.")


def _wanted(cloud: Cloud, call: Call, record: dict[str, Any]) -> bool:
    query = call.query
    if record["workspace_id"] != (query.get("workspace_id") or "0"):  # "0" is the documented default.
        return False
    for name in ("service_id", "infer_type"):
        if query.get(name) and record[name] != query[name]:
            return False
    if query.get("service_name", "") not in record["service_name"]:
        return False
    if query.get("model_id") and all(e["model_id"] != query["model_id"] for e in record["config"]):
        return False
    pools = {record["cluster_id"], *(entry["cluster_id"] for entry in record["config"])}
    if query.get("cluster_id") and query["cluster_id"] not in pools:
        return False
    return not query.get("status") or cloud.services.status(record) == query["status"]


def _order(cloud: Cloud, sort_by: str) -> Any:
    if sort_by == "service_name":
        return lambda record: record["service_name"]
    if sort_by not in ("publish_at", "transition_at"):
        raise bad_parameter("sort_by", "must be publish_at, service_name or transition_at.")
    places = {service_id: place for place, service_id in enumerate(cloud.services.records)}
    if sort_by == "transition_at":
        return lambda record: (shapes.entered_at(cloud.services, record), places[record["service_id"]])
    return lambda record: (record["created_at"], places[record["service_id"]])


def show(cloud: Cloud, call: Call) -> Answer:
    cloud.conduct.need("get")
    with cloud.lock:
        record = cloud.services.find(call.project_id, call.ids["service_id"])
        return Answer(200, shapes.detail(cloud.services, record))


def update(cloud: Cloud, call: Call) -> Answer:
    """Change what was sent, leave the rest. Status and configuration together: only the status counts."""
    body = _body(call)
    if not isinstance(body, dict):
        raise Refusal(400, "ModelArts.0101", "The request body must be a JSON object.")
    status = fields.text(body, "status", "")
    if status not in ("", "running", "stopped"):
        raise bad_parameter("status", "must be running or stopped.")
    cloud.conduct.need("action" if status else "update")
    with cloud.lock:
        record = cloud.services.find(call.project_id, call.ids["service_id"])
        neighbours.must_be_ours(record)
        newer.check_changeable(body, record["infer_type"])
        words = reading.read_description(body)
        schedule = schedules.read_schedule(body, record["infer_type"])
        if status:
            cloud.services.start(record) if status == "running" else cloud.services.stop(record)
        elif body.get("config") is not None:
            config = reading.read_config(body, record["infer_type"])
            admission.check_config(record, config, strict=cloud.strict)
            cloud.services.configure(record, config)
        else:
            cloud.services.guard(record, MAY_DESCRIBE, "update")
        if body.get("description") is not None:
            record["description"] = words
        if body.get("schedule") is not None:
            cloud.services.reschedule(record, schedule)
        _take_newer(record, body)
        cloud.services.note(record)
        cloud.keeper.changed()
    return Answer(200, {})


def _take_newer(record: dict[str, Any], body: dict[str, Any]) -> None:
    """The keys of 2025 that an update may bring. Two of them cannot be switched off again: OTC 2025."""
    for name in ("load_balancer_policy", "service_secrets", "priority"):
        if body.get(name) is not None:
            record["more"][name] = body[name]
    if body.get("additional_properties") is not None:
        before, after = record["additional_properties"], dict(body["additional_properties"])
        for name in ("log_report_channels", "websocket_upgrade"):
            if before.get(name) and not after.get(name):
                after[name] = before[name]
        record["additional_properties"] = after


def delete(cloud: Cloud, call: Call) -> Answer:
    """One id, or several joined by commas, raw or encoded. It needs the user's agency (UMN)."""
    cloud.conduct.need("delete")
    cloud.conduct.need_agency()
    service_ids = list(dict.fromkeys(part.strip() for part in call.ids["service_id"].split(",") if part.strip()))
    if not service_ids:
        raise missing("service_id")
    with cloud.lock:
        cloud.services.delete(call.project_id, service_ids)
        cloud.keeper.changed()
    return Answer(200, {})


def logs(cloud: Cloud, call: Call) -> Answer:
    cloud.conduct.need("getLogs")
    since = call.whole("update_time", 0)
    with cloud.lock:
        record = cloud.services.find(call.project_id, call.ids["service_id"])
        _check_model_of(record, call)
        rows = [row for row in shapes.logs(cloud.services, record) if row["update_time"] >= since]
    return Answer(200, {**_named(record), "logs": rows})


def events(cloud: Cloud, call: Call) -> Answer:
    cloud.conduct.need("getEvents")
    kind = call.query.get("event_type", "")
    if kind not in ("", "normal", "abnormal"):
        raise bad_parameter("event_type", "must be normal or abnormal.")
    begin, end = call.whole("start_time", 0), call.whole("end_time", 10**15)
    with cloud.lock:
        record = cloud.services.find(call.project_id, call.ids["service_id"])
        rows = shapes.events(cloud.services, record)
    rows = [row for row in rows if kind in ("", row["event_type"]) and begin <= row["occur_time"] <= end]
    rows = [row for row in rows if call.query.get("event_info", "").lower() in row["event_info"].lower()]
    if call.descending():
        rows.reverse()
    page = call.page(rows)
    return Answer(200, {**_named(record), "total_count": len(rows), "count": len(page), "events": page})


def monitor(cloud: Cloud, call: Call) -> Answer:
    cloud.conduct.need("getMonitor")
    with cloud.lock:
        record = cloud.services.find(call.project_id, call.ids["service_id"])
        _check_model_of(record, call)
        rows = figures.monitors(cloud.services, record)
        totals = figures.totals(cloud.services, record)
    return Answer(200, {**_named(record), **totals, "monitors": rows})


def _check_model_of(record: dict[str, Any], call: Call) -> None:
    """Raise 3529 for a model that is not in the service; the table of codes does not say which call can meet it."""
    wanted = call.query.get("model_id")
    if wanted and all(entry["model_id"] != wanted for entry in record["config"]):
        raise Refusal(400, "ModelArts.3529", f"The model {wanted} does not belong to the service.")


def _named(record: dict[str, Any]) -> dict[str, str]:
    return {"service_id": record["service_id"], "service_name": record["service_name"]}
