"""How much a service is called and what it uses: figures of the moment that move."""

from __future__ import annotations

from typing import Any

from . import lives
from .catalog import name_of
from .services import Services

Json = dict[str, Any]

CALLS_PER_MS = 0.0004  # About one call every 2.5 seconds, so that the figures move.
SERVING = ("running", "concerning")


def calls(services: Services, record: Json) -> int:
    """Calls of the model so far: it is called while it runs, since its first run."""
    if record["infer_type"] == "batch":
        return 0
    now, total = services.clock.now(), 0
    for run in record["runs"]:
        course = lives.moments(run, "real-time")
        begun = [m.at for m in course if m.status == "running"]
        ended = [m.at for m in course if m.status == "stopped"]
        until = min([now, *ended, *([run["ended"]] if run["ended"] is not None else [])])
        total += max(0, until - begun[0]) if begun else 0
    return int(total * CALLS_PER_MS)


def monitors(services: Services, record: Json) -> list[Json]:
    """One row a model, every figure as a string: so the document's sample prints them."""
    status, called, shown = services.status(record), calls(services, record), []
    for entry in services.config(record):
        name, version = name_of(entry["model_id"])
        figures = _figures(entry, status, called * entry.get("weight", 100) // 100)
        texts = {key: str(value) for key, value in figures.items()}
        shown.append({"model_id": entry["model_id"], "model_name": name, "model_version": version, **texts})
    return shown


def _figures(entry: Json, status: str, called: int) -> Json:
    """Of one model; from npu_usage on they are those of 2025."""
    count = entry["instance_count"] if status in SERVING else 0
    return {
        "invocation_times": called,
        "failed_times": called // 500,
        "cpu_core_usage": round(0.35 * count, 2),
        "cpu_core_total": round(2.0 * count, 2),
        "cpu_memory_usage": 1536 * count,
        "cpu_memory_total": 8192 * count,
        "gpu_usage": 0.0,
        "gpu_total": 0.0,
        "npu_usage": 0.0,
        "npu_total": 0.0,
        "gpu_memory_usage": 0,
        "gpu_memory_total": 0,
        "model_running_instance_count": count,
        "model_instance_count": entry["instance_count"],
    }


def totals(services: Services, record: Json) -> Json:
    """What 2025 adds beside the rows."""
    count = sum(entry["instance_count"] for entry in services.config(record))
    serving = services.status(record) in SERVING
    return {
        "service_instance_count": count,
        "service_running_instance_count": count if serving else 0,
        "req_count_per_min": int(CALLS_PER_MS * 60_000) if serving else 0,
    }
