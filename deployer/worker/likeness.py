"""Whether a service in the cloud is what we asked for, judged by what we sent and what it shows."""

from typing import Any

COMPARED = ("weight", "specification", "instance_count", "cluster_id")
COMPARED += ("src_path", "dest_path", "req_uri", "mapping_type")


def differences(sent: dict[str, Any], shown: dict[str, Any]) -> list[str]:
    """Names of what is plainly different, empty if it is ours. The cloud may add fields and fill in defaults.

    `sent` is our request, `shown` the detail of a service. A service without a configuration proves nothing, so
    that counts as a difference. Rows are matched by model, since the order may change.
    """
    found = [name for name in ("service_name", "infer_type") if unlike(sent.get(name), shown.get(name))]
    ours, theirs = by_model(sent.get("config")), by_model(shown.get("config"))
    if ours is None or theirs is None or sorted(ours) != sorted(theirs):
        return [*found, "config"]
    for model, row in ours.items():
        found += [f"{model}.{name}" for name in COMPARED if differs(name, row, theirs[model])]
        found += [f"{model}.envs.{name}" for name in differing_envs(row.get("envs"), theirs[model].get("envs"))]
    return found


def by_model(config: Any) -> dict[str, dict[str, Any]] | None:
    """The rows of a configuration by model id; None when there is none."""
    if not isinstance(config, list) or not config:
        return None
    rows = [row for row in config if isinstance(row, dict)]
    return {str(row.get("model_id", "")): row for row in rows}


def names_models(shown: dict[str, Any]) -> bool:
    """Whether a detail says which models it has. Else it proves nothing, neither that it is ours nor that it is not."""
    config = shown.get("config")
    if not isinstance(config, list) or not config:
        return False
    return all(isinstance(row, dict) and row.get("model_id") for row in config)


def differs(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Only what both sides say can differ: the cloud leaves fields out and adds its own."""
    return name in ours and theirs.get(name) not in (None, "") and unlike(ours[name], theirs[name])


def differing_envs(ours: Any, theirs: Any) -> list[str]:
    """Variables whose value is another; names we did not send are the cloud's own."""
    if not isinstance(ours, dict) or not isinstance(theirs, dict) or not theirs:
        return []
    return [name for name, value in ours.items() if name not in theirs or unlike(value, theirs[name])]


def unlike(one: Any, other: Any) -> bool:
    """By meaning: "70", 70 and 70.0 are the same."""
    return plain(one) != plain(other)


def plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
