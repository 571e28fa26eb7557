"""Small builders of request bodies: sound by default, one thing changed at a time."""

from typing import Any

Body = dict[str, Any]

POOL = "8abf68a969c3cb3a0169c4acb24b0000"


def without(body: Body, *keys: str) -> Body:
    """The body without these keys."""
    return {key: value for key, value in body.items() if key not in keys}


def entry(model_id: Any = "model-a", **changed: Any) -> Body:
    """One real-time model."""
    return {
        "model_id": model_id,
        "weight": 100,
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
        **changed,
    }


def entry_without(key: str, model_id: str = "model-a") -> Body:
    """One real-time model without a key."""
    return without(entry(model_id), key)


def real_time(**changed: Any) -> Body:
    """A real-time service of one model."""
    return {"service_name": "mnist", "infer_type": "real-time", "config": [entry()], **changed}


def job(model_id: str = "model-a", **changed: Any) -> Body:
    """The one model of a batch service."""
    return {
        "model_id": model_id,
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
        "src_path": "https://data.obs.example.com/in/",
        "dest_path": "https://data.obs.example.com/out/",
        "req_uri": "/",
        "mapping_type": "file",
        **changed,
    }


def job_without(key: str) -> Body:
    """A batch model without a key."""
    return without(job(), key)


def batch(only: Body | None = None, **changed: Any) -> Body:
    """A batch service of one model; what is changed is changed in the model."""
    return {"service_name": "nightly", "infer_type": "batch", "config": [{**(only or job()), **changed}]}


def leaf(index: Any, kind: str = "number") -> Body:
    """One input of a mapping rule."""
    return {"type": kind, "index": index}


def rule(**properties: Any) -> Body:
    """A mapping rule with these inputs."""
    return {"type": "object", "properties": properties}


def csv_batch(mapping_rule: Any = ...) -> Body:
    """A batch service that maps CSV columns."""
    return batch(mapping_type="csv", mapping_rule=rule(a=leaf(0), b=leaf(1)) if mapping_rule is ... else mapping_rule)


def custom(**changed: Any) -> Body:
    """The custom specification with its resources."""
    return {"specification": "custom", "custom_spec": {"cpu": 1.5, "memory": 7500, **changed}}


def vpc(**changed: Any) -> Body:
    """A VPC with its two companions."""
    return {"vpc_id": "vpc", "subnet_network_id": "subnet", "security_group_id": "group", **changed}


def stop(**changed: Any) -> Body:
    """One schedule item: stop after two hours."""
    return {"type": "stop", "time_unit": "HOURS", "duration": 2, **changed}
