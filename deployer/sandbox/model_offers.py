"""The models of the catalog as the API answers them, in a list and one by one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import account
from .calls import Answer, Call
from .catalog import MODELS, MODELS_BY_ID, Model, born
from .offers import OWNER
from .refusals import Refusal

if TYPE_CHECKING:
    from .cloud import Cloud


def model_row(model: Model, project_id: str) -> dict[str, Any]:
    return {
        "model_id": model.model_id,
        "model_name": model.name,
        "model_version": model.version,
        "model_status": model.status,
        "model_type": model.kind,
        "model_size": 118_000_000 + 1_000_003 * len(model.name),
        **OWNER,
        "project": project_id,
        "create_at": born(MODELS.index(model)),
        "description": model.description,
        "workspace_id": "0",
        "model_source": "custom",
        "tunable": False,
        "market_flag": False,
        "publishable_flag": True,
        "install_type": list(model.install),
        "source_type": "",
        # Strings, all of them: ModelArts API reference, ListModels, table Specification.
        "specification": {"min_cpu": "1", "min_gpu": "0", "min_memory": "1024", "min_ascend": "0"},
    }


def _schema(inputs: dict[str, str]) -> dict[str, Any]:
    leaves = {name: {"type": "string" if kind == "file" else kind} for name, kind in inputs.items()}
    if "file" in inputs.values():
        return {"type": "object", "properties": {name: {"type": "file"} for name in inputs}}
    rows = {"type": "array", "items": [{"type": "object", "properties": leaves}]}
    data = {"type": "object", "properties": {"req_data": rows}}
    return {"type": "object", "properties": {"data": data}}


def model_detail(model: Model, project_id: str) -> dict[str, Any]:
    """The list's fields and the model's interface, JSON strings where the documents have strings."""
    request = _schema(model.inputs)
    response = {"type": "object", "properties": {"result": {"type": "string"}}}
    api = {"protocol": "http", "method": "post", "url": model.uri}
    form = "multipart/form-data" if "file" in model.inputs.values() else "application/json"
    config = {
        "model_type": model.kind,
        "model_algorithm": "classification",
        "metrics": {"f1": 0.92, "accuracy": 0.94, "precision": 0.93, "recall": 0.91},
        "apis": [{**api, "request": {"Content-type": form, "data": request}, "response": {"data": response}}],
    }
    params = [
        {
            **api,
            "param_name": name,
            "param_type": {"number": "float", "integer": "int"}.get(kind, kind),
        }
        for name, kind in model.inputs.items()
    ]
    return {
        **model_row(model, project_id),
        "source_location": f"https://models.obs.{account.REGION}.example.com/{model.name}/{model.version}/",
        "runtime": "python3.7",
        "execution_code": "",
        "image_address": f"swr.{account.REGION}.example.com/models/{model.name}:{model.version}",
        "input_params": params,
        "output_params": [{**api, "param_name": "result", "param_type": "string"}],
        "dependencies": [],
        "model_metrics": json.dumps(config["metrics"]),
        "apis": json.dumps([{**api, "input_params": request, "output_params": response}]),
        "config": json.dumps(config),
        "model_algorithm": "classification",
        "health": {"url": "/health", "protocol": "HTTP", "initial_delay_seconds": "30", "timeout_seconds": "10"},
    }


def list_models(cloud: Cloud, call: Call) -> Answer:
    query = call.query
    rows = [model_row(model, call.project_id) for model in MODELS]
    if query.get("model_name"):
        exact = query.get("exact_match", "").lower() == "true"
        rows = [row for row in rows if _fits(row["model_name"], query["model_name"], exact)]
    if query.get("model_status"):  # The documents print them capitalised, answers are lower case.
        rows = [row for row in rows if row["model_status"] == query["model_status"].lower()]
    if query.get("description"):
        rows = [row for row in rows if query["description"] in row["description"]]
    for key in ("model_version", "model_type", "workspace_id"):
        if query.get(key):
            rows = [row for row in rows if row[key] == query[key]]
    if query.get("not_model_type"):
        if query.get("model_type"):
            raise Refusal(400, "ModelArts.0107", "model_type and not_model_type must not be given together.")
        rows = [row for row in rows if row["model_type"] != query["not_model_type"]]
    rows.sort(key=_model_order(query.get("sort_by") or "create_at"), reverse=call.descending())
    page = call.page(rows)
    return Answer(200, {"total_count": len(rows), "count": len(page), "models": page})


def _fits(name: str, wanted: str, exact: bool) -> bool:
    return name == wanted if exact else wanted in name


def _model_order(sort_by: str) -> Any:
    if sort_by not in ("create_at", "model_version", "model_size"):
        raise Refusal(400, "ModelArts.0104", "Invalid parameter sort_by: create_at, model_version or model_size.")
    if sort_by == "model_version":
        return lambda row: [int(part) for part in row["model_version"].split(".")]
    return lambda row: row[sort_by]


def show_model(cloud: Cloud, call: Call) -> Answer:
    model = MODELS_BY_ID.get(call.ids["model_id"])
    if model is None:
        raise Refusal(404, "ModelArts.3001", f"The model {call.ids['model_id']} does not exist.")
    return Answer(200, model_detail(model, call.project_id))
