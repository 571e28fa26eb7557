"""The VPC service: networks, subnets, security groups and their rules, to be picked from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .calls import Answer, Call

if TYPE_CHECKING:
    from .cloud import Cloud

VPC_PROD = "3ec3b33f-ac1c-4630-ad1c-7dba1ed79d85"
VPC_LAB = "13551d6b-755d-4757-b956-536f674975c0"
GROUP_OPEN = "16b6e77a-08fa-42c7-aa8b-106c048884e6"
GROUP_SHUT = "c0a4f7de-92b1-4d36-8e05-71f3b6a9d284"
MOST = 2000

GROUP_LAB = "5b71d8a2-0e4c-4f93-96d7-a3e8c1f5024b"
GROUP_RANGE = "7c3f90e4-5d18-4a2b-8e67-d1b06f9a2c53"
GROUP_INNER = "e08d5b26-c9f1-4375-a0b4-2f7e6c81d934"

VPCS = [
    {"id": VPC_PROD, "name": "vpc-ml-prod", "cidr": "10.20.0.0/16"},
    {"id": VPC_LAB, "name": "vpc-lab", "cidr": "192.168.0.0/16"},
]
SUBNETS = [
    {"id": "4779ab1c-7c1a-44b1-a02e-93dfc361b32d", "name": "subnet-a", "cidr": "10.20.4.0/24", "vpc_id": VPC_PROD},
    {"id": "ab78be2d-782f-42a5-aa72-35879f6890ff", "name": "subnet-b", "cidr": "10.20.5.0/24", "vpc_id": VPC_PROD},
    {"id": "d16f04b8-5e2a-4c97-b3d1-860ae9f72c45", "name": "subnet-lab", "cidr": "192.168.1.0/24", "vpc_id": VPC_LAB},
    {
        "id": "8e5c0d37-b2a9-4f64-91c8-7d3e6a0f1b52",
        "name": "subnet-broken",
        "cidr": "192.168.9.0/24",
        "vpc_id": VPC_LAB,
        "status": "ERROR",
    },
]
GROUPS = [
    {"id": GROUP_OPEN, "name": "sg-inference", "vpc_id": VPC_PROD},
    {"id": GROUP_SHUT, "name": "sg-closed", "vpc_id": VPC_PROD},
    {"id": GROUP_LAB, "name": "sg-lab", "vpc_id": VPC_LAB},
    {"id": GROUP_RANGE, "name": "sg-range", "vpc_id": VPC_LAB},
    {"id": GROUP_INNER, "name": "sg-inner", "vpc_id": VPC_LAB},
]


def _rule(rule_id: str, group_id: str, direction: str, **more: Any) -> dict[str, Any]:
    rule = {
        "id": rule_id,
        "security_group_id": group_id,
        "direction": direction,
        "ethertype": "IPv4",
        "protocol": None,
        "port_range_min": None,
        "port_range_max": None,
        "remote_ip_prefix": None,
        "remote_group_id": None,
        "description": "",
    }
    return {**rule, **more}


_ANYONE = {"remote_ip_prefix": "0.0.0.0/0"}  # noqa: S104  a rule of a firewall, nothing binds to it
_PORT = {"protocol": "tcp", "port_range_min": 8080, "port_range_max": 8080}
RULES = [
    _rule("a1f0", GROUP_OPEN, "ingress", **_ANYONE, **_PORT),
    _rule("a1f1", GROUP_OPEN, "egress", **_ANYONE),
    _rule("b2e0", GROUP_SHUT, "ingress", remote_ip_prefix="10.20.0.0/16", **_PORT),
    _rule("b2e1", GROUP_SHUT, "ingress", **_ANYONE, protocol="tcp", port_range_min=443, port_range_max=443),
    _rule("c3d0", GROUP_LAB, "ingress", **_ANYONE),
    _rule("d4c0", GROUP_RANGE, "ingress", **_ANYONE, protocol="tcp", port_range_min=8000, port_range_max=9000),
    # Close to open, and not open: from its own group, over IPv6, by UDP, outwards.
    _rule("e5b0", GROUP_INNER, "ingress", remote_group_id=GROUP_INNER, **_PORT),
    _rule("e5b1", GROUP_INNER, "ingress", remote_ip_prefix="::/0", ethertype="IPv6", **_PORT),
    _rule("e5b2", GROUP_INNER, "ingress", **_ANYONE, **{**_PORT, "protocol": "udp"}),
    _rule("e5b3", GROUP_INNER, "egress", **_ANYONE, **_PORT),
]


def lets_inference_in(group_id: str) -> bool:
    """Does the group let TCP from anywhere to port 8080? Unknown groups are taken as open."""
    rules = [rule for rule in RULES if rule["security_group_id"] == group_id]
    return not rules or any(_admits(rule) for rule in rules)


def _admits(rule: dict[str, Any]) -> bool:
    # An empty protocol is every protocol, and an empty port range every port: VPC API reference.
    low, high = rule["port_range_min"] or 1, rule["port_range_max"] or 65535
    inbound = rule["direction"] == "ingress" and rule["remote_ip_prefix"] == _ANYONE["remote_ip_prefix"]
    return inbound and rule["ethertype"] == "IPv4" and rule["protocol"] in (None, "tcp") and low <= 8080 <= high


def _listed(call: Call, rows: list[dict[str, Any]], *filters: str) -> list[dict[str, Any]]:
    for name in filters:
        if call.query.get(name):
            rows = [row for row in rows if row.get(name) == call.query[name]]
    marker = call.query.get("marker")
    places = [place for place, row in enumerate(rows) if row["id"] == marker]
    if places:
        rows = rows[places[0] + 1 :]
    return rows[: call.whole("limit", MOST, most=MOST)]


def list_vpcs(cloud: Cloud, call: Call) -> Answer:
    more = {"description": "", "status": "OK", "enterprise_project_id": "0", "routes": []}
    rows = [{**vpc, **more} for vpc in VPCS]
    return Answer(200, {"vpcs": _listed(call, rows, "id", "enterprise_project_id")})


def list_subnets(cloud: Cloud, call: Call) -> Answer:
    rows = []
    for subnet in _listed(call, SUBNETS, "vpc_id"):
        gateway = subnet["cidr"].rpartition(".")[0] + ".1"
        more = {"gateway_ip": gateway, "dhcp_enable": True, "status": "ACTIVE", "availability_zone": "region-1-a"}
        # The console's "Network ID" is id and neutron_network_id; neutron_subnet_id is another thing.
        ids = {"neutron_network_id": subnet["id"], "neutron_subnet_id": subnet["id"][::-1]}
        rows.append({**more, **subnet, **ids, "dnsList": []})
    return Answer(200, {"subnets": rows})


def list_groups(cloud: Cloud, call: Call) -> Answer:
    rows = []
    for group in _listed(call, GROUPS, "vpc_id"):
        rules = [rule for rule in RULES if rule["security_group_id"] == group["id"]]
        more = {"description": "", "enterprise_project_id": "0", "security_group_rules": rules}
        rows.append({**group, **more})
    return Answer(200, {"security_groups": rows})


def list_rules(cloud: Cloud, call: Call) -> Answer:
    return Answer(200, {"security_group_rules": _listed(call, RULES, "security_group_id", "remote_ip_prefix")})
