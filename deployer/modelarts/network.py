"""The VPC service: networks, subnets, security groups and their rules, for pickers and for one check before sending.

Its host is another one (vpc.{region} …), its login the same. Lists go on after a marker: VPC API reference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deployer.modelarts.calls import Calls
from deployer.modelarts.paging import by_marker
from deployer.modelarts.reading import listed, text, whole

SERVICE_PORT = 8080  # What a service listens on: ModelArts API reference, CreateService, security_group_id.
_ANYWHERE = "0.0.0.0/0"  # noqa: S104  the source of a rule; nothing binds to it
# Up to 2000 are allowed. A group brings its rules along, and an answer may have 1 MiB.
_PAGE, _PAGE_OF_GROUPS = 500, 100
_LAST_PORT = 65_535


@dataclass(frozen=True)
class VpcSeen:
    """A network; `status` is OK when it can be used."""

    vpc_id: str
    name: str
    cidr: str
    status: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class SubnetSeen:
    """A part of a network; `status` is ACTIVE when it can be used.

    `network_id` is what a request calls subnet_network_id, the console's "Network ID": never neutron_subnet_id.
    """

    network_id: str
    name: str
    cidr: str
    vpc_id: str
    status: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class RuleSeen:
    """One rule of a security group, in lower case. An empty protocol is every protocol, no ports are all ports."""

    rule_id: str
    group_id: str
    direction: str  # ingress, egress
    ethertype: str  # ipv4, ipv6
    protocol: str
    port_min: int | None
    port_max: int | None
    remote_ip_prefix: str
    remote_group_id: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class GroupSeen:
    """A security group. Its vpc_id is only a hint: a group may be used in other networks too."""

    group_id: str
    name: str
    vpc_id: str
    rules: tuple[RuleSeen, ...]
    raw: dict[str, Any]


class Network(Calls):
    """The networks of one project. Safe to share between threads; `endpoint` like https://vpc.eu-de.otc.t-systems.com.

    Each method raises NotSent, LoginRefused, Throttled, Refused, NoAnswer or CloudFault, and nothing else.
    """

    def vpcs(self) -> list[VpcSeen]:
        """Every network of the project."""
        return [vpc(row) for row in self._all("/vpcs", "vpcs", _PAGE)]

    def subnets(self, vpc_id: str | None = None) -> list[SubnetSeen]:
        """The subnets of one network, or of all."""
        return [subnet(row) for row in self._all("/subnets", "subnets", _PAGE, vpc_id=vpc_id)]

    def security_groups(self, vpc_id: str | None = None) -> list[GroupSeen]:
        """The security groups of one network, or of all, with their rules."""
        rows = self._all("/security-groups", "security_groups", _PAGE_OF_GROUPS, vpc_id=vpc_id)
        return [group(row) for row in rows]

    def rules(self, group_id: str) -> list[RuleSeen]:
        """The rules of one security group."""
        rows = self._all("/security-group-rules", "security_group_rules", _PAGE, security_group_id=group_id)
        return [rule(row) for row in rows]

    def _all(self, path: str, key: str, limit: int, **query: Any) -> Iterable[dict[str, Any]]:
        return by_marker(self._pages_of(path, query), key, limit=limit)


def opens_8080(rules: Iterable[RuleSeen | Mapping[str, Any]]) -> bool | None:
    """Whether a group with these rules lets TCP 8080 in from anywhere; without that, creating fails with 3534.

    Takes rules as read here, or as the cloud sends them. What cannot be read opens nothing. None where a rule names
    neither addresses nor a group: that may mean everybody, and no document says so.
    Source: ModelArts API reference, CreateService, security_group_id; VPC API reference, security group rules.
    """
    seen = [one if isinstance(one, RuleSeen) else rule(one) for one in rules]
    lets_in = [one for one in seen if _lets_in(one)]
    if any(one.remote_ip_prefix == _ANYWHERE for one in lets_in):
        return True
    return None if any(_names_nobody(one) for one in lets_in) else False


def _names_nobody(seen: RuleSeen) -> bool:
    """Only what is really empty; a group of addresses (a field of the newer API) is somebody."""
    names = ("remote_ip_prefix", "remote_group_id", "remote_address_group_id")
    return not any(seen.raw.get(name) for name in names)


def _lets_in(seen: RuleSeen) -> bool:
    """A rule for TCP 8080 from outside. Newer rules may also deny (`action`)."""
    low = 1 if seen.port_min is None else seen.port_min
    high = _LAST_PORT if seen.port_max is None else seen.port_max
    # A protocol may also be written as its number, which is 6 for TCP: VPC API reference.
    inbound = seen.direction == "ingress" and seen.ethertype == "ipv4" and seen.protocol in ("", "tcp", "6")
    denies = text(seen.raw.get("action")).lower() == "deny"
    return inbound and not denies and low <= SERVICE_PORT <= high


def vpc(row: Mapping[str, Any]) -> VpcSeen:
    """A network from its row."""
    return VpcSeen(
        text(row.get("id")), text(row.get("name")), text(row.get("cidr")), text(row.get("status")), dict(row)
    )


def subnet(row: Mapping[str, Any]) -> SubnetSeen:
    """A subnet from its row."""
    return SubnetSeen(
        network_id=text(row.get("neutron_network_id")) or text(row.get("id")),
        name=text(row.get("name")),
        cidr=text(row.get("cidr")),
        vpc_id=text(row.get("vpc_id")),
        status=text(row.get("status")),
        raw=dict(row),
    )


def group(row: Mapping[str, Any]) -> GroupSeen:
    """A security group from its row."""
    rules = (one for one in listed(row.get("security_group_rules")) if isinstance(one, dict))
    return GroupSeen(
        text(row.get("id")), text(row.get("name")), text(row.get("vpc_id")), tuple(map(rule, rules)), dict(row)
    )


def rule(row: Mapping[str, Any]) -> RuleSeen:
    """A rule from its row. Where empty means "all", only what is really empty may be read as empty."""
    ports = [_port(row.get(name)) for name in ("port_range_min", "port_range_max")]
    low, high = (0, 0) if -1 in ports else ports
    return RuleSeen(
        rule_id=text(row.get("id")),
        group_id=text(row.get("security_group_id")),
        direction=_word(row.get("direction")),
        ethertype=_word(row.get("ethertype")) or "ipv4",
        protocol=_word(row.get("protocol")),
        port_min=low,
        port_max=high,
        remote_ip_prefix=text(row.get("remote_ip_prefix")).strip(),
        remote_group_id=text(row.get("remote_group_id")),
        raw=dict(row),
    )


def _port(value: Any) -> int | None:
    """A port, None where none is given, -1 where it makes no sense."""
    if value is None or value == "":
        return None
    number = whole(value)
    return number if number is not None and 0 <= number <= _LAST_PORT else -1


def _word(value: Any) -> str:
    if value is None or value == "":
        return ""
    return text(value).strip().lower() or "?"
