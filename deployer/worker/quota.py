"""How many services hold quota: those of the shared pool. The list does not say where a service runs."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from deployer.domain.preflight.capacity import NEAR, QUOTAS
from deployer.domain.preflight.facts import Quota, Unknown
from deployer.domain.preflight.request import runs_in_pools
from deployer.modelarts.answers import ServiceSeen
from deployer.modelarts.client import ModelArts
from deployer.modelarts.reading import text
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
    owners = {one.service_id: owner_of(one) for one in first.services if one.service_id}
    while len(owners) < total and len(owners) < MOST_PAGES * PAGE:
        page = ask.hurried(cloud).list_services(
            infer_type=infer_type, workspace_id=workspace, offset=len(owners), limit=PAGE
        )
        fresh = {one.service_id: owner_of(one) for one in page.services if one.service_id not in ("", *owners)}
        if not fresh:
            break
        owners |= fresh
    return sorted_out(ask, target, cloud, owners, infer_type)


def owner_of(seen: ServiceSeen) -> str:
    return text(seen.raw.get("owner"))


def of_our_user(owners: dict[str, str], ours: Collection[str]) -> list[str]:
    """The quota is each user's. Who we are is told by the newest service that we sent; else all are counted."""
    us = next((owner for service_id, owner in owners.items() if service_id in ours and owner), "")
    return [service_id for service_id, owner in owners.items() if not us or owner in ("", us)]


def sorted_out(ask: Round, target: Target, cloud: ModelArts, owners: dict[str, str], infer_type: str) -> Quota:
    """Ours by what we sent, others by their own pages, as many as it takes to be sure. `owners` by id, newest first."""
    ours = sent_here(target, owners)
    ids = of_our_user(owners, ours)
    shared = sum(not runs_in_pools(ours[one]) for one in ids if one in ours)
    unclear = [service_id for service_id in ids if service_id not in ours]
    for service_id in unclear[:MOST_DETAILS]:
        if shared > QUOTAS[infer_type]:
            break
        seen = ask.hurried(cloud).service(service_id)
        unclear = [one for one in unclear if one != service_id]
        shared += seen is not None and not runs_in_pools(seen.raw)
    return Quota(shared, len(unclear))


def sent_here(target: Target, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The request of each of these services that we sent."""
    rows = Submission.objects.filter(target=target, service_id__in=list(ids))
    return {key: json.loads(text) for key, text in rows.values_list("service_id", "version__payload")}
