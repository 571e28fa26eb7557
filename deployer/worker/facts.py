"""What a cloud says of the things one request names: the facts its preflight is judged by."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from deployer.domain.preflight import Facts, Unknown
from deployer.domain.preflight import facts as known
from deployer.domain.preflight.request import entries, pool_of, runs_in_pools, text
from deployer.modelarts.answers import ClusterSeen, ModelSeen, PoolSeen
from deployer.modelarts.client import ModelArts
from deployer.modelarts.network import Network
from deployer.models import CatalogEntry, CatalogList, Target
from deployer.models.catalog import Kind
from deployer.worker import clouds, shelf, supply
from deployer.worker.asking import Round
from deployer.worker.quota import quota

Body = dict[str, Any]

FEW = 5  # models up to which each one's own page is asked for; above that the list is
YOUNG = timedelta(seconds=30)  # a list of the catalog that was read so lately is as good as a new one
NO_POOLS = "This cloud does not list pools of this kind."
NO_WORKSPACES = "This cloud does not list its workspaces."


def gather(
    target: Target,
    body: Body,
    cloud: ModelArts,
    *,
    seconds: float,
    fresh: float = 0.0,
    names: Iterable[str] | None = None,
) -> Facts:
    """Ask for all that the checks of this request need, and for nothing else, within so many seconds.

    `fresh`: how old, in seconds, an answer that others got may be. `names`: ids of the services of this name, where
    they were listed just now. Raises the last trouble when the cloud answered nothing at all.
    """
    ask = Round(shelf.of(clouds.mark_of(target)), seconds=seconds, fresh=fresh)
    workspace, name = text(body, "workspace_id") or None, text(body, "service_name")
    found = Facts(
        same_name=same_name(ask, cloud, name, workspace) if names is None else tuple(names),
        models=models(ask, target, cloud, body, workspace),
        flavors=flavors(ask, cloud, text(body, "infer_type")),
        **pools(ask, cloud, body, workspace),
        **network(ask, target, body),
        quota=quota(ask, target, cloud, text(body, "infer_type"), workspace) if not runs_in_pools(body) else Unknown(),
        workspaces=workspaces(ask, cloud, workspace),
    )
    ask.must_have_answered()
    return found


def same_name(ask: Round, cloud: ModelArts, name: str, workspace: str | None) -> tuple[str, ...] | Unknown:
    # Never from the shelf: a name is free until somebody takes it.
    def look() -> tuple[str, ...]:
        return tuple(one.service_id for one in ask.hurried(cloud).services_named(name, workspace_id=workspace))

    return ask.tried(look, "")


# -- models


def models(
    ask: Round, target: Target, cloud: ModelArts, body: Body, workspace: str | None
) -> dict[str, known.Model | None | Unknown]:
    """Each model the request names. A batch job's definition is needed too, and only its own page has it."""
    wanted = list(dict.fromkeys(entry.text("model_id") for entry in entries(body) if entry.text("model_id")))
    listed: dict[str, known.Model | None] | Unknown = {}
    if len(wanted) > FEW:
        listed = remembered(target) or ask.learn(f"models {workspace}", lambda: list_of(ask, cloud, workspace))
    if isinstance(listed, Unknown):
        return dict.fromkeys(wanted, listed)
    missing = [model_id for model_id in wanted if model_id not in listed]
    found: dict[str, known.Model | None | Unknown] = {one: listed[one] for one in wanted if one in listed}
    for model_id in missing[:FEW]:  # not in the list: perhaps of another workspace, so asked for by its id
        found[model_id] = ask.learn(f"model {model_id}", lambda key=model_id: page_of(ask, cloud, key))
    for model_id in missing[FEW:]:
        found[model_id] = Unknown("It is not in the list of models.")
    return found


def page_of(ask: Round, cloud: ModelArts, model_id: str) -> known.Model | None:
    seen = ask.hurried(cloud).model(model_id)
    return None if seen is None else model(seen, with_detail=True)


def list_of(ask: Round, cloud: ModelArts, workspace: str | None) -> dict[str, known.Model | None]:
    return {seen.model_id: model(seen) for seen in ask.hurried(cloud).models(workspace_id=workspace)}


def model(seen: ModelSeen, *, with_detail: bool = False) -> known.Model:
    detail = {"apis": seen.apis, "config": seen.config, "input_params": seen.input_params} if with_detail else None
    return known.Model(seen.name, seen.version, seen.status, seen.install_types, detail)


def remembered(target: Target) -> dict[str, known.Model | None]:
    """The models as the catalog has them, if it was read a moment ago; else nothing."""
    rows = CatalogList.objects.filter(target=target, kind=Kind.MODEL, problem="")
    if not rows.filter(seen_at__gte=timezone.now() - YOUNG).exists():
        return {}
    return {
        entry.key: known.Model(entry.name, entry.version, entry.status, tuple(entry.said.get("install_types") or ()))
        for entry in CatalogEntry.objects.of(target, Kind.MODEL).iterator(chunk_size=2000)
    }


# -- flavors, pools, workspaces


def flavors(ask: Round, cloud: ModelArts, infer_type: str) -> dict[str, known.Flavor] | Unknown:
    def look() -> dict[str, known.Flavor]:
        seen = supply.best(ask.hurried(cloud).specifications(infer_type))
        return {key: known.Flavor(one.status, one.is_open, one.over_quota) for key, one in seen.items()}

    return ask.learn(f"flavors {infer_type}", look)


def pools(ask: Round, cloud: ModelArts, body: Body, workspace: str | None) -> dict[str, Any]:
    """Lists of pools, of the generations that the request names; the newer ones are listed by workspace."""
    keys = {use.key for use in (pool_of(body, entry) for entry in entries(body)) if use}
    found: dict[str, Any] = {}
    if "cluster_id" in keys:
        look = lambda: {one.cluster_id: cluster(one) for one in ask.hurried(cloud).clusters()}  # noqa: E731
        found["clusters"] = ask.learn("clusters", look, absent=NO_POOLS)
    if "pool_name" in keys:
        look = lambda: {one.pool_name: pool(one) for one in ask.hurried(cloud).pools(workspace_id=workspace)}  # noqa: E731
        found["pools"] = ask.learn(f"pools {workspace}", look, absent=NO_POOLS)
    return found


def cluster(seen: ClusterSeen) -> known.Pool:
    nodes = (
        {seen.specification: seen.available_nodes} if seen.specification and seen.available_nodes is not None else {}
    )
    free = known.Free(seen.allocatable_cpu_cores, seen.allocatable_memory, seen.allocatable_gpus, nodes)
    return known.Pool(seen.name, seen.status, free)


def pool(seen: PoolSeen) -> known.Pool:
    nodes = {one.flavor: one.count for one in seen.available if one.count is not None}
    return known.Pool(seen.name, seen.status, known.Free(nodes=nodes), seen.takes_services)


def workspaces(ask: Round, cloud: ModelArts, workspace: str | None) -> dict[str, str] | Unknown:
    if workspace in (None, "0"):
        return Unknown()
    look = lambda: {one.workspace_id: one.status for one in ask.hurried(cloud).workspaces()}  # noqa: E731
    return ask.learn("workspaces", look, absent=NO_WORKSPACES)


# -- network


def network(ask: Round, target: Target, body: Body) -> dict[str, Any]:
    """VPC, subnets and groups, where they have a say."""
    vpc_id = text(body, "vpc_id")
    if not vpc_id or runs_in_pools(body):
        return {}

    def vpcs(client: Network) -> dict[str, known.Vpc]:
        return {one.vpc_id: known.Vpc(one.name, one.status) for one in client.vpcs()}

    def subnets(client: Network) -> dict[str, known.Subnet]:
        return {one.network_id: known.Subnet(one.name, one.status, one.vpc_id) for one in client.subnets()}

    def groups(client: Network) -> dict[str, known.Group]:
        seen = client.security_groups()
        return {one.group_id: known.Group(one.name, one.vpc_id, supply.opens(one)) for one in seen}

    def asked(look: Callable[[Network], Any]) -> Any:
        with clouds.looking_at_network(target) as client:
            return look(ask.hurried(client))

    looks: dict[str, Callable[[Network], Any]] = {"vpcs": vpcs, "subnets": subnets, "groups": groups}
    return {name: ask.learn(name, partial(asked, look), elsewhere=True) for name, look in looks.items()}
