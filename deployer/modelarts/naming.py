"""Which field of a request the cloud's own words are about."""

import re

# The request's own words, so that a refusal can be put beside its field. Longest first: the first match counts.
_TOP = (
    "service_name", "description", "infer_type", "workspace_id", "vpc_id", "subnet_network_id", "security_group_id",
    "cluster_id", "pool_name", "additional_properties", "load_balancer_policy", "service_secrets", "priority",
    "schedule", "config",
)  # fmt: skip
_ROW = (
    "model_id", "weight", "specification", "instance_count", "envs", "custom_spec", "deploy_timeout_in_seconds",
    "affinity",
)  # fmt: skip
_BATCH = ("src_type", "src_path", "dest_path", "req_uri", "mapping_type", "mapping_rule")
_STOP = ("duration", "time_unit")
_PATHS = re.compile(r"\b(?:config|schedule)\[\d+\](?:\.[A-Za-z_]\w*(?:\[\d+\])?)*")
_WORDS = re.compile(r"\b(" + "|".join((*_TOP, *_ROW, *_BATCH, *_STOP)) + r")\b")


def field_named_in(message: str) -> str | None:
    """The first path or field of the request that the cloud's own text names."""
    path = _PATHS.search(message)
    if path:
        return path.group()
    word = _WORDS.search(message)
    if word is None:
        return None
    name = word.group()
    if name in _BATCH:
        return f"config[0].{name}"  # A batch job has exactly one row: ModelArts API reference, CreateService.
    if name in _STOP:
        return f"schedule[0].{name}"
    return "config" if name in _ROW else name  # Which of several rows is meant, the text does not say.
