"""The fields of a request: their order in the form, the words for them, and where each belongs.

Source of every name: ModelArts API reference, CreateService, tables 2 to 6.
"""

from typing import Final

REAL_TIME: Final = "real-time"
BATCH: Final = "batch"

# Order is the order of the form; it sorts the problems. Values are the words people read.
SERVICE: Final[dict[str, str]] = {
    "service_name": "service name",
    "infer_type": "inference type",
    "workspace_id": "workspace",
    "description": "description",
    "config": "models",
    "vpc_id": "VPC",
    "subnet_network_id": "subnet",
    "security_group_id": "security group",
    "cluster_id": "dedicated pool",
    "schedule": "auto-stop",
}
ENTRY: Final[dict[str, str]] = {
    "model_id": "model",
    "specification": "specification",
    "instance_count": "number of instances",
    "weight": "weight",
    "cluster_id": "dedicated pool",
    "custom_spec": "custom resources",
    "src_type": "input kind",
    "src_path": "input path",
    "dest_path": "output path",
    "req_uri": "request URI",
    "mapping_type": "mapping type",
    "mapping_rule": "mapping rule",
    "envs": "environment variables",
}
CUSTOM_SPEC: Final[dict[str, str]] = {
    "cpu": "CPU cores",
    "memory": "memory",
    "gpu_p4": "GPU P4 cards",
    "ascend_a310": "Ascend 310 cards",
}
SCHEDULE: Final[dict[str, str]] = {"type": "schedule type", "duration": "duration", "time_unit": "time unit"}

BATCH_ONLY: Final = frozenset({"src_type", "src_path", "dest_path", "req_uri", "mapping_type", "mapping_rule"})
REAL_TIME_ONLY: Final = frozenset({"weight", "custom_spec"})

# What is left out of the body when it is empty; zeros and everything else stay as they are.
LEFT_OUT_EMPTY: Final = frozenset(
    {
        "description",
        "workspace_id",
        "vpc_id",
        "subnet_network_id",
        "security_group_id",
        "cluster_id",
        "schedule",
    }
)
ENTRY_LEFT_OUT_EMPTY: Final = frozenset({"cluster_id", "custom_spec", "envs", "src_type"})


def of_other_type(key: str, infer_type: object) -> bool:
    """Whether this key of a config entry belongs to the other inference type alone, and so is never sent."""
    return (infer_type == REAL_TIME and key in BATCH_ONLY) or (infer_type == BATCH and key in REAL_TIME_ONLY)
