"""What the cloud says of its services, copied as heard, and written in the history where it concerns a deployment."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from deployer.models import Deployment, Person, Service
from deployer.models.clock import DbNow
from deployer.workflow import history, permissions
from deployer.workflow.errors import NotAllowed
from deployer.workflow.locking import for_change
from deployer.workflow.rounds import Round, held
from deployer.workflow.sighting import GONE, LOST, Sight, clean, columns, differing, is_settled
from deployer.workflow.submission import became_due

__all__ = ["GONE", "LOST", "Sight", "clean", "is_settled"]

ASK_AGAIN = 5  # seconds in which a second wish for a look is the first one
PORTION = 1000  # keys in one statement


def ask_look(service: Service, *, by: Person) -> bool:
    """Wish that a service is looked at now. False when somebody wished so within 5 s. Raises NotAllowed."""
    if not permissions.may_look(by):
        raise NotAllowed("Only people with a role may ask for a look at a service.")
    lately = Q(asked_at__gt=DbNow() - timedelta(seconds=ASK_AGAIN))
    with transaction.atomic():
        rows = Service.objects.filter(Q(asked_at__isnull=True) | ~lately, pk=service.pk)
        if rows.update(asked_at=DbNow(), next_look_at=DbNow()) != 1:
            return False
        became_due.send(Service, service=service)
        return True


def copy(current: Round, seen: Sequence[tuple[Service, Sight]], *, closely: bool = False) -> int:
    """Copy what the cloud shows of services we know, with an event for each change of status. How many differed.

    Nothing is written for a service that shows as it did. `closely`: this was a look at it alone; else who has
    another status is due for one. Raises LeaseLost.
    """
    changed = [(row, found) for row, sight in seen if (found := differing(row, sight))]
    if not changed:
        return 0
    with transaction.atomic():
        moved = {row.pk for row, found in changed if "status" in found}
        concerned = list(for_change(Deployment.objects.filter(service__in=moved)).order_by("pk")) if moved else []
        with held(current):
            by_facts: dict[str, tuple[dict[str, Any], list[int]]] = {}
            for row, found in changed:
                by_facts.setdefault(repr(sorted(found.items())), (found, []))[1].append(row.pk)
            now = current.now
            for facts, keys in by_facts.values():
                soon = {"next_look_at": now} if "status" in facts and not closely else {}
                rows = Service.objects.filter(pk__in=keys)
                rows.update(**facts, **soon, changed_at=now, seen_at=now, missing_since=None)
            history.write(entries(changed, concerned))
    return len(changed)


def entries(changed: Iterable[tuple[Service, dict[str, Any]]], concerned: list[Deployment]) -> list[history.Entry]:
    """What the histories of the deployments behind these services say."""
    behind: dict[int, list[Deployment]] = defaultdict(list)
    for one in concerned:
        if one.service_id is not None:
            behind[one.service_id].append(one)
    told = []
    for row, found in changed:
        if "status" in found:
            data = {"before": row.status, "after": found["status"], "error": found.get("error_msg", "")}
            told += [history.Entry("cloud_status", None, one, data=data) for one in behind[row.pk]]
    return told


def look_closer_in(current: Round, service: Service, *, seconds: float | None, heard: bool = False) -> None:
    """A service was looked at closely: it is so again in so many seconds, None for never. Raises LeaseLost.

    A wish that came meanwhile stays. `heard`: its events were copied, too.
    """
    now = current.now
    facts: dict[str, Any] = {"seen_at": now, "missing_since": None} | ({"events_at": now} if heard else {})
    with held(current):
        Service.objects.filter(pk=service.pk).update(**facts)
        put_down(current, service, seconds)


def look_later(current: Round, keys: Collection[int], *, seconds: float) -> None:
    """Nothing could be learnt of these, or there was no time: they are looked at again then. Raises LeaseLost.

    Who is to be looked at sooner anyway, since somebody wished so meanwhile, stays so.
    """
    at = current.now + timedelta(seconds=seconds)
    with held(current):
        rows = Service.objects.filter(Q(next_look_at=current.until) | Q(next_look_at__gt=at), pk__in=keys)
        rows.update(next_look_at=at)


def missed(current: Round, services: Collection[Service]) -> None:
    """The cloud did not show these, for the first time. Raises LeaseLost."""
    if not services:
        return
    with held(current):
        for keys in portions([row.pk for row in services]):
            Service.objects.filter(pk__in=keys, missing_since__isnull=True).update(missing_since=current.now)


def put_down(current: Round, service: Service, seconds: float | None) -> None:
    """When a service is looked at next. Fenced by what we knew of it."""
    next_look = None if seconds is None else current.now + timedelta(seconds=seconds)
    known = [current.until] if service.next_look_at is None else [current.until, service.next_look_at]
    Service.objects.filter(pk=service.pk, next_look_at__in=known).update(next_look_at=next_look)


def still_there(current: Round, services: Collection[Service]) -> None:
    """These were seen, and unchanged: one statement for a thousand. Raises LeaseLost."""
    if not services:
        return
    with held(current):
        for keys in portions([row.pk for row in services]):
            Service.objects.filter(pk__in=keys).update(seen_at=current.now, missing_since=None)


def found_new(current: Round, sights: Iterable[Sight]) -> int:
    """Remember services we did not know; they are looked at closely soon. How many. Raises LeaseLost."""
    fresh = [first_seen(current, sight) for sight in sights]
    if fresh:
        with held(current):
            Service.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=PORTION)
    return len(fresh)


def first_seen(current: Round, sight: Sight) -> Service:
    facts, now = columns(sight), current.now
    return Service(
        target=current.target,
        service_id=sight.service_id,
        is_settled=is_settled(facts["status"]),
        created_at=now,
        seen_at=now,
        changed_at=now,
        next_look_at=now,
        **facts,
    )


@transaction.atomic
def twin(service: Service, of: Service) -> bool:
    """A second service that the sending of the first one made. It is shown beside its brother; nothing is deleted.

    The caller has compared the content. False when that was known already, or a deployment owns it after all.
    """
    concerned = list(for_change(Deployment.objects.filter(service=of)).order_by("pk"))
    free = Service.objects.filter(pk=service.pk, twin_of=None, deployments=None).exclude(pk=of.pk)
    if free.update(twin_of=of) != 1:
        return False
    data = {"service_id": service.service_id, "brother": of.service_id}
    history.write([history.Entry("twin_found", None, one, data=data) for one in concerned])
    return True


def portions(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + PORTION] for start in range(0, len(keys), PORTION))
