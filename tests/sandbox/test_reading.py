"""What may be deployed: the document's samples, and each of its rules by a refusal with its code."""

import pytest

from .conftest import DEV, PROD, Client, Sandbox, a_job, a_model, a_service, error_of
from .samples import POOL, SAMPLES

OPEN_GROUP = "16b6e77a-08fa-42c7-aa8b-106c048884e6"
SHUT_GROUP = "c0a4f7de-92b1-4d36-8e05-71f3b6a9d284"
NETWORK = {"vpc_id": "v", "subnet_network_id": "s", "security_group_id": OPEN_GROUP}


@pytest.fixture(scope="module")
def shared():
    with Sandbox() as sandbox:
        client = Client(sandbox.url)
        yield client
        client.close()


@pytest.fixture
def reading_client(shared):
    """One sandbox for the long tables, as new for each row."""
    shared.door("reset", {})
    shared.tokens.clear()
    return shared


STOP = {"type": "stop", "time_unit": "HOURS", "duration": 1}
CUSTOM = {"cpu": 1.5, "memory": 7500}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("project", [DEV, PROD])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_of_the_document_are_accepted(client, name, project, strict):
    client.door("strict", {"on": strict})
    service_id = client.made(SAMPLES[name], project=project)
    truth = client.door("services")
    assert [(one["service_id"], one["project_id"]) for one in truth] == [(service_id, project)]
    assert truth[0]["request"] == SAMPLES[name]


def real(**changes):
    return a_service(config=[a_model(**changes)])


def without(body, name):
    return {key: value for key, value in body.items() if key != name}


def two(first, second):
    return a_service(config=[a_model(weight=first), a_model(model_id="xxxxxx", weight=second)])


REFUSED = [
    # The service itself: table 2.
    ([], 400, "ModelArts.0101", "object"),
    (without(a_service(), "service_name"), 400, "ModelArts.3610", "service_name"),
    (a_service(""), 400, "ModelArts.3610", "service_name"),
    (a_service("a" * 65), 400, "ModelArts.0104", "service_name"),
    (a_service("my service"), 400, "ModelArts.0104", "service_name"),
    (a_service("dienst-\u00e4"), 400, "ModelArts.0104", "service_name"),
    (a_service("mnist\n"), 400, "ModelArts.0104", "service_name"),
    (a_service(7), 400, "ModelArts.0104", "service_name"),
    (a_service(description="d" * 101), 400, "ModelArts.0104", "description"),
    (a_service(description=1), 400, "ModelArts.0104", "description"),
    (without(a_service(), "infer_type"), 400, "ModelArts.3610", "infer_type"),
    (a_service(infer_type="realtime"), 400, "ModelArts.0104", "infer_type"),
    (a_service(infer_type="edge"), 400, "ModelArts.0104", "infer_type"),
    (a_service(workspace_id=0), 400, "ModelArts.0104", "workspace_id"),
    (a_service(workspace_id="nowhere"), 400, "ModelArts.0102", "workspace_id"),
    (a_service(vpc_id="v", security_group_id="g"), 400, "ModelArts.3610", "subnet_network_id"),
    (a_service(vpc_id="v", subnet_network_id="s"), 400, "ModelArts.3610", "security_group_id"),
    (a_service(**{**NETWORK, "security_group_id": SHUT_GROUP}), 400, "ModelArts.3534", "security_group_id"),
    (a_service(cluster_id="nowhere"), 400, "ModelArts.3547", "cluster_id"),
    (a_service(cluster_id="2d9f4b60-71ce-4a83-95e8-b0c3f6d7a125"), 400, "ModelArts.0104", "cluster_id"),
    (without(a_service(), "config"), 400, "ModelArts.3610", "config"),
    (a_service(config=[]), 400, "ModelArts.3610", "config"),
    (a_service(config={}), 400, "ModelArts.0104", "config"),
    (a_service(config=["x"]), 400, "ModelArts.0104", "config[0]"),
    # A real-time model: table 3.
    (a_service(config=[without(a_model(), "model_id")]), 400, "ModelArts.3610", "config[0].model_id"),
    (a_service(config=[without(a_model(), "weight")]), 400, "ModelArts.3610", "config[0].weight"),
    (real(weight=99), 400, "ModelArts.0104", "99"),
    (two(70, 31), 400, "ModelArts.0104", "101"),
    (two(-50, 150), 400, "ModelArts.0104", "config[0].weight"),
    (real(weight="all"), 400, "ModelArts.0104", "config[0].weight"),
    (real(weight="\u0661\u0660\u0660"), 400, "ModelArts.0104", "config[0].weight"),
    (real(weight=100.0), 400, "ModelArts.0104", "config[0].weight"),
    (real(weight=True), 400, "ModelArts.0104", "config[0].weight"),
    (a_service(config=[a_model(weight=50), a_model(weight=50)]), 400, "ModelArts.3516", "config[1].model_id"),
    (a_service(config=[without(a_model(), "specification")]), 400, "ModelArts.3610", "config[0].specification"),
    (real(specification="modelarts.vm.gpu.v100"), 400, "ModelArts.3976", "config[0].specification"),
    (real(specification="modelarts.vm.ai1.a310"), 400, "ModelArts.3976", "config[0].specification"),
    (real(specification="modelarts.vm.gpu.t4"), 400, "ModelArts.0118", "config[0].specification"),
    (a_service(config=[without(a_model(), "instance_count")]), 400, "ModelArts.3610", "config[0].instance_count"),
    (real(instance_count=0), 400, "ModelArts.0104", "config[0].instance_count"),
    (real(instance_count=-1), 400, "ModelArts.0104", "config[0].instance_count"),
    (real(instance_count="1"), 400, "ModelArts.0104", "config[0].instance_count"),
    (real(instance_count=1.5), 400, "ModelArts.0104", "config[0].instance_count"),
    (real(instance_count=129), 400, "ModelArts.3522", "config[0].instance_count"),
    (real(envs=[]), 400, "ModelArts.0104", "config[0].envs"),
    (real(envs={"EPOCH": 1}), 400, "ModelArts.0104", "config[0].envs.EPOCH"),
    (real(cluster_id="nowhere"), 400, "ModelArts.3547", "config[0].cluster_id"),
    (real(model_id="94a5e0d1-7f3c-4b82-8d16-ea07c3f59b24"), 400, "ModelArts.3515", "config[0].model_id"),
    (real(model_id="f05b92e7-3c1d-4a68-85f9-d72e6b04c1a3"), 400, "ModelArts.3589", "config[0].model_id"),
    # Custom resources: table 6.
    (real(custom_spec=[]), 400, "ModelArts.0104", "config[0].custom_spec"),
    (real(custom_spec=without(CUSTOM, "cpu")), 400, "ModelArts.3610", "config[0].custom_spec.cpu"),
    (real(custom_spec={**CUSTOM, "cpu": "2"}), 400, "ModelArts.0104", "config[0].custom_spec.cpu"),
    (real(custom_spec={**CUSTOM, "cpu": 0}), 400, "ModelArts.0104", "config[0].custom_spec.cpu"),
    (real(custom_spec=without(CUSTOM, "memory")), 400, "ModelArts.3610", "config[0].custom_spec.memory"),
    (real(custom_spec={**CUSTOM, "memory": 0.5}), 400, "ModelArts.0104", "config[0].custom_spec.memory"),
    (real(custom_spec={**CUSTOM, "gpu_p4": -1}), 400, "ModelArts.0104", "config[0].custom_spec.gpu_p4"),
    (real(custom_spec={**CUSTOM, "ascend_a310": "1"}), 400, "ModelArts.0104", "config[0].custom_spec.ascend_a310"),
    (real(custom_spec={**CUSTOM, "cpu": 25}, cluster_id=POOL), 400, "ModelArts.3952", "config[0].custom_spec"),
    # Auto-stop: table 5.
    (a_service(schedule={}), 400, "ModelArts.0104", "schedule"),
    (a_service(schedule=["stop"]), 400, "ModelArts.0104", "schedule[0]"),
    (a_service(schedule=[without(STOP, "type")]), 400, "ModelArts.3610", "schedule[0].type"),
    (a_service(schedule=[{**STOP, "type": "start"}]), 400, "ModelArts.0104", "schedule[0].type"),
    (a_service(schedule=[without(STOP, "time_unit")]), 400, "ModelArts.3610", "schedule[0].time_unit"),
    (a_service(schedule=[{**STOP, "time_unit": "WEEKS"}]), 400, "ModelArts.0104", "schedule[0].time_unit"),
    (a_service(schedule=[without(STOP, "duration")]), 400, "ModelArts.3610", "schedule[0].duration"),
    (a_service(schedule=[{**STOP, "duration": 0}]), 400, "ModelArts.3562", "schedule[0].duration"),
    (a_service(schedule=[{**STOP, "duration": "1"}]), 400, "ModelArts.0104", "schedule[0].duration"),
    (a_service(schedule=[{**STOP, "duration": 10**30}]), 400, "ModelArts.0104", "schedule[0].duration"),
    ({**a_job(), "schedule": [STOP]}, 400, "ModelArts.0104", "schedule"),
    # A batch model: table 4.
    ({**a_job(), "config": a_job()["config"] * 2}, 400, "ModelArts.0104", "config"),
    (a_job(src_type="Folder"), 400, "ModelArts.0104", "config[0].src_type"),
    (a_job(src_type="ManifestFile"), 400, "ModelArts.0104", "config[0].src_path"),
    (a_job(src_path=""), 400, "ModelArts.3610", "config[0].src_path"),
    (a_job(dest_path=None), 400, "ModelArts.3610", "config[0].dest_path"),
    (a_job(req_uri=""), 400, "ModelArts.3610", "config[0].req_uri"),
    (a_job(mapping_type=None), 400, "ModelArts.3610", "config[0].mapping_type"),
    (a_job(mapping_type="json"), 400, "ModelArts.0104", "config[0].mapping_type"),
    (a_job(mapping_type="csv"), 400, "ModelArts.3610", "config[0].mapping_rule"),
    (a_job(mapping_type="csv", mapping_rule="x"), 400, "ModelArts.0104", "config[0].mapping_rule"),
    (a_job(instance_count=0), 400, "ModelArts.0104", "config[0].instance_count"),
    (a_job(model_id="7ad4c519-f26b-4830-b7e1-0c95e3a8d642"), 400, "ModelArts.3589", "config[0].model_id"),
    (a_job(model_id="48c2f7b9-05d6-4ea1-b98e-3d6a10f4c752"), 400, "ModelArts.3514", "config[0].model_id"),
    (a_job(src_path="obs://data/no-such-path/"), 400, "ModelArts.3551", "config[0].src_path"),
    (a_job(dest_path="obs://no-such-bucket/"), 400, "ModelArts.3573", "config[0].dest_path"),
    (a_job(src_path="obs://access-denied/"), 400, "ModelArts.3567", "config[0].src_path"),
    (a_job(src_path="bad-url"), 400, "ModelArts.3572", "config[0].src_path"),
]


@pytest.mark.parametrize(("body", "status", "code", "words"), REFUSED)
def test_a_mistake_is_refused_with_its_code_and_place(reading_client, body, status, code, words):
    answer = reading_client.api("POST", "/services", json=body)
    assert error_of(answer)[:2] == (status, code), answer.text
    assert words in error_of(answer)[2]
    assert reading_client.door("services") == []


ACCEPTED = {
    "longest name": a_service("a" * 64),
    "name with a digit first": a_service("1_a-B"),
    "longest description": a_service(description="d" * 100),
    "strange words": a_service(description="\u0000\ud800 <script> \U0001f600"),
    "no description": a_service(description=None),
    "quoted weights": two("30", "70"),
    "a share of nothing": two(0, 100),
    "unknown keys": a_service(pool_name="p", config=[a_model(affinity={"mode": "required"})]),
    "unknown flavor": real(specification="modelarts.kat1.xlarge"),
    "unknown model": real(model_id="****"),
    "network": a_service(**NETWORK),
    "network beside a pool": a_service(**{**NETWORK, "security_group_id": SHUT_GROUP}, cluster_id=POOL),
    "no schedule": a_service(schedule=[]),
    "a fraction of an NPU": real(custom_spec={**CUSTOM, "ascend_a310": 0.5}),
    "both accelerators": real(custom_spec={**CUSTOM, "gpu_p4": 1, "ascend_a310": 1}),
    "manifest": a_job(src_type="ManifestFile", src_path="obs://data/list.manifest"),
    "weight on a batch job": a_job(weight="x"),
    "a column of no use": a_job(mapping_type="csv", mapping_rule={"type": "string", "index": -1}),
    "another workspace": a_service(workspace_id="6f4e1d0c2b3a49588776655443322110"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_the_document_leaves_open_is_accepted(reading_client, name):
    service_id = reading_client.made(ACCEPTED[name])
    assert reading_client.door("services")[0]["request"] == ACCEPTED[name]
    assert reading_client.status(service_id) == "deploying"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (real(model_id="unheard-of"), 404, "ModelArts.3507"),
        (real(specification="modelarts.kat1.xlarge"), 400, "ModelArts.0104"),
        (a_job(req_uri="/other"), 400, "ModelArts.0104"),
        (a_job(specification="modelarts.vm.cpu.8u"), 400, "ModelArts.0104"),
    ],
)
def test_the_strict_sandbox_knows_its_catalog(client, body, status, code):
    client.door("strict", {"on": True})
    assert error_of(client.api("POST", "/services", json=body))[:2] == (status, code)
    client.door("strict", {"on": False})
    assert client.api("POST", "/services", json=body).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"service_name": NaN}',
        b'{"service_name": 1e999}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"x": ' + b"[" * 300 + b"]" * 300 + b"}",
        b'{"x": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_not_json_is_0101(client, text):
    assert error_of(client.api("POST", "/services", data=text))[:2] == (400, "ModelArts.0101")
    assert client.create().status_code == 200, "the sandbox goes on"


def test_a_name_is_taken_once_per_project(client):
    client.made()
    assert error_of(client.create())[:2] == (409, "ModelArts.3503")
    client.made(project=PROD)
    client.api("DELETE", f"/services/{client.door('services')[0]['service_id']}")
    client.made()


def test_twenty_real_time_services_fill_the_quota_of_a_project(client):
    for number in range(20):
        client.made(a_service(f"s{number}"))
    assert error_of(client.create())[:2] == (400, "ModelArts.3520")
    client.made(project=PROD)
    client.made(a_job())
    client.made(a_service("pooled", cluster_id=POOL))
    client.api("DELETE", f"/services/{client.door('services')[0]['service_id']}")
    client.made()
