"""Deleting a twin, once it is certain that it is one: looked at by id, compared by name and content, then deleted.

A lost answer is no trouble here: deleting what is gone does nothing, so it is looked at and, if need be, asked again.
"""

import json
import logging
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from deployer.modelarts.answers import ServiceSeen
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import ModelArtsError, Refused
from deployer.models import Removal
from deployer.worker import clouds, waits
from deployer.worker.likeness import differences
from deployer.worker.records import AWAY, OUR_FAULT, insist, tried, words
from deployer.workflow import outcome, removing

log = logging.getLogger(__name__)

MOST = 60  # calls after which the cloud will not do it: with the waits, about an hour
ASKED_AGAIN = 8  # looks at a service whose deletion the cloud took, before it is asked once more


def remove(pk: int, worker: str) -> bool:
    """One step of one removal. False if it is not ours to take."""
    removal = removing.claim(pk, seconds=lease_seconds())
    if removal is None:
        return False
    started_at = timezone.now()
    try:
        step(removal, worker)
    except outcome.LeaseLost:
        log.warning("Removal %s was taken over by somebody else meanwhile.", removal.pk)
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - a bad row is put off and never stops the line
        not_now(removal, tried("look", worker, started_at, words(trouble), trouble), trouble)
    return True


def lease_seconds() -> float:
    """A look and a delete, each within one deadline, and the record."""
    return 2 * settings.CLOUD_DEADLINE + 15


def step(removal: Removal, worker: str) -> None:
    """Look, compare, delete. Raises the errors of a read; those of the delete are written down here."""
    started_at = timezone.now()
    with clouds.looking_at(removal.target) as cloud:
        seen = cloud.service(removal.service.service_id)
    if seen is None:
        detail = "The service is gone from the cloud."
        report(removal, lambda: removing.done(removal, tried("look", worker, started_at, detail), "deleted"))
        return
    unlike = differences(json.loads(removal.submission.version.payload), seen.raw)
    if unlike or seen.name != removal.service.name:
        detail = f"It is not what was sent: {', '.join(unlike[:3]) or 'another name'}. It was not deleted."
        report(removal, lambda: removing.done(removal, tried("look", worker, started_at, detail), "unlike"))
        return
    if is_under_way(removal, seen):
        detail = f"The cloud took the order; it still shows the service, {seen.status or 'without a status'}."
        put_off(removal, tried("look", worker, started_at, detail), "shown")
        return
    against = removing.begin(removal, seconds=settings.CLOUD_DEADLINE + 15)
    if against:
        report(removal, lambda: removing.done(removal, tried("look", worker, started_at, against), "unlike"))
        return
    delete(removal, worker, cloud)


def is_under_way(removal: Removal, seen: ServiceSeen) -> bool:
    """Whether the cloud has taken the order a moment ago: it deletes later, and is looked at until it has."""
    if seen.status.lower() == "deleting":
        return True
    lately = list(removal.tries.order_by("-number").values_list("outcome", flat=True)[:ASKED_AGAIN])
    for last in lately:
        if last == "taken":
            return True
        if last != "shown":
            return False
    return False


def delete(removal: Removal, worker: str, cloud: ModelArts) -> None:
    """The call. What it did is seen by looking; only a plain refusal ends the matter."""
    started_at = timezone.now()
    try:
        was_there = cloud.delete_service(removal.service.service_id)
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - after the intent an exception means: look
        detail = words(trouble)
        if detail == OUR_FAULT:
            log.error("Deleting for removal %s broke.", removal.pk, exc_info=trouble)
        not_now(removal, tried("delete", worker, started_at, detail, trouble), trouble)
        return
    if was_there:
        put_off(removal, tried("delete", worker, started_at, "The cloud took the order."), "taken")
        return
    detail = "The service was gone from the cloud already."
    report(removal, lambda: removing.done(removal, tried("delete", worker, started_at, detail), "deleted"))


def not_now(removal: Removal, told: outcome.Tried, trouble: Exception) -> None:
    """Refused for good, or to be looked at again."""
    if isinstance(trouble, Refused) or (isinstance(trouble, ModelArtsError) and trouble.needs_person):
        report(removal, lambda: removing.done(removal, told, "refused"))
        return
    put_off(removal, told, "unknown", asked=getattr(trouble, "retry_after", None) or 0.0)


def put_off(removal: Removal, told: outcome.Tried, result: str, *, asked: float = 0.0) -> None:
    """Look again later, or leave it to people after very many calls."""
    if removal.attempts + 1 >= MOST:
        report(removal, lambda: removing.done(removal, told, "refused"))
        return
    wait = max(asked, waits.before_looking_again(removal.attempts, since_call=15.0 * removal.attempts))
    report(removal, lambda: removing.again(removal, told, result, seconds=wait))


def report(removal: Removal, write: Callable[[], None]) -> None:
    insist(write, about=removal, seconds=settings.CLOUD_DEADLINE)
