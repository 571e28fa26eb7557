"""What lies beside the services, against the sandbox: networks, pools, models, projects, and the connection test."""

from datetime import UTC, datetime

import pytest

from deployer.modelarts.auth import PasswordToken, SignedRequests
from deployer.modelarts.diagnosis import diagnose
from deployer.modelarts.errors import LoginRefused
from deployer.modelarts.iam import find_projects
from deployer.modelarts.network import Network, opens_8080

from .roads import PROJECT, SECOND, client_of, door, token_of


@pytest.fixture(params=["token", "keys"])
def client(request, sandbox):
    keys = SignedRequests("SANDBOXACCESSKEY", "sandbox-secret-key", PROJECT)
    client = client_of(sandbox, token_of(sandbox) if request.param == "token" else keys)
    yield client
    client.close()


def test_networks_and_their_rule(sandbox, client):
    network = Network(sandbox.url, PROJECT, client._auth, timeout=(1, 1), deadline=3, local_allowed=True)
    vpcs = network.vpcs()
    assert len(vpcs) >= 2
    subnets = network.subnets(vpcs[0].vpc_id)
    assert subnets
    assert {one.vpc_id for one in subnets} == {vpcs[0].vpc_id}
    assert len(network.subnets()) > len(subnets)
    groups = network.security_groups()
    assert {opens_8080(one.rules) for one in groups} == {True, False}
    for group in groups:
        assert opens_8080(network.rules(group.group_id)) == opens_8080(group.rules)
    network.close()


def test_pools_of_both_kinds(client):
    assert any(pool.is_running and pool.takes_services and pool.available for pool in client.pools())
    assert any(cluster.is_running and cluster.allocatable_cpu_cores for cluster in client.clusters())
    assert client.specifications("batch", personal=True)


def test_a_model_with_all_it_declares(client):
    models = [client.model(one.model_id) for one in client.models(status="published")]
    assert any(model.apis and model.config and model.input_params for model in models)
    names = {one.name for one in models}
    for name in names:
        found = client.models(name=name, exact=True)
        assert {one.name for one in found} == {name}


def test_a_person_finds_the_project(sandbox):
    person = {"username": "demo", "password": "demo", "domain": "demo", "local_allowed": True}
    for region in ("region-1", "", "no-such-region"):
        found = {one.name: one.id for one in find_projects(sandbox.url, region=region, **person)}
        assert (found["region-1"], found["region-1_prod"]) == (PROJECT, SECOND)
    with pytest.raises(LoginRefused):
        find_projects(sandbox.url, region="region-1", **{**person, "password": "wrong"})


def test_the_connection_test(sandbox):
    def states(auth, project=PROJECT, endpoint=sandbox.url, iam=sandbox.url):
        steps = diagnose(endpoint, iam, auth, project, timeout=(1, 1), deadline=3, local_allowed=True)
        return "".join(step.state[0] for step in steps), [step.cause for step in steps if step.cause]

    keys = SignedRequests("SANDBOXACCESSKEY", "sandbox-secret-key", PROJECT)
    assert states(token_of(sandbox)) == states(keys) == ("oooooo", [])
    assert states(token_of(sandbox), SECOND) == ("ooofos", ["project"])
    assert states(keys, SECOND) == ("ooofos", ["project"])
    assert states(token_of(sandbox, project_id="no-such-project")) == ("ooofos", ["project"])
    wrong = PasswordToken(sandbox.url, "demo", "wrong", "demo", project_id=PROJECT, local_allowed=True)
    assert states(wrong) == ("oofsos", ["credentials"])
    assert states(SignedRequests("SANDBOXACCESSKEY", "wrong", PROJECT)) == ("oofsos", ["keys"])
    late = SignedRequests(
        "SANDBOXACCESSKEY", "sandbox-secret-key", PROJECT, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC)
    )
    assert states(late) == ("oofsos", ["keys"])
    assert states(token_of(sandbox), endpoint=sandbox.url + "/elsewhere") == ("oooofs", ["not_modelarts"])
    nowhere = PasswordToken(sandbox.url + "/elsewhere", "demo", "demo", "demo", project_id=PROJECT, local_allowed=True)
    assert states(nowhere, iam=sandbox.url + "/elsewhere")[1] == ["not_iam"]


TOLD = [
    ("redirect", "redirect"), ("503", "fault"), ("429", "busy"), ("hang-before", "read_timeout"),
    ("reset-before", "broken"), ("malformed", "not_modelarts"), ("401", "credentials"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "cause"), TOLD)
def test_the_connection_test_names_every_fault(sandbox, kind, cause):
    door(sandbox, "faults", {"match": "GET /v1/*/services", "fault": kind, "times": 9, "seconds": 2})
    steps = diagnose(
        sandbox.url, sandbox.url, token_of(sandbox), PROJECT, timeout=(1, 0.4), deadline=1, local_allowed=True
    )
    assert [step.cause for step in steps if step.cause] == [cause]
