"""Watching a target: a list every few seconds while something moves in it, every minute while it is quiet."""

import logging
import time

from django.conf import settings

from deployer.modelarts.client import ModelArts
from deployer.models import Service
from deployer.worker import clouds, pace
from deployer.worker.around import Glance, is_moving, look_around
from deployer.worker.closely import look_closely, was_asked
from deployer.worker.ending import stopping
from deployer.worker.records import AWAY
from deployer.worker.troubles import is_refusal, why_not_read
from deployer.workflow import rounds, watching
from deployer.workflow.outcome import LeaseLost
from deployer.workflow.rounds import Round

log = logging.getLogger(__name__)

MOST_CLOSE = 10  # services looked at closely in one round
LONGEST_CLOSE = 5.0  # seconds for them, so that the next list is not late
MOST_TROUBLES = 2  # then it is not the service, it is the cloud


def watch(target: int, worker: str) -> bool:
    """Make one round in a target (by key) that is due. False if it is not, or somebody else makes it."""
    current = rounds.claim(target, seconds=settings.CLOUD_DEADLINE + 15)
    if current is None:
        return False
    try:
        with clouds.looking_at(current.target) as cloud:
            make_round(cloud, current)
    except (*AWAY, LeaseLost):
        raise
    except Exception as trouble:  # noqa: BLE001 - what was last seen stays, with its time
        log.info("Target %s cannot be watched: %s", current.target.name, type(trouble).__name__)
        asked = getattr(trouble, "retry_after", None)
        seconds = pace.before_asking_again(refused=is_refusal(trouble), asked=asked)
        rounds.put_off(current, seconds=seconds, problem=why_not_read(trouble))
    return True


def make_round(cloud: ModelArts, current: Round) -> None:
    """Look around, then closely at who moved or is due; say when the next round is."""
    glance = look_around(cloud, current)
    look_at_each(cloud, current, in_order(current, glance))
    whole_in = pace.WHOLE if current.is_whole else None
    until_whole = pace.WHOLE if current.is_whole else (current.whole_look_at - current.now).total_seconds()
    again_in = pace.before_next_round(is_moving=is_moving(current), until_whole=until_whole)
    rounds.finish(current, again_in=again_in, whole_in=whole_in, problem=glance.problem)


def in_order(current: Round, glance: Glance) -> list[int]:
    """Whom to look at closely: who was asked for, who moved, then who is due, longest first."""
    due = {row.pk: row for row in Service.objects.filter(pk__in=current.due).only("asked_at", "seen_at")}
    wished = [pk for pk in current.due if pk in due and was_asked(due[pk])]
    return list(dict.fromkeys([*wished, *(row.pk for row in glance.closer), *current.due]))


def look_at_each(cloud: ModelArts, current: Round, keys: list[int]) -> None:
    """Look at some, one after the other. Those for whom there was no time stay due.

    One that breaks is put off alone; if more break, the rest is left for later.
    """
    ends_at, troubles = time.monotonic() + LONGEST_CLOSE, 0
    for place, pk in enumerate(keys):
        if place >= MOST_CLOSE or time.monotonic() > ends_at or stopping.is_set() or troubles >= MOST_TROUBLES:
            seconds = pace.AWAY if troubles >= MOST_TROUBLES else 0.0
            watching.look_later(current, keys[place:], seconds=seconds)
            return
        rounds.renew(current)
        service = Service.objects.filter(pk=pk).first()
        if service is None:
            continue
        try:
            look_closely(cloud, current, service)
        except (*AWAY, LeaseLost):
            raise
        except Exception as trouble:  # noqa: BLE001 - one service that cannot be read stops no other
            log.info("Service %s cannot be looked at: %s", service.service_id, type(trouble).__name__)
            watching.look_later(current, [service.pk], seconds=pace.ODD)
            troubles += 1
