"""What a service is made of: models and specifications, as the cloud lists and details them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deployer.modelarts.reading import listed, mapped, moment, text, truth, unpacked, whole

# A sample of the model detail writes "realtime": ModelArts API reference, "Querying Details About a Model".
_TYPES = {"realtime": "real-time"}
_SCHEMAS = ("input_params", "output_params", "request", "response")


@dataclass(frozen=True)
class ModelSeen:
    """A model. `install_types` are written as for services: real-time, batch, edge.

    Lists leave `apis`, `config` and the params empty: only the detail brings them. `apis` and `config` come as JSON
    inside a string, and so do schemas inside them; here they are parsed, and empty where they make no sense.
    """

    model_id: str
    name: str
    version: str
    status: str  # lower case: publishing, published, failed, building, building_failed …
    model_type: str
    install_types: tuple[str, ...]
    workspace_id: str
    apis: list[Any]
    raw: dict[str, Any]
    config: dict[str, Any] = field(default_factory=dict)
    input_params: list[Any] = field(default_factory=list)
    output_params: list[Any] = field(default_factory=list)
    description: str = ""
    size: int | None = None  # bytes
    created_at: datetime | None = None


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
    category: str = ""  # CPU, GPU, NPU; a field of 2025
    source_type: str = ""  # auto: only for models of ExeML

    @property
    def is_selectable(self) -> bool:
        return self.status in ("", "normal") and self.is_open and not self.over_quota


def model(row: Mapping[str, Any]) -> ModelSeen:
    """A model from its row in the list or from its detail."""
    types = (text(one).lower() for one in listed(row.get("install_type")))
    return ModelSeen(
        model_id=text(row.get("model_id")),
        name=text(row.get("model_name")),
        version=text(row.get("model_version")),
        status=text(row.get("model_status")).lower(),
        model_type=text(row.get("model_type")),
        install_types=tuple(_TYPES.get(one, one) for one in types if one),
        workspace_id=text(row.get("workspace_id")),
        apis=[_api(one) for one in listed(unpacked(row.get("apis")))],
        raw=dict(row),
        config=mapped(unpacked(row.get("config"))),
        input_params=[_param(one) for one in listed(unpacked(row.get("input_params")))],
        output_params=[_param(one) for one in listed(unpacked(row.get("output_params")))],
        description=text(row.get("description"), longest=1000),
        size=whole(row.get("model_size")),
        created_at=moment(row.get("create_at")),
    )


def _api(row: Any) -> Any:
    """One API with its schemas parsed, should they be strings once more."""
    if not isinstance(row, dict):
        return row
    return {name: _unpacked_or_same(value) if name in _SCHEMAS else value for name, value in row.items()}


def _param(row: Any) -> Any:
    """One parameter; the description of an object is its JSON schema inside a string, that of others is plain text."""
    if not isinstance(row, dict) or "param_desc" not in row:
        return row
    return {**row, "param_desc": _unpacked_or_same(row["param_desc"])}


def _unpacked_or_same(value: Any) -> Any:
    """The object or list inside a string; anything else as it came, numbers in words included."""
    found = unpacked(value)
    return found if isinstance(found, (dict, list)) else value


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
        category=text(row.get("category")).upper(),
        source_type=text(row.get("source_type")),
    )
