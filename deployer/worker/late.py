"""Looking for what a lost call made long after somebody decided: with long waits, for a day."""

import logging
from functools import partial

from django.conf import settings
from django.utils import timezone

from deployer.modelarts.answers import ServiceSeen
from deployer.models import Submission
from deployer.worker import settle, waits
from deployer.worker.records import insist, tried
from deployer.workflow import late

log = logging.getLogger(__name__)


def look_late(pk: int, worker: str) -> bool:
    """One late look. False if the row is not ours to look for."""
    submission = late.claim(pk, seconds=2 * settings.CLOUD_DEADLINE + 15)
    if submission is None:
        return False
    again_in = None if settle.has_moved(submission) else waits.before_late_look(settle.age(submission))
    finding, trouble = settle.looked(submission) if again_in else (settle.Finding(), None)
    if trouble:
        log.info("Submission %s cannot be looked for: %s", pk, type(trouble).__name__)
    if finding.ours:
        report = partial(link, submission, worker, finding.ours, again_in)
    else:
        report = partial(late.nothing, submission, seconds=again_in)
    try:
        insist(report, about=submission, seconds=settings.CLOUD_DEADLINE)
    except late.LeaseLost:
        log.info("Submission %s was decided by somebody meanwhile.", pk)
    return True


def link(submission: Submission, worker: str, seen: ServiceSeen, again_in: float | None) -> None:
    """Accepted, or the twin of what came of it meanwhile."""
    detail = f"It showed late, by its name and with the content that was sent: {seen.service_id}."
    report = tried("look", worker, timezone.now(), detail)
    if not late.found(submission, report, seen.service_id, seconds=again_in):
        late.nothing(submission, seconds=again_in)
