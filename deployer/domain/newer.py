"""The newer fields of a request, which the seed document does not have: their words, their order, their shape.

Sources: ModelArts API reference of 2025-08 (CreateService) and, where it is silent or contradicts itself, the public
Terraform provider (resource `modelarts_service`).
"""

from typing import Final, TypeAlias

# How a form takes a request apart: a key is a control of a kind (see `typed`), an object, or a list of equal objects.
Node: TypeAlias = "str | dict[str, Node] | list[dict[str, Node]]"
Tree: TypeAlias = dict[str, Node]

# Order is the order of the form. Values are the words people read.
SERVICE: Final[dict[str, str]] = {
    "pool_name": "pool name",
    "load_balancer_policy": "load balancing",
    "priority": "priority",
    "service_secrets": "mounted secrets",
    "additional_properties": "additional properties",
}
ENTRY: Final[dict[str, str]] = {
    "pool_name": "pool name",
    "deploy_timeout_in_seconds": "deployment timeout",
    "additional_properties": "additional properties",
    "affinity": "node affinity",
}
PROPERTIES: Final[dict[str, str]] = {
    "smn_notification": "SMN notification",
    "log_report_channels": "log channels",
    "websocket_upgrade": "WebSocket upgrade",
}
NOTIFICATION: Final[dict[str, str]] = {"topic_urn": "SMN topic", "events": "events told of"}
ENTRY_PROPERTIES: Final[dict[str, str]] = {
    "max_surge": "most instances above the count",
    "max_unavailable": "most instances missing",
    "termination_grace_period_seconds": "time to end",
    "log_volume": "log volumes",
    "persistent_volumes": "persistent volumes",
}
# Known only to be said: edge services are not composed here (decision 8).
NODES: Final = "nodes"

# The misspelt mouthPath is the API's own name. Event ids beyond 1, 3, 7 and 11: Terraform provider.
SERVICE_TREE: Final[Tree] = {
    "pool_name": "text",
    "load_balancer_policy": "choice",
    "priority": "integer",
    "service_secrets": [{"secretId": "text", "mouthPath": "text"}],
    "additional_properties": {
        "smn_notification": {"topic_urn": "text", "events": "numbers"},
        "log_report_channels": [
            {"type": "choice", "configuration": {"log_group_id": "text", "log_stream_id": "text"}},
        ],
        "websocket_upgrade": "flag",
    },
}
ENTRY_TREE: Final[Tree] = {
    "pool_name": "text",
    "deploy_timeout_in_seconds": "integer",
    "additional_properties": {
        "max_surge": "decimal",
        "max_unavailable": "decimal",
        "termination_grace_period_seconds": "integer",
        "log_volume": "json",
        "persistent_volumes": "json",
    },
    "affinity": "json",
}
EVENTS: Final[dict[int, str]] = {1: "failed", 2: "stopped", 3: "running", 7: "concerning", 9: "deleted", 11: "pending"}
POLICIES: Final = ("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP")
PRIORITIES: Final = (1, 2, 3)
CHANNEL: Final = "LTS"  # the only type of a log channel
STORAGE: Final = "sfs_turbo"  # the only type of a persistent volume
# Where the tables do not call a part mandatory, and nothing is known to work without it.
OR_REFUSED: Final = "The cloud may refuse it otherwise."
MODES: Final = ("required", "preferred")
