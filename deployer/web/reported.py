"""The configuration a service reported, as rows of a table. It is the cloud's: nothing in it is taken for granted."""

import json
from dataclasses import dataclass
from typing import Any

from deployer.models import Service
from deployer.web import numbers

MOST = 200  # rows; more than any request may have

# Facts of a batch job. Source: ModelArts API reference, ShowService, table of config (batch).
BATCH = (
    ("src_path", "Input"),
    ("dest_path", "Output"),
    ("req_uri", "Request address"),
    ("mapping_type", "Mapping"),
    ("src_type", "Input type"),
)


@dataclass(frozen=True)
class Part:
    """One model of a service as reported. `weight` is None where there is none; words are empty where unknown."""

    name: str
    model_id: str
    weight: int | None
    status: str
    specification: str
    instances: str
    variables: list[tuple[str, str]]
    facts: list[tuple[str, str]]

    @property
    def short(self) -> str:
        """For a narrow column: of a bare id its beginning, which tells two apart; the service's page has it all."""
        return self.name if self.name != self.model_id or len(self.name) <= 20 else f"{self.name[:8]}…"


def parts(service: Service) -> list[Part]:
    """The models, in the order reported; none while the cloud has told nothing (its list carries no configuration)."""
    try:
        told = json.loads(service.config or "[]")
    except (ValueError, RecursionError):
        return []
    rows = told if isinstance(told, list) else []
    return [part(row) for row in rows[:MOST] if isinstance(row, dict)]


def part(row: dict[str, Any]) -> Part:
    weight = row.get("weight")
    whole = isinstance(weight, int) and not isinstance(weight, bool)
    envs = row.get("envs")
    return Part(
        name=name_of(row),
        model_id=text(row.get("model_id")),
        weight=weight if whole else None,
        status=text(row.get("status")),
        specification=text(row.get("specification")),
        instances=text(row.get("instance_count")),
        variables=[(name, text(value)) for name, value in envs.items()] if isinstance(envs, dict) else [],
        facts=[(word, text(row[key])) for key, word in BATCH if row.get(key)],
    )


def name_of(row: dict[str, Any]) -> str:
    """Name and version where the cloud tells them, else the id."""
    name, version = text(row.get("model_name")), text(row.get("model_version"))
    return f"{name} {version}".strip() if name else text(row.get("model_id")) or "a model without a name"


def text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def size(found: list[Part]) -> str:
    """Instances and specifications in a few words: "3 × cpu.2u", or how many kinds there are."""
    kinds = sorted({part.specification.removeprefix("modelarts.vm.") for part in found if part.specification})
    counts = [count for part in found if (count := numbers.whole(part.instances)) is not None]
    if not counts:
        return ""
    return f"{sum(counts)} × {kinds[0]}" if len(kinds) == 1 else f"{sum(counts)}, {len(kinds)} kinds"
