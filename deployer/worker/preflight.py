"""Checking a request against the cloud before anybody relies on it."""

import json
import logging

from deployer.domain import preflight as checks
from deployer.modelarts.errors import ModelArtsError
from deployer.models import Preflight
from deployer.worker import clouds, facts
from deployer.worker.records import AWAY, OUR_FAULT
from deployer.worker.troubles import is_refusal, why_not_read
from deployer.workflow import preflight as runs

log = logging.getLogger(__name__)

LIMIT = 20.0  # seconds for all questions of one run
RECORD = 20.0  # and for writing down what was found
WAITS = (2.0, 6.0)  # seconds before the second and the third try, which is the last
NEVER_DONE = "It was begun three times and never came to an end."


def preflight(pk: int, worker: str) -> bool:
    """Make one run that is due. False if somebody else has it."""
    row = runs.claim(pk, seconds=LIMIT + RECORD)
    if row is None:
        return False
    if row.tries > runs.MOST_CLAIMS:
        runs.give_up(row, NEVER_DONE)
        return True
    target, body = row.deployment.target, json.loads(row.payload)
    try:
        with clouds.looking_at(target) as cloud:
            found = checks.run(body, facts.gather(target, body, cloud, seconds=LIMIT))
    except AWAY:
        raise  # the lease ends by itself
    except Exception as trouble:  # noqa: BLE001 - one bad row is put off and never stops the line
        could_not_look(row, trouble)
        return True
    runs.finish(row, found)
    return True


def could_not_look(row: Preflight, trouble: Exception) -> None:
    """The cloud could not be asked for anything: again a few times, then the run is over without a verdict."""
    reason = why_not_read(trouble)
    if reason == OUR_FAULT:
        log.error("Preflight %s broke.", row.pk, exc_info=trouble)
    is_last = row.tries >= runs.MOST_CLAIMS or not isinstance(trouble, ModelArtsError) or is_refusal(trouble)
    if is_last:
        runs.give_up(row, reason.removesuffix(" It is asked again."))
    else:
        runs.put_off(row, reason=reason, seconds=WAITS[row.tries - 1])
