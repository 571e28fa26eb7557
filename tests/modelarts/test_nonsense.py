"""Whatever JSON a cloud sends, every method answers with rows or raises one of our errors."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.modelarts import answers, network
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import ModelArtsError
from deployer.modelarts.iam import find_projects
from deployer.modelarts.network import Network
from deployer.modelarts.signing import SignedRequests

from . import clouds
from .clouds import says
from .test_parsing import VALUES

NAMES = (
    "services", "models", "specifications", "clusters", "items", "workspaces", "events", "logs", "monitors", "vpcs",
    "subnets", "security_groups", "security_group_rules", "projects", "total_count", "service_id", "service_name",
    "status", "progress", "due_time", "config", "model_id", "install_type", "apis", "input_params", "metadata",
    "spec", "resources", "available", "scope", "labels", "name", "id", "occur_time", "update_time", "result",
    "cpu_core_usage", "cpu_memory_total", "nodes", "count", "allocatable_memory", "error_code", "error_msg",
    "is_open", "direction", "protocol", "port_range_min", "is_domain", "enabled",
)  # fmt: skip
ROWS = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    max_leaves=8,
)
ANSWERS = ROWS | st.dictionaries(st.sampled_from(NAMES), st.lists(ROWS, max_size=3), min_size=1)

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]  # Two cores are shared with much else.

CALLS = {
    "create": lambda cloud: cloud.create_service("{}"),
    "list": lambda cloud: cloud.list_services(),
    "named": lambda cloud: cloud.services_named("a"),
    "show": lambda cloud: cloud.service("s1"),
    "update": lambda cloud: cloud.update_service("s1", "{}"),
    "start": lambda cloud: cloud.start_service("s1"),
    "stop": lambda cloud: cloud.stop_service("s1"),
    "delete": lambda cloud: cloud.delete_service("s1"),
    "delete several": lambda cloud: cloud.delete_services(["s1", "s2"]),
    "events": lambda cloud: cloud.events("s1"),
    "logs": lambda cloud: cloud.logs("s1"),
    "monitor": lambda cloud: cloud.monitor("s1"),
    "specifications": lambda cloud: cloud.specifications(),
    "models": lambda cloud: cloud.models(name="a", exact=True),
    "model": lambda cloud: cloud.model("m1"),
    "clusters": lambda cloud: cloud.clusters(),
    "pools": lambda cloud: [(one.is_running, one.takes_services) for one in cloud.pools()],
    "workspaces": lambda cloud: cloud.workspaces(),
    "vpcs": lambda cloud: cloud.vpcs(),
    "subnets": lambda cloud: cloud.subnets(),
    "groups": lambda cloud: [network.opens_8080(one.rules) for one in cloud.security_groups("v")],
    "rules": lambda cloud: network.opens_8080(cloud.rules("g")),
    "projects": lambda cloud: find_projects(cloud.endpoint, cloud._auth, timeout=(1, 1), local_allowed=True),
}


@pytest.fixture
def both(cloud):
    """A client of ModelArts and of its networks, on one cloud that never waits."""
    auth = SignedRequests("AK-1", "secret-key-1", "p1")
    roads = {"timeout": (1, 1), "deadline": 2, "local_allowed": True, "sleep": lambda _: None}
    both = ModelArts(cloud.url, "p1", auth, **roads), Network(cloud.url, "p1", auth, **roads)
    yield both
    for client in both:
        client.close()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(value=ANSWERS, status=st.sampled_from([200, 200, 200, 200, 201, 400, 401, 403, 404, 409, 500]))
def test_every_method_reads_any_json(cloud, both, call, value, status):
    modelarts, networks = both
    cloud.acts = cloud.logins = [says(value, status)]
    client = networks if call in (CALLS[name] for name in ("vpcs", "subnets", "groups", "rules")) else modelarts
    with contextlib.suppress(ModelArtsError):
        call(client)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(row=st.dictionaries(st.sampled_from(NAMES), ROWS))
def test_every_row_can_be_read(row):
    for read in (
        answers.service, answers.model, answers.specification, answers.event, answers.update, answers.load,
        answers.cluster, answers.pool, answers.workspace, network.vpc, network.subnet, network.group, network.rule,
    ):  # fmt: skip
        assert read(row).raw == row


@pytest.mark.parametrize("status", ["deploying", "waiting", "pending", "stopping", "deleting", "HIBERNATING", "", None])
def test_statuses_pass_as_they_came(cloud, both, status):
    cloud.acts = [says({"service_id": "s1", "infer_type": "edge", "status": status})]
    seen = both[0].service("s1")
    assert (seen.status, seen.infer_type) == (status or "", "edge")


ODD = {
    "slow": clouds.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b" " * 900), "huge": clouds.huge,
    "truncated": clouds.truncated, "reset": clouds.reset,
    "no HTTP": lambda line, heard: line.sendall(b"hello\r\n\r\n"),
    "odd head": lambda line, heard: line.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n{}"),
    "many heads": lambda line, heard: line.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}"),
    "odd length": lambda line, heard: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}"),
    "odd chunks": lambda line, heard: line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"),
    "deep": clouds.answer("[" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("act", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("name", ["models", "pools", "monitor", "stop"])
def test_broken_answers_are_our_errors(cloud, client_of, monkeypatch, act, name):
    monkeypatch.setattr("deployer.modelarts.calls.READ_TRIES", 1)
    client = client_of(cloud, auth=SignedRequests("AK-1", "secret-key-1", "p1"), deadline=0.5)
    cloud.acts = [act]
    with pytest.raises(ModelArtsError):
        CALLS[name](client)
