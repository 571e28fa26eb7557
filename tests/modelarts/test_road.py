"""The client and the sandbox, each written from the documents: a whole life, every fault, judged by the truth."""

import json
from datetime import UTC, datetime

import pytest
import requests

from deployer.modelarts.auth import PasswordToken, SignedRequests
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import (
    CloudFault,
    LoginRefused,
    NoAnswer,
    Refused,
    Throttled,
    field_of,
)

from .roads import PROJECT, SECOND, body_for, client_of, door, token_of

CREATE = "POST /v1/*/services"


@pytest.fixture(params=["token", "keys"])
def client(request, sandbox):
    keys = SignedRequests("SANDBOXACCESSKEY", "sandbox-secret-key", PROJECT)
    client = client_of(sandbox, token_of(sandbox) if request.param == "token" else keys)
    yield client
    client.close()


def truth(sandbox):
    return requests.get(f"{sandbox.url}/_sandbox/services", timeout=5).json()


def test_a_whole_life(sandbox, client):
    client.login()
    assert client.specifications()
    body = body_for(client.models()[0].model_id)
    created = client.create_service(body)
    (real,) = truth(sandbox)
    assert real["service_id"] == created.service_id
    assert real["request"] == json.loads(body)
    seen = client.service(created.service_id)
    assert (seen.name, seen.infer_type, seen.status) == ("road", "real-time", "deploying")
    assert seen.progress is not None
    assert seen.config[0]["weight"] == 100
    assert [one.service_id for one in client.services_named("road")] == [created.service_id]
    assert client.services_named("roa") == []
    with pytest.raises(Refused) as failure:
        client.create_service(body)
    assert (failure.value.code, field_of(failure.value)) == ("ModelArts.3503", "service_name")
    door(sandbox, "advance", {"seconds": 120})
    seen = client.service(created.service_id)
    assert seen.status == "running"
    assert seen.access_address.startswith("http")
    assert client.events(created.service_id)
    assert client.delete_service(created.service_id)
    door(sandbox, "advance", {"seconds": 120})
    assert client.service(created.service_id) is None
    assert client.delete_service(created.service_id) is False


def test_the_lists_of_what_there_is(sandbox, client):
    door(sandbox, "strict", {"on": True})
    names = {one.cluster_id for one in client.clusters()}, {one.workspace_id for one in client.workspaces()}
    assert all(names)
    first = client.models()[0]
    assert first.status == "published"
    assert "real-time" in first.install_types
    assert client.model(first.model_id).name == first.name
    assert client.model("no-such-model-id") is None
    assert client.service("no-such-service-id") is None


def test_started_stopped_changed_and_their_history(sandbox, client):
    service_id = client.create_service(body_for(client.models()[0].model_id)).service_id
    door(sandbox, "advance", {"seconds": 300})
    client.stop_service(service_id)
    door(sandbox, "advance", {"seconds": 300})
    assert client.service(service_id).status == "stopped"
    client.start_service(service_id)
    door(sandbox, "advance", {"seconds": 300})
    assert client.service(service_id).status == "running"
    config = json.loads(body_for(client.models()[0].model_id))["config"]
    client.update_service(
        service_id, json.dumps({"config": [{**config[0], "instance_count": 2}], "description": "new"})
    )
    door(sandbox, "advance", {"seconds": 300})
    seen = client.service(service_id)
    assert (seen.status, seen.config[0]["instance_count"], seen.raw["description"]) == ("running", 2, "new")
    updates = client.logs(service_id)
    assert updates[0].result == "SUCCESS"
    assert updates[0].config[0]["instance_count"] == 2
    loads = client.monitor(service_id).models
    assert loads[0].model_id == config[0]["model_id"]
    assert loads[0].cpu_core_total > 0
    assert client.events(service_id, kind="normal", since=datetime(2020, 1, 1, tzinfo=UTC))
    assert client.events(service_id, until=datetime(2020, 1, 1, tzinfo=UTC)) == []


def test_several_are_deleted_in_one_call(sandbox, client):
    model_id = client.models()[0].model_id
    ids = [client.create_service(body_for(model_id, service_name=f"road-{one}")).service_id for one in range(2)]
    door(sandbox, "advance", {"seconds": 300})
    client.delete_services(ids)
    door(sandbox, "advance", {"seconds": 300})
    assert [client.service(one) for one in ids] == [None, None]


def test_many_services_come_in_pages(sandbox, client, monkeypatch):
    monkeypatch.setattr("deployer.modelarts.paging.PAGE", 2)
    model_id = client.models()[0].model_id
    for number in range(5):
        client.create_service(body_for(model_id, service_name=f"road-{number}"))
    assert [one.name for one in client.services_named("road-3")] == ["road-3"]
    page = client.list_services(offset=4, limit=2)
    assert (page.total_count, len(page.services)) == (5, 1)
    everything = list(client._every("/services", "services", "service_id"))
    assert len({row["service_id"] for row in everything}) == 5


FAULTS = [
    ("reset-before", NoAnswer, 0), ("reset-after", NoAnswer, 1), ("hang-before", NoAnswer, 0),
    ("hang-after", NoAnswer, 1), ("500-before", CloudFault, 0), ("500-after", CloudFault, 1), ("502", CloudFault, 0),
    ("503", CloudFault, 0), ("504-after", CloudFault, 1), ("429", Throttled, 0), ("malformed", NoAnswer, 1),
    ("truncated", NoAnswer, 1), ("huge", NoAnswer, 1), ("slow", NoAnswer, 1), ("redirect", CloudFault, 0),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "error", "effects"), FAULTS)
def test_every_fault_of_a_create_is_named_and_nothing_is_sent_twice(sandbox, kind, error, effects):
    client = client_of(sandbox, token_of(sandbox))
    client.login()
    model_id = client.models()[0].model_id
    door(sandbox, "faults", {"match": CREATE, "fault": kind, "times": 1, "seconds": 2})
    with pytest.raises(error):
        client.create_service(body_for(model_id))
    assert len(truth(sandbox)) == effects
    journal = requests.get(f"{sandbox.url}/_sandbox/journal", timeout=5).json()
    assert [one["method"] for one in journal if one["path"].endswith("/services")].count("POST") == 1
    assert len(client.services_named("road")) == effects


def test_a_401_once_is_healed_and_for_ever_is_not(sandbox):
    client = client_of(sandbox, token_of(sandbox))
    body = body_for(client.models()[0].model_id)
    door(sandbox, "faults", {"match": CREATE, "fault": "401", "times": 1})
    assert client.create_service(body).service_id
    door(sandbox, "faults", {"match": CREATE, "fault": "401", "times": 9})
    with pytest.raises(LoginRefused):
        client.create_service(body_for("m", service_name="road-2"))
    assert len(truth(sandbox)) == 1


@pytest.mark.parametrize("kind", ["reset-before", "502", "503", "429", "truncated"])
def test_reads_pass_over_a_fault(sandbox, kind):
    client = client_of(sandbox, token_of(sandbox), deadline=4.0)
    door(sandbox, "faults", {"match": "GET /v1/*/services", "fault": kind, "times": 1, "seconds": 1})
    assert client.services_named("road") == []


def test_wrong_credentials_and_the_wrong_project(sandbox):
    wrong = PasswordToken(sandbox.url, "demo", "wrong", "demo", project_id=PROJECT, local_allowed=True)
    with pytest.raises(LoginRefused):
        wrong.login()
    wrong_key = client_of(sandbox, SignedRequests("SANDBOXACCESSKEY", "wrong-secret-key", PROJECT))
    with pytest.raises(LoginRefused):
        wrong_key.create_service("{}")
    other = ModelArts(sandbox.url, SECOND, token_of(sandbox), local_allowed=True)
    with pytest.raises(Refused) as failure:
        other.list_services()
    assert failure.value.status == 403
    assert "project" in failure.value.for_people()


def test_a_wrong_request_brings_the_field(sandbox):
    client = client_of(sandbox, token_of(sandbox))
    with pytest.raises(Refused) as failure:
        client.create_service(body_for(client.models()[0].model_id, infer_type="sometimes"))
    assert field_of(failure.value) == "infer_type"
    assert truth(sandbox) == []
