"""Ways to the sandbox for the tests that walk the whole road."""

import json

import requests

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.client import ModelArts

PROJECT, SECOND = "5a0d80b5c0de4c0fa11ab1e5eed00001", "5a0d80b5c0de4c0fa11ab1e5eed00002"


def token_of(sandbox, **more):
    facts = {"project_id": PROJECT, "local_allowed": True, **more}
    return PasswordToken(sandbox.url, "demo", "demo", "demo", **facts)


def client_of(sandbox, auth, **more):
    facts = {"timeout": (0.5, 0.4), "deadline": 1.0, "local_allowed": True, **more}
    return ModelArts(sandbox.url, PROJECT, auth, **facts)


def body_for(model_id, **more):
    row = {"model_id": model_id, "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    return json.dumps({"service_name": "road", "infer_type": "real-time", "config": [row], **more})


def door(sandbox, name, found):
    requests.post(f"{sandbox.url}/_sandbox/{name}", json=found, timeout=5).raise_for_status()
