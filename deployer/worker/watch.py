"""Watching a service: the cloud's status is copied until it settles, then looked at now and then."""

import logging

from django.conf import settings
from django.utils import timezone

from deployer.models import Service
from deployer.worker import clouds, waits
from deployer.worker.records import AWAY
from deployer.worker.sights import sight_of
from deployer.workflow import watching

log = logging.getLogger(__name__)

PUT_OFF = 10.0  # seconds, while the cloud cannot be asked
NEW = 60.0  # seconds in which a created service may not be visible yet


def watch(pk: int, worker: str) -> bool:
    """Look at one service that is due. False if somebody else has it."""
    service = watching.claim(pk, seconds=settings.CLOUD_DEADLINE + 15)
    if service is None:
        return False
    try:
        with clouds.looking_at(service.target) as cloud:
            seen = cloud.service(service.service_id)
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - what was last seen stays, with its time
        log.info("Service %s cannot be looked at: %s", service.service_id, type(trouble).__name__)
        watching.put_off(service, seconds=PUT_OFF)
        return True
    if seen is None and is_new(service):
        watching.put_off(service, seconds=waits.MOVING)
        return True
    sight = sight_of(seen, with_config=True) if seen else None
    status = sight.status if sight else watching.GONE
    again_in = waits.before_watching_again(status.lower(), settled=watching.is_settled(status))
    watching.seen(service, sight, again_in=again_in)
    return True


def is_new(service: Service) -> bool:
    """Just created and never seen: a cloud may need a moment to show what it has accepted."""
    return service.status == "" and (timezone.now() - service.created_at).total_seconds() < NEW
