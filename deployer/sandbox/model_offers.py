"""The models of the catalog as the API answers them, in a list and one by one."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from . import account
from .calls import Answer, Call
from .catalog import born, model_of, models
from .models import MODELS, MODELS_BY_ID, Model
from .offers import OWNER
from .refusals import Refusal

if TYPE_CHECKING:
    from .cloud import Cloud


HOUR_MS = 60 * 60 * 1000
_PLACES = {model.model_id: place for place, model in enumerate(MODELS)}


def _created(model: Model) -> int:
    """When a model was made, in ms; the many of a trial of scale are older than all others, an hour apart."""
    place = _PLACES.get(model.model_id)
    if place is not None:
        return born(place)
    if model.name == UNLISTED:
        return born(len(MODELS))
    return born(len(MODELS)) - int(model.model_id[-12:]) * HOUR_MS


def _size(model: Model) -> int:
    return 118_000_000 + 1_000_003 * len(model.name)


def model_row(model: Model, project_id: str) -> dict[str, Any]:
    return {
        "model_id": model.model_id,
        "model_name": model.name,
        "model_version": model.version,
        "model_status": model.status,
        "model_type": model.kind,
        "model_size": _size(model),
        **OWNER,
        "project": project_id,
        "create_at": _created(model),
        "description": model.description,
        "workspace_id": model.workspace,
        "model_source": "custom",
        "tunable": False,
        "market_flag": False,
        "publishable_flag": True,
        "install_type": list(model.install),
        "source_type": "",
        # Strings, all of them: ModelArts API reference, ListModels, table Specification.
        "specification": {"min_cpu": "1", "min_gpu": "0", "min_memory": "1024", "min_ascend": "0"},
    }


def _schema(model: Model) -> dict[str, Any]:
    """The JSON schema of a request: files as a form, rows of values as the documents' batch sample has them."""
    inputs = model.inputs
    if model.schema is not None:
        return model.schema
    if "file" in inputs.values():
        return {"type": "object", "properties": {name: {"type": "file"} for name in inputs}}
    leaves = {name: {"type": kind} for name, kind in inputs.items()}
    rows = {"type": "array", "items": [{"type": "object", "properties": leaves}]}
    data = {"type": "object", "properties": {"req_data": rows}}
    return {"type": "object", "properties": {"data": data}}


def _params(model: Model, api: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a parameter; an object's or array's description is its JSON schema as a string."""
    words = {"number": "float", "integer": "int"}
    rows = []
    for name, kind in model.inputs.items():
        row = {**api, "param_name": name, "param_type": words.get(kind, kind)}
        if kind in ("object", "array") and name in _schema(model)["properties"]:
            row["param_desc"] = json.dumps(_schema(model)["properties"][name])
        if kind == "integer":
            row |= {"min": 0, "max": 1000}
        rows.append(row)
    return rows


def model_detail(model: Model, project_id: str) -> dict[str, Any]:
    """The list's fields and the model's interface, JSON strings where the documents have strings."""
    request = _schema(model)
    told = bool(model.inputs) and model.name != UNLISTED
    response = {"type": "object", "properties": {"result": {"type": "string"}}}
    api = {"protocol": "http", "method": "post", "url": model.uri}
    form = "multipart/form-data" if "file" in model.inputs.values() else "application/json"
    config = {
        "model_type": model.kind,
        "model_algorithm": "classification",
        "metrics": {"f1": 0.92, "accuracy": 0.94, "precision": 0.93, "recall": 0.91},
        "apis": [{**api, "request": {"Content-type": form, "data": request}, "response": {"data": response}}],
    }
    return {
        **model_row(model, project_id),
        "install_type": [model.word if kind == "real-time" else kind for kind in model.install],
        "source_location": f"https://models.obs.{account.REGION}.example.com/{model.name}/{model.version}/",
        "runtime": "python3.7",
        "execution_code": "",
        "image_address": f"swr.{account.REGION}.example.com/models/{model.name}:{model.version}",
        "input_params": _params(model, api),
        "output_params": [{**api, "param_name": "result", "param_type": "string"}],
        "dependencies": [],
        "model_metrics": json.dumps(config["metrics"]),
        "apis": json.dumps([{**api, "input_params": request, "output_params": response}] if told else []),
        "config": json.dumps(config if told else {**config, "apis": []}),
        "model_docs": [{"doc_name": "guide", "doc_url": f"https://docs.{account.REGION}.example.com/{model.name}"}],
        "model_labels": [],
        "labels_map": {},
        "model_algorithm": "classification",
        "health": {"url": "/health", "protocol": "HTTP", "initial_delay_seconds": "30", "timeout_seconds": "10"},
    }


def list_models(cloud: Cloud, call: Call) -> Answer:
    """Filtered and ordered before any row is drawn, so that a page of 5,000 models costs a page."""
    query = call.query
    if query.get("model_type") and query.get("not_model_type"):
        raise Refusal(400, "ModelArts.0107", "model_type and not_model_type must not be given together.")
    found = [model for model in models(cloud.conduct.more_models) if _wanted(model, query)]
    found.sort(key=_model_order(query.get("sort_by") or "create_at"), reverse=call.descending())
    page = [model_row(model, call.project_id) for model in call.page(found)]
    return Answer(200, {"total_count": len(found), "count": len(page), "models": page})


def _wanted(model: Model, query: dict[str, str]) -> bool:
    name, status, kind = query.get("model_name"), query.get("model_status"), query.get("model_type")
    if name and not _fits(model.name, name, query.get("exact_match", "").lower() == "true"):
        return False
    if status and model.status != status.lower():  # The documents print them capitalised, answers are lower case.
        return False
    if (kind and model.kind != kind) or (query.get("not_model_type") == model.kind):
        return False
    if query.get("model_version") and model.version != query["model_version"]:
        return False
    if query.get("description", "") not in model.description:
        return False
    return model.workspace == (query.get("workspace_id") or "0")


def _fits(name: str, wanted: str, exact: bool) -> bool:
    """Fuzzy matching knows no underscore: a name with one is found by exact_match alone (ListModels)."""
    return name == wanted if exact else wanted in name and "_" not in wanted


def _model_order(sort_by: str) -> Any:
    if sort_by not in ("create_at", "model_version", "model_size"):
        raise Refusal(400, "ModelArts.0104", "Invalid parameter sort_by: create_at, model_version or model_size.")
    if sort_by == "model_version":
        return lambda model: [int(part) for part in model.version.split(".")]
    return _created if sort_by == "create_at" else _size


def show_model(cloud: Cloud, call: Call) -> Answer:
    """One model. Unless strict, an id nobody listed is taken as a published one here too, as it is when deployed."""
    model_id = call.ids["model_id"]
    model = model_of(model_id)
    known = model is not None and (model.model_id in MODELS_BY_ID or model in models(cloud.conduct.more_models))
    if model is not None and known:
        return Answer(200, model_detail(model, call.project_id))
    if cloud.strict:
        raise Refusal(404, "ModelArts.3001", f"The model {model_id} does not exist.")
    return Answer(200, model_detail(unlisted(model_id), call.project_id))


UNLISTED = "unlisted"


def unlisted(model_id: str) -> Model:
    """A version of its own for each id. It takes any input, and does not say at which address."""
    number = int.from_bytes(hashlib.sha256(model_id.encode("utf-8", "replace")).digest()[:4], "big")
    version = f"{number % 100}.{number // 100 % 100}.{number // 10_000 % 100}"
    return Model(model_id, UNLISTED, version, "In no list; taken as published.", inputs={"data": "object"})
