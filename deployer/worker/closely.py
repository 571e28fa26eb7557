"""Looking closely at one service: its detail, its events, and whether it is a twin of one of ours."""

import logging
import random
from datetime import datetime

from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import ModelArtsError
from deployer.modelarts.masking import masked
from deployer.models import Service
from deployer.worker import pace, twins
from deployer.worker.sights import sight_of
from deployer.worker.wakeups import own_name
from deployer.workflow import doubted, hearing, watching
from deployer.workflow.rounds import Round
from deployer.workflow.watching import LOST, Sight, is_settled

log = logging.getLogger(__name__)

NEW = 60.0  # seconds in which a created service may not be visible yet
JUDGED_AGAIN = 60.0  # a likeness that cannot be judged yet


def look_closely(cloud: ModelArts, current: Round, service: Service) -> None:
    """Ask for one service and write down what it shows. Raises the errors of a read, and LeaseLost."""
    seen = cloud.service(service.service_id)
    if seen is None:
        not_there(current, service)
        return
    sight = sight_of(seen, closely=True)
    if not sight.status:
        watching.look_later(current, [service.pk], seconds=pace.ODD)  # an answer that says nothing changes nothing
        return
    watching.copy(current, [(service, sight)], closely=True)
    heard = listened(cloud, current, service, sight)
    wait = pace.before_looking_closer(sight.status, is_gone=sight.status == watching.GONE, chance=random.random())  # noqa: S311
    if wait is not None and not twins.judged(service, seen):
        wait = min(wait, JUDGED_AGAIN)
    watching.look_closer_in(current, service, seconds=wait, heard=heard)


def not_there(current: Round, service: Service) -> None:
    """The cloud does not know it. A new one may show late; of others twice is enough."""
    if service.status == watching.GONE:
        watching.look_closer_in(current, service, seconds=None)
    elif service.status == "" and (current.now - service.created_at).total_seconds() < NEW:
        watching.look_later(current, [service.pk], seconds=pace.MOVING)
    elif doubted.is_told(service):
        if not doubted.disown(current, service, own_name()):
            watching.look_later(current, [service.pk], seconds=pace.ODD)
    elif service.missing_since is None:
        watching.missed(current, [service])
        watching.look_later(current, [service.pk], seconds=pace.MOVING)
    else:
        watching.copy(current, [(service, LOST)], closely=True)
        watching.look_closer_in(current, service, seconds=None)


def listened(cloud: ModelArts, current: Round, service: Service, sight: Sight) -> bool:
    """Copy its events where it is time to. Whether they were asked for; a cloud that keeps them back stops nothing."""
    since = (current.now - service.events_at).total_seconds() if service.events_at else None
    is_other = sight.status != service.status or was_asked(service)
    if not pace.wants_events(since, settled=is_settled(sight.status), changed=is_other):
        return False
    if hearing.is_full(service):
        return True
    try:
        told = cloud.events(service.service_id, since=hearing.from_when(service))
    except ModelArtsError as trouble:
        log.info("The events of %s cannot be read: %s", service.service_id, type(trouble).__name__)
        return True
    secrets = [str(current.target.secret), str(current.target.security_token)]
    hearing.keep(current, service, [heard(one.occurred_at, one.kind, one.text, secrets) for one in told])
    return True


def heard(at: datetime | None, kind: str, text: str, secrets: list[str]) -> hearing.Heard:
    """An event without what nobody should keep: the cloud may quote what it was given."""
    return hearing.Heard(at, kind, masked(text, secrets))


def was_asked(service: Service) -> bool:
    """Whether somebody wished for this look."""
    return service.asked_at is not None and service.asked_at > service.seen_at
