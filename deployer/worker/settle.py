"""Settling a lost answer by looking: exact name and content, never by sending again."""

import copy
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import timezone

from deployer.domain.lifecycle import Outcome
from deployer.modelarts.answers import ServiceSeen
from deployer.modelarts.client import LONGEST_ID, ModelArts
from deployer.modelarts.errors import ModelArtsError
from deployer.models import Submission
from deployer.worker import clouds, waits
from deployer.worker.likeness import differences, names_models
from deployer.worker.records import AWAY, OUR_FAULT, insist, tried, words
from deployer.workflow import outcome

log = logging.getLogger(__name__)

MOST_FAILED_LOOK = 4.0  # seconds of pause while the cloud cannot be asked: soon after it answers again, we know
QUICK_LOOK = 6.0  # seconds of one look, so that a call that hangs does not outlast the trouble
PATIENT = 5  # every so many looks takes its time, for a cloud that is slow for long

NOTHING_YET = "No answer came back. It was looked for by name; nothing there yet, so it is looked for again."
FOR_A_PERSON = (
    "Look at it in the cloud, then say that it is this service, or give up, or delete it there and send again."
)


@dataclass(frozen=True)
class Finding:
    """What a look brought: the service that is certainly ours, or what stands in its place."""

    ours: ServiceSeen | None = None
    other: str = ""
    unreadable: str = ""  # ids of what is listed under our name while its content cannot be read: it may be ours

    def hidden(self, submission: Submission, todo: str) -> str:
        """What cannot be read, and what comes of it; empty where there is no such service."""
        if not self.unreadable:
            return ""
        listed = f"A service named {submission.service_name} is listed, but its content cannot be read:"
        return f"{listed} {self.unreadable}. It may be what was sent. {todo}"


def settle(pk: int, worker: str) -> bool:
    """Look once for what an unknown row may have made. False if the row is not ours to settle."""
    submission = outcome.claim(pk, outcome=Outcome.UNKNOWN, seconds=2 * settings.CLOUD_DEADLINE + 15)
    if submission is None:
        return False
    started_at = timezone.now()
    finding, trouble = (Finding(), None) if has_moved(submission) else looked(submission)
    if trouble:
        report = partial(could_not_look, submission, worker, started_at, trouble)
    else:
        report = partial(conclude, submission, worker, started_at, finding)
    try:
        insist(report, about=submission, seconds=settings.CLOUD_DEADLINE)
    except outcome.LeaseLost:
        log.warning("Submission %s was settled by somebody else meanwhile.", submission.pk)
    return True


def looked(submission: Submission) -> tuple[Finding, Exception | None]:
    """One look, or why there was none. Only a lost database is raised."""
    try:
        with quick_client(submission) as cloud:
            return look(cloud, submission), None
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - a bad row is put off and never stops the line
        return Finding(), trouble


@contextmanager
def quick_client(submission: Submission) -> Iterator[ModelArts]:
    with clouds.looking_at(submission.target) as cloud:
        quick = copy.copy(cloud)  # connections and login are shared
        if submission.looks % PATIENT != PATIENT - 1:
            quick.deadline = min(cloud.deadline, QUICK_LOOK)
        yield quick


def look(cloud: ModelArts, submission: Submission) -> Finding:
    """Search by exact name and compare the content. Raises the errors of a read.

    What belongs to another submission, or is the twin of one, is no news; nor what was there before the call, or what
    is known as ours already.
    """
    sent = json.loads(submission.version.payload)
    never_ours = {*json.loads(submission.known_before), submission.service_id}
    other, unreadable = "", []
    for seen in cloud.services_named(submission.service_name, workspace_id=sent.get("workspace_id")):
        if seen.service_id in never_ours or outcome.is_taken(submission, seen.service_id):
            continue
        if not is_usable(seen.service_id):
            unreadable.append("one whose id is of no use")
            continue
        detail = cloud.service(seen.service_id)
        unlike = differences(sent, detail.raw) if detail else ["detail"]
        if not unlike:
            return Finding(ours=seen)
        if detail and names_models(detail.raw):
            other = f"{seen.service_id} ({', '.join(unlike[:3])})"
        else:  # not yet there, already gone, or hidden by the cloud: only a later look, or a person, can tell which
            unreadable.append(seen.service_id)
    return Finding(other=other, unreadable=", ".join(unreadable[:3]))


def is_usable(service_id: str) -> bool:
    """Whether a service can be asked for by it."""
    return 0 < len(service_id) <= LONGEST_ID and service_id.isprintable()


def conclude(submission: Submission, worker: str, started_at: datetime, finding: Finding) -> None:
    """Accepted, or look again, or a person decides."""
    if finding.ours:
        detail = f"Found by its name, with the content that was sent: {finding.ours.service_id}."
        report = tried("look", worker, started_at, detail)
        if outcome.accepted(submission, report, service_id=finding.ours.service_id):
            return
    if finding.other:
        there = f"A service named {submission.service_name} is there, but with other content than was sent:"
        todo = finding.hidden(submission, FOR_A_PERSON) or "Look at it, then send again or give up."
        leave(submission, worker, started_at, f"{there} {finding.other}. {todo}")
    elif has_moved(submission):
        reason = (
            f"{submission.target} leads to another project now than when this was sent. "
            "Look into the old one, then send again or give up."
        )
        leave(submission, worker, started_at, reason)
    elif quiet_is_over(submission):
        after_the_quiet(submission, worker, started_at, finding)
    else:
        hidden = finding.hidden(submission, "It is looked at again.")
        reason = f"No answer came back. {hidden}" if hidden else NOTHING_YET
        report = tried("look", worker, started_at, reason)
        seconds = waits.before_looking_again(submission.looks, since_call=age(submission))
        outcome.look_again(submission, report, reason=reason, seconds=seconds)


def after_the_quiet(submission: Submission, worker: str, started_at: datetime, finding: Finding) -> None:
    """Nothing showed. A person decides, or the target lets it be sent again by itself, once.

    What is listed and cannot be read may be what was sent, so then only a person decides.
    """
    if hidden := finding.hidden(submission, FOR_A_PERSON):
        leave(submission, worker, started_at, hidden)
        return
    reason = (
        f"No service of this name and content showed for {quiet_words(submission)}. It most likely was not created."
    )
    if submission.target.resends_itself and submission.lost == 1:
        reason += " It is sent once more by itself, as the target allows."
        outcome.send_itself_again(submission, tried("look", worker, started_at, reason), reason=reason)
        return
    leave(submission, worker, started_at, f"{reason} Look in the cloud, then send again or give up.")


def leave(submission: Submission, worker: str, started_at: datetime, reason: str) -> None:
    """To a person."""
    outcome.needs_person(submission, tried("look", worker, started_at, reason), reason=reason)


def has_moved(submission: Submission) -> bool:
    """Whether a look at the target is a look elsewhere, which proves nothing."""
    return submission.site != submission.target.site


def could_not_look(submission: Submission, worker: str, started_at: datetime, trouble: Exception) -> None:
    """The cloud could not be asked. That proves nothing and uses nothing up."""
    why = words(trouble)
    if why == OUR_FAULT:
        log.error("Settling submission %s broke.", submission.pk, exc_info=trouble)
    reason = f"No answer came back, and the cloud cannot be asked for it now. {why}"
    report = tried("look", worker, started_at, reason, trouble)
    stays = not isinstance(trouble, ModelArtsError) or trouble.needs_person  # trying again does not help
    if stays and quiet_is_over(submission):
        outcome.needs_person(submission, report, reason=reason)
        return
    asked = min(getattr(trouble, "retry_after", None) or 0.0, waits.LONGEST_PAUSE)
    seconds = max(asked, min(MOST_FAILED_LOOK, 1.0 + submission.looks))
    outcome.look_again(submission, report, reason=reason, seconds=seconds, outcome="no_look")


def age(submission: Submission) -> float:
    """Seconds since the last call, by the database's clock."""
    return (submission.clock - (submission.sent_at or submission.created_at)).total_seconds()


def quiet_is_over(submission: Submission) -> bool:
    return age(submission) > submission.target.quiet_seconds


def quiet_words(submission: Submission) -> str:
    seconds = submission.target.quiet_seconds
    return f"{seconds // 60} min" if seconds >= 60 and seconds % 60 == 0 else f"{seconds} s"
