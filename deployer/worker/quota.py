"""How many services hold quota: those of the shared pool. The list does not say where a service runs."""

import json
from typing import Any

from deployer.domain.preflight.capacity import NEAR, QUOTAS
from deployer.domain.preflight.facts import Quota, Unknown
from deployer.domain.preflight.request import runs_in_pools
from deployer.modelarts.client import ModelArts
from deployer.models import Submission, Target
from deployer.worker.asking import Round

PAGE = 100
MOST_PAGES = 11  # up to a little over the larger quota
MOST_DETAILS = 30


def quota(ask: Round, target: Target, cloud: ModelArts, infer_type: str, workspace: str | None) -> Quota | Unknown:
    """Services of this type in the request's workspace. The cloud lists one workspace at a time, so it is a least."""
    if infer_type not in QUOTAS:
        return Unknown()
    return ask.learn(f"quota {infer_type} {workspace}", lambda: counted(ask, target, cloud, infer_type, workspace))


def counted(ask: Round, target: Target, cloud: ModelArts, infer_type: str, workspace: str | None) -> Quota:
    """While there are plainly few, their number will do; near the limit each is looked at."""
    first = ask.hurried(cloud).list_services(infer_type=infer_type, workspace_id=workspace, limit=PAGE)
    total = max(first.total_count or 0, len(first.services))
    if total < QUOTAS[infer_type] * NEAR:
        return Quota(unclear=total)
    ids = [one.service_id for one in first.services if one.service_id]
    while len(ids) < total and len(ids) < MOST_PAGES * PAGE:
        page = ask.hurried(cloud).list_services(
            infer_type=infer_type, workspace_id=workspace, offset=len(ids), limit=PAGE
        )
        fresh = [one.service_id for one in page.services if one.service_id and one.service_id not in ids]
        if not fresh:
            break
        ids += fresh
    return sorted_out(ask, target, cloud, ids, infer_type)


def sorted_out(ask: Round, target: Target, cloud: ModelArts, ids: list[str], infer_type: str) -> Quota:
    """Ours by what we sent, others by their own pages, as many as it takes to be sure."""
    ours = sent_here(target, ids)
    shared = sum(not runs_in_pools(body) for body in ours.values())
    unclear = [service_id for service_id in ids if service_id not in ours]
    for service_id in unclear[:MOST_DETAILS]:
        if shared >= QUOTAS[infer_type]:
            break
        seen = ask.hurried(cloud).service(service_id)
        unclear = [one for one in unclear if one != service_id]
        shared += seen is not None and not runs_in_pools(seen.raw)
    return Quota(shared, len(unclear))


def sent_here(target: Target, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The request of each of these services that we sent."""
    rows = Submission.objects.filter(target=target, service_id__in=ids)
    return {key: json.loads(text) for key, text in rows.values_list("service_id", "version__payload")}
