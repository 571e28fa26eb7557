"""What the Terraform resource has arguments for, and which values fit them.

Source: terraform-provider-huaweicloud, docs/resources/modelarts_service.md and the schema of the resource.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

RESOURCE: Final = "huaweicloud_modelarts_service"
# About Terraform or the provider, and no part of a request.
LEFT_OUT: Final = frozenset(
    {
        "change_status_to",
        "connection",
        "count",
        "depends_on",
        "for_each",
        "lifecycle",
        "provider",
        "provisioner",
        "region",
        "timeouts",
    }
)

Fits = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_weight(value: Any) -> bool:
    """The samples of the API quote it; Terraform takes either for a number."""
    return is_whole(value) or (isinstance(value, str) and value.isascii() and value.isdigit())


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def are_whole(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_whole, value))


def is_text_map(value: Any) -> bool:
    """A map of the provider holds texts alone, so a mapping rule with a tree in it does not fit."""
    return isinstance(value, dict) and all(map(is_text, value.values()))


@dataclass(frozen=True)
class Shape:
    """A block: its arguments by the API's names with what fits them, its blocks, and names Terraform has others for."""

    arguments: Mapping[str, Fits] = field(default_factory=dict)
    blocks: Mapping[str, "Inner"] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def api_name(self, name: str) -> str:
        """The API's name of an argument."""
        return next((api for api, own in self.names.items() if own == name), name)


@dataclass(frozen=True)
class Inner:
    """A block in a block: an object or a list of objects to the API, of which Terraform takes `most`."""

    shape: Shape
    is_list: bool = False
    most: int = 1


ANY_BLOCK: Final = Shape()
_CUSTOM_SPEC = Shape({"cpu": is_number, "memory": is_whole, "gpu_p4": is_number, "ascend_a310": is_whole})
_CONFIG = Shape(
    {
        "model_id": is_text,
        "weight": is_weight,
        "specification": is_text,
        "instance_count": is_whole,
        "pool_name": is_text,
        "nodes": are_texts,
        "src_type": is_text,
        "src_path": is_text,
        "dest_path": is_text,
        "req_uri": is_text,
        "mapping_type": is_text,
        "mapping_rule": is_text_map,
        "envs": is_text_map,
        "additional_properties": is_text_map,
    },
    {"custom_spec": Inner(_CUSTOM_SPEC)},
)
_SCHEDULE = Shape({"type": is_text, "duration": is_whole, "time_unit": is_text})
_PROPERTIES = Shape(
    {},
    {
        "smn_notification": Inner(Shape({"topic_urn": is_text, "events": are_whole})),
        "log_report_channels": Inner(Shape({"type": is_text}), is_list=True),
    },
)
SERVICE: Final = Shape(
    {
        "service_name": is_text,
        "infer_type": is_text,
        "description": is_text,
        "workspace_id": is_text,
        "pool_name": is_text,
        "vpc_id": is_text,
        "subnet_network_id": is_text,
        "security_group_id": is_text,
    },
    {
        "config": Inner(_CONFIG, is_list=True, most=200),
        "schedule": Inner(_SCHEDULE, is_list=True),
        "additional_properties": Inner(_PROPERTIES),
    },
    {"service_name": "name", "subnet_network_id": "subnet_id"},
)
