"""Networks, page after page, and the one rule that a security group must have."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.modelarts import network
from deployer.modelarts.errors import NoAnswer
from deployer.modelarts.network import Network, opens_8080, rule
from deployer.modelarts.signing import SignedRequests

from .clouds import says
from .test_histories import query_of
from .test_parsing import VALUES


@pytest.fixture
def net(cloud):
    auth = SignedRequests("AK-1", "secret-key-1", "p1")
    net = Network(cloud.url, "p1", auth, timeout=(1, 0.6), deadline=1.2, local_allowed=True, sleep=lambda _: None)
    yield net
    net.close()


OPEN = {
    "id": "r1", "security_group_id": "g1", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp",
    "port_range_min": 8080, "port_range_max": 8080, "remote_ip_prefix": "0.0.0.0/0", "remote_group_id": None,
}  # fmt: skip

OPENING = [
    {}, {"protocol": None}, {"protocol": ""}, {"protocol": "TCP"}, {"protocol": 6}, {"port_range_min": None},
    {"port_range_max": None}, {"port_range_min": None, "port_range_max": None}, {"port_range_min": 1},
    {"port_range_min": "8000", "port_range_max": "9000"}, {"port_range_max": 65535}, {"ethertype": None},
    {"direction": "Ingress"}, {"port_range_min": "", "port_range_max": ""},
]  # fmt: skip
CLOSED = [
    {"direction": "egress"}, {"direction": None}, {"ethertype": "IPv6"}, {"protocol": "udp"}, {"protocol": "icmp"},
    {"protocol": 17}, {"protocol": ["tcp"]}, {"protocol": {}}, {"port_range_min": 8081}, {"port_range_max": 8079},
    {"port_range_min": 443, "port_range_max": 443}, {"port_range_min": "some", "port_range_max": "any"},
    {"port_range_min": "x"}, {"port_range_max": {}}, {"port_range_min": -5, "port_range_max": 99999},
    {"remote_ip_prefix": "10.20.0.0/16"}, {"remote_ip_prefix": None}, {"remote_ip_prefix": "::/0"},
    {"remote_ip_prefix": None, "remote_group_id": "g1"}, {"remote_ip_prefix": "0.0.0.0/1"}, {"action": "deny"},
]  # fmt: skip


@pytest.mark.parametrize("change", OPENING, ids=str)
def test_rules_that_let_8080_in(change):
    assert opens_8080([{**OPEN, **change}])
    assert opens_8080([rule({**OPEN, "direction": "egress"}), rule({**OPEN, **change})])


@pytest.mark.parametrize("change", CLOSED, ids=str)
def test_rules_that_do_not(change):
    assert not opens_8080([{**OPEN, **change}])
    assert not opens_8080([])


def test_a_rule_that_names_nobody_is_not_known():
    nobody = {**OPEN, "remote_ip_prefix": None}
    assert opens_8080([nobody]) is None
    assert opens_8080([nobody, OPEN]) is True
    assert opens_8080([{**nobody, "action": "deny"}]) is False
    assert opens_8080([{**nobody, "direction": "egress"}]) is False
    assert opens_8080([{**nobody, "remote_group_id": "g1"}]) is False
    assert opens_8080([{**nobody, "remote_address_group_id": "a1"}]) is False
    assert opens_8080([{**OPEN, "action": "allow"}]) is True


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from(list(OPEN)), VALUES), max_size=3))
def test_rules_of_nonsense_raise_nothing(rows):
    assert opens_8080(rows) in (True, False, None)


def test_what_networks_are_made_of(cloud, net):
    cloud.acts = [says({"vpcs": [{"id": "v1", "name": "prod", "cidr": "10.0.0.0/8", "status": "OK"}, 3]})]
    (seen,) = net.vpcs()
    assert (seen.vpc_id, seen.name, seen.cidr, seen.status) == ("v1", "prod", "10.0.0.0/8", "OK")
    assert (cloud.heard[-1].path, cloud.heard[-1].method) == ("/v1/p1/vpcs?limit=500", "GET")

    rows = [
        {"id": "n1", "neutron_network_id": "n1", "neutron_subnet_id": "wrong", "name": "a", "vpc_id": "v1"},
        {"id": "n2", "neutron_subnet_id": "wrong", "status": "ERROR"},
        {"neutron_network_id": "n3"},
    ]
    cloud.acts = [says({"subnets": rows})]
    assert [one.network_id for one in net.subnets("v1")] == ["n1", "n2", "n3"]
    assert query_of(cloud.heard[-1]) == {"vpc_id": "v1", "limit": "500"}

    cloud.acts = [says({"security_groups": [{"id": "g1", "name": "open", "security_group_rules": [OPEN, "x"]}, {}]})]
    first, second = net.security_groups("v1")
    assert (first.group_id, first.name, opens_8080(first.rules), second.rules) == ("g1", "open", True, ())

    cloud.acts = [says({"security_group_rules": [OPEN]})]
    (seen,) = net.rules("g1")
    assert (seen.rule_id, seen.group_id, seen.port_min, seen.ethertype) == ("r1", "g1", 8080, "ipv4")
    assert query_of(cloud.heard[-1])["security_group_id"] == "g1"


def test_lists_go_on_after_the_last_id(cloud, net, monkeypatch):
    monkeypatch.setattr(network, "_PAGE", 2)
    cloud.acts = [
        says({"vpcs": [{"id": f"v{start + step}"} for step in range(min(2, 5 - start))]}) for start in (0, 2, 4)
    ]
    assert [one.vpc_id for one in net.vpcs()] == ["v0", "v1", "v2", "v3", "v4"]
    assert [query_of(one).get("marker") for one in cloud.heard] == [None, "v1", "v3"]


def test_a_list_that_ignores_the_marker_comes_to_an_end(cloud, net, monkeypatch):
    monkeypatch.setattr(network, "_PAGE", 2)
    cloud.acts = [says({"vpcs": [{"id": "v0"}, {"id": "v1"}]})]
    assert len(net.vpcs()) == 2
    cloud.acts = [says({"vpcs": [{"name": "no id"}, {"name": "no id either"}]})]
    assert len(net.vpcs()) == 1


@pytest.mark.parametrize("found", [{}, [], {"vpcs": {}}])
def test_no_list_is_no_answer(cloud, net, found):
    cloud.acts = [says(found)]
    with pytest.raises(NoAnswer):
        net.vpcs()
