"""Looking around in a target: one list instead of many questions. It says who moved, not all about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import Refused
from deployer.models import Service
from deployer.worker import pace
from deployer.worker.listing import Listed, everything
from deployer.worker.sights import sight_of
from deployer.worker.troubles import why_not_read
from deployer.workflow import late, rounds, watching
from deployer.workflow.rounds import Round
from deployer.workflow.sighting import GONE, differing

# What a list tells completely. Who runs has an address, who failed a reason, and only a detail has those.
TOLD = frozenset({"stopped", "stopping", "finished", "concerning", "deploying", "pending", "waiting", "deleting"})


@dataclass
class Glance:
    """What looking around brought: who is to be looked at closely now, and why the list could not be read."""

    closer: list[Service] = field(default_factory=list)
    problem: str = ""


def look_around(cloud: ModelArts, current: Round) -> Glance:
    """List everything when it is time for that, else only what deploys, where something does.

    A cloud that refuses the list (a role may lack that right alone) leaves each service to be looked at by itself.
    """
    try:
        return whole(cloud, current) if current.is_whole else moving(cloud, current)
    except Refused as refusal:
        return Glance(problem=why_not_read(refusal))


def whole(cloud: ModelArts, current: Round) -> Glance:
    listed = read(cloud, current)
    known = {row.service_id: row for row in alive(current)}
    closer = compared(current, known.values(), listed)
    strange = [key for key in listed.services if key not in known]
    gone = {row.service_id: row for row in remembered(current, strange)}
    closer += [row for key, row in gone.items() if listed.services[key].status not in ("", GONE)]
    fresh = [listed.services[key] for key in strange if key not in gone]
    news = [sight_of(one, closely=False) for one in fresh if one.status != GONE]
    watching.found_new(current, news)
    late.hurry(current.target.pk, {one.name for one in news})
    if listed.is_whole:
        closer += twice_absent(current, [row for key, row in known.items() if key not in listed.services])
    return Glance(closer)


def moving(cloud: ModelArts, current: Round) -> Glance:
    """Those that deploy, by one list of what deploys. Who is not in it has moved on, or the list does not tell all."""
    closer = []
    for status in pace.LISTED:
        rows = list(alive(current).filter(is_settled=False, status=status))
        if rows:
            listed = read(cloud, current, status)
            closer += compared(current, rows, listed)
            closer += [row for row in rows if row.service_id not in listed.services]
    return Glance(closer)


def is_moving(current: Round) -> bool:
    """Whether a list of what moves is worth while soon."""
    return alive(current).filter(is_settled=False, status__in=pace.LISTED).exists()


def read(cloud: ModelArts, current: Round, status: str | None = None) -> Listed:
    workspace = current.target.workspace_id or None
    return everything(cloud, workspace, status=status, before_page=lambda: rounds.renew(current))


def alive(current: Round) -> QuerySet[Service]:
    """What is followed in this target, without what a list cannot tell anyway."""
    rows = Service.objects.filter(target=current.target, next_look_at__isnull=False)
    return rows.defer("config", "access_address").order_by("pk")


def remembered(current: Round, ids: list[str]) -> list[Service]:
    """Services that were gone, and show again."""
    found: list[Service] = []
    for start in range(0, len(ids), watching.PORTION):
        some = ids[start : start + watching.PORTION]
        found += Service.objects.filter(target=current.target, service_id__in=some).defer("config")
    return found


def compared(current: Round, rows: Iterable[Service], listed: Listed) -> list[Service]:
    """Write down what a list tells for sure. Gives those whose status moved, to be looked at closely."""
    told, same, closer = [], [], []
    for row in rows:
        seen = listed.services.get(row.service_id)
        if seen is None or not seen.status:
            continue  # absent or unreadable: that takes a closer look
        sight = replace(sight_of(seen, closely=False), name="")  # a name is fixed: what we have is right
        found = differing(row, sight)
        if not found:
            same.append(row)
        elif (
            "status" not in found or found["status"] in TOLD or not row.status
        ):  # at first any word is better than none
            told.append((row, sight))
        if "status" in found:
            closer.append(row)
    watching.copy(current, told)
    watching.still_there(current, [row for row in same if is_old(current, row)])
    return closer


def is_old(current: Round, row: Service) -> bool:
    """Whether its time of being seen is worth a write, together with all others."""
    age = (current.now - row.seen_at).total_seconds()
    return row.missing_since is not None or age >= (pace.SEEN_QUIET if row.is_settled else pace.SEEN_MOVING)


def twice_absent(current: Round, rows: list[Service]) -> list[Service]:
    """Who is missing from a whole list. Once is noted; twice is looked at closely, and only that may say it is gone."""
    seen_before = [row for row in rows if row.status]
    watching.missed(current, [row for row in seen_before if row.missing_since is None])
    return [row for row in seen_before if row.missing_since is not None]
