"""From what a cloud lists to what we remember of it. One function for each kind of list; each reads it whole."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from deployer.modelarts.answers import ModelSeen, SpecificationSeen
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import Refused
from deployer.modelarts.network import opens_8080
from deployer.modelarts.reading import listed, mapped, text
from deployer.models import Target
from deployer.models.catalog import Kind
from deployer.worker import clouds
from deployer.worker.pools import if_known, pools
from deployer.workflow.catalog import Offer
from deployer.workflow.offers import LAST

INFER_TYPES = ("real-time", "batch")


def read(target: Target, kind: str) -> Iterable[Offer]:
    """The entries of one list, as the cloud has them now. Raises the errors of a read."""
    return READERS[kind](target)


def models(target: Target) -> Iterator[Offer]:
    """Every model of the target's workspace, newest first."""
    with clouds.looking_at(target) as cloud:
        seen = cloud.models(workspace_id=target.workspace_id or None)
    return (model(one) for one in seen)


def model(seen: ModelSeen) -> Offer:
    return Offer(
        part="",
        key=seen.model_id,
        name=seen.name,
        version=seen.version,
        status=seen.status,
        place=place_of(seen),
        facts={
            "install_types": list(seen.install_types)[:10],
            "type": seen.model_type,
            "size": seen.size,
            "created_at": seen.created_at.isoformat() if seen.created_at else None,
            "description": seen.description,
            "min": needs(seen.raw),
            "source": text(seen.raw.get("model_source")),
        },
    )


def place_of(seen: ModelSeen) -> int:
    """Newest first, from its own age: a new model at the top does not move the others, so they are not written."""
    return LAST - int(seen.created_at.timestamp()) if seen.created_at else LAST


def needs(raw: dict[str, Any]) -> dict[str, str]:
    """The least a model wants to run with: min_cpu, min_memory (MB), min_gpu, min_ascend, all sent as text."""
    said = mapped(raw.get("specification"))
    return {name: text(said.get(f"min_{name}")) for name in ("cpu", "memory", "gpu", "ascend") if f"min_{name}" in said}


def specifications(target: Target) -> Iterator[Offer]:
    """The flavors for both types, of the shared pool and, marked so, those only dedicated pools have."""
    with clouds.looking_at(target) as cloud:
        for infer_type in INFER_TYPES:
            shared = best(cloud.specifications(infer_type))
            personal = best(dedicated(cloud, infer_type))
            yield from (specification(one, infer_type, for_pools=False) for one in shared.values())
            only = [one for name, one in personal.items() if name not in shared]
            yield from (specification(one, infer_type, for_pools=True) for one in only)


def dedicated(cloud: ModelArts, infer_type: str) -> list[SpecificationSeen]:
    """A cloud may not know the option of dedicated pools."""
    try:
        return cloud.specifications(infer_type, personal=True)
    except Refused as refusal:
        if refusal.status not in (400, 404):
            raise
        return []


def best(seen: Iterable[SpecificationSeen]) -> dict[str, SpecificationSeen]:
    """Each flavor once. It may stand twice, for models of ExeML (`auto`) and for others; what can be chosen wins."""
    found: dict[str, SpecificationSeen] = {}
    for one in sorted(seen, key=lambda one: (one.is_selectable, one.source_type != "auto"), reverse=True):
        found.setdefault(one.specification, one)
    return found


def specification(seen: SpecificationSeen, infer_type: str, *, for_pools: bool) -> Offer:
    raw = seen.raw
    memory = mapped(raw.get("memory_info"))
    return Offer(
        part=infer_type,
        key=seen.specification,
        name=seen.name,
        status=seen.status,
        facts={
            "infer_type": infer_type,
            "is_open": seen.is_open,
            "over_quota": seen.over_quota,
            "is_free": seen.is_free,
            "spec_status": seen.status,
            "text": seen.name,
            "cpu": text(mapped(raw.get("cpu_info")).get("cpu")),
            "memory": f"{text(memory.get('memory'))} {text(memory.get('unit'))}".strip(),
            "gpu": accelerator(mapped(raw.get("gpu_info"))),
            "npu": accelerator(mapped(raw.get("npu_info"))),
            "category": seen.category,
            "source_type": seen.source_type,
            # Some clouds list `custom` for the shared pool too; it needs a dedicated one all the same.
            "for_pools": for_pools or seen.specification == "custom",
        },
    )


def accelerator(said: dict[str, Any]) -> str:
    """`1 x Tesla P4`, from what the newer answers say; nothing where they do not."""
    count = text(said.get("gpu")) or text(said.get("npu"))
    name = text(said.get("product_name"))
    return f"{count} x {name}" if count and name else count or name


def workspaces(target: Target) -> Iterator[Offer]:
    """The workspaces; a cloud without the call has the default one only (ModelArts API reference, since 2022-05)."""
    with clouds.looking_at(target) as cloud:
        seen = if_known(cloud.workspaces)
    if not seen:
        yield Offer("", "0", name="default", status="NORMAL")
    for one in seen:
        facts = {"description": text(one.raw.get("description")), "auth_type": text(one.raw.get("auth_type"))}
        yield Offer("", one.workspace_id, name=one.name, status=one.status, facts=facts)


def vpcs(target: Target) -> Iterator[Offer]:
    with clouds.looking_at_network(target) as network:
        seen = network.vpcs()
    return (Offer("", one.vpc_id, name=one.name, status=one.status, facts={"cidr": one.cidr}) for one in seen)


def subnets(target: Target) -> Iterator[Offer]:
    """Keyed by what a request names: the network id, never the id of the neutron subnet."""
    with clouds.looking_at_network(target) as network:
        seen = network.subnets()
    return (
        Offer("", one.network_id, parent=one.vpc_id, name=one.name, status=one.status, facts={"cidr": one.cidr})
        for one in seen
    )


def security_groups(target: Target) -> Iterator[Offer]:
    """With the judgement of their rules: real-time services are asked at port 8080 (ModelArts.3534)."""
    with clouds.looking_at_network(target) as network:
        seen = network.security_groups()
    return (Offer("", one.group_id, parent=one.vpc_id, name=one.name, facts={"opens_8080": opens(one)}) for one in seen)


def opens(group: Any) -> bool | None:
    """None where the list tells no rules: then nothing is known, which is not the same as shut."""
    said = group.raw.get("security_group_rules")
    return opens_8080(group.rules) if listed(said) or said == [] else None


READERS: dict[str, Callable[[Target], Iterable[Offer]]] = {
    Kind.MODEL: models,
    Kind.SPECIFICATION: specifications,
    Kind.POOL: pools,
    Kind.WORKSPACE: workspaces,
    Kind.VPC: vpcs,
    Kind.SUBNET: subnets,
    Kind.SECURITY_GROUP: security_groups,
}
