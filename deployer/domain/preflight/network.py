"""VPC, subnet and security group are there, belong together, and let inference in."""

from collections.abc import Iterator

from deployer.domain.places import short
from deployer.domain.preflight.facts import Facts, Unknown
from deployer.domain.preflight.request import Body, runs_in_pools, text
from deployer.domain.preflight.results import Result, blocked, not_seen, passed, warned

OK = ("ok", "active", "")
SOME_OTHER = "Choose one of the target's."


def counts(body: Body) -> bool:
    """A VPC has a say only outside dedicated pools: table 2, vpc_id."""
    return bool(text(body, "vpc_id")) and not runs_in_pools(body)


def vpc_is_there(body: Body, facts: Facts) -> Iterator[Result]:
    """The VPC is listed and its status is OK: VPC API reference, Querying VPCs."""
    check, path, vpc_id = "vpc", "vpc_id", text(body, "vpc_id")
    if not counts(body):
        return
    if isinstance(facts.vpcs, Unknown):
        yield not_seen(check, path, f"The VPC {short(vpc_id)}", facts.vpcs.reason)
        return
    vpc = facts.vpcs.get(vpc_id)
    if vpc is None:
        # A login may not see all networks, so what is not listed only warns.
        words = f"The project shows no VPC {short(vpc_id)}."
        yield warned(check, path, words, f"The cloud may refuse it. {SOME_OTHER}")
    elif vpc.status.lower() not in OK:
        words = f"The VPC {short(vpc.name or vpc_id)} is not ready: it is {short(vpc.status)}."
        yield blocked(check, path, words, "Wait until it is OK, or choose another one.")
    else:
        yield passed(check, path, f"The VPC {short(vpc.name or vpc_id)} is there.")


def subnet_is_there(body: Body, facts: Facts) -> Iterator[Result]:
    """The subnet is named by its network ID, is active, and lies in the VPC: VPC API reference, Querying Subnets."""
    check, path, subnet_id = "subnet", "subnet_network_id", text(body, "subnet_network_id")
    if not counts(body):
        return
    if isinstance(facts.subnets, Unknown):
        yield not_seen(check, path, f"The subnet {short(subnet_id)}", facts.subnets.reason)
        return
    subnet = facts.subnets.get(subnet_id)
    if subnet is None:
        words = f"The VPC shows no subnet with the network ID {short(subnet_id)}."
        yield warned(
            check,
            path,
            words,
            "The cloud may refuse it. Choose one of the VPC's. Its network ID is wanted, not its subnet ID.",
        )
    elif not isinstance(facts.vpcs, Unknown) and text(body, "vpc_id") not in facts.vpcs:
        return  # One cause has one problem: the VPC itself is not there.
    elif subnet.vpc_id and subnet.vpc_id != text(body, "vpc_id"):
        words = f"The subnet {short(subnet.name or subnet_id)} lies in another VPC."
        yield blocked(check, path, words, "Choose a subnet of this VPC, or the other VPC.")
    elif subnet.status.lower() not in OK:
        words = f"The subnet {short(subnet.name or subnet_id)} is not usable: it is {short(subnet.status)}."
        yield blocked(check, path, words, "Choose another subnet.")
    else:
        yield passed(check, path, f"The subnet {short(subnet.name or subnet_id)} is there.")


def group_lets_inference_in(body: Body, facts: Facts) -> Iterator[Result]:
    """TCP 8080 must come in from anywhere: table 2, security_group_id, and error code 3534."""
    check, path, group_id = "security_group", "security_group_id", text(body, "security_group_id")
    if not counts(body):
        return
    if isinstance(facts.groups, Unknown):
        yield not_seen(check, path, f"The security group {short(group_id)}", facts.groups.reason)
        return
    group = facts.groups.get(group_id)
    if group is None:
        words = f"The project shows no security group {short(group_id)}."
        yield warned(check, path, words, "The cloud may refuse it. Choose one of the project's.")
        return
    name = short(group.name or group_id)
    if group.opens_8080 is None:
        yield not_seen(check, path, f"Whether {name} lets TCP 8080 in", "Its rules cannot be read for certain.")
    elif not group.opens_8080:
        words = f"The security group {name} does not let TCP 8080 in from 0.0.0.0/0."
        yield blocked(check, path, words, "Add that inbound rule, or choose another group.")
    else:
        yield passed(check, path, f"The security group {name} lets TCP 8080 in.")
    # A group's vpc_id is only a hint: VPC API reference, Querying Security Groups.
    if group.vpc_id and group.vpc_id != text(body, "vpc_id"):
        yield warned(check, path, f"The security group {name} seems to belong to another VPC.", "Look at it.")
