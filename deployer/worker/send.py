"""Sending one approved request, once. Safe to call again at any moment."""

import hashlib
import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from deployer.domain.lifecycle import Outcome
from deployer.modelarts.answers import Created, ServiceSeen
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import (
    CloudFault,
    LoginRefused,
    ModelArtsError,
    NoAnswer,
    NotSent,
    Refused,
    Throttled,
    field_of,
)
from deployer.models import Submission
from deployer.worker import before, clouds, recheck, settle, troubles, waits
from deployer.worker.records import AWAY, OUR_FAULT, insist, tried, words
from deployer.worker.shares import shares
from deployer.worker.slots import slots
from deployer.workflow import intent, outcome

log = logging.getLogger(__name__)

NAME_TAKEN = "ModelArts.3503"
LATEST = 10.0  # seconds from intent to call; with the deadline of the call it stays within the lease
EARLIER = "So it said to the second call; the answer to the one before was lost. Look in the cloud, then give up."
LOST = "No answer came back. We do not know yet whether the service was created, so it is looked for by name."


def ticks() -> float:
    """Seconds that pass also while the machine sleeps, whatever its clock says."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass
class Going:
    """One row on its way out: its lease, who has it, and since when."""

    submission: Submission
    worker: str
    started_at: datetime = field(default_factory=timezone.now)
    intended_at: float | None = None  # by ticks(), just before the intent was written
    advice: str = ""  # what the preflight said against it, where the target only wants advice

    @property
    def was_lost(self) -> bool:
        """Whether an earlier call of this row may have had an effect."""
        return self.submission.lost > 0

    @property
    def body(self) -> bytes:
        return self.submission.version.payload.encode()


class Altered(Exception):
    """The stored request is not what was approved."""


class MayBeThere(Exception):
    """What an earlier call made may be listed, and cannot be read. The text says so, for people."""


def ready_seconds() -> float:
    """The lease for getting ready: a login and a list, each within one deadline, and the preflight."""
    return 2 * settings.CLOUD_DEADLINE + 2 * recheck.seconds() + 15


def call_seconds() -> float:
    """The lease for the call and its record."""
    return settings.CLOUD_DEADLINE + 15


def send(pk: int, worker: str) -> bool:
    """Send one row, if it is ours to send. False if it is not, or not now.

    A row is only read while it is made ready: claim and intent are one transaction. Whose earlier call was lost is
    claimed first, since looking for its effect takes a while.
    """
    submission = outcome.read(pk)
    if submission is None:
        return False  # another worker has it, or it is no longer due
    if submission.is_held:
        return intent.hold_behind(submission)
    if slots.are_stuck(submission.target_id):
        return False
    if submission.lost:
        submission = outcome.claim(pk, outcome=Outcome.WAITING, seconds=ready_seconds())
    return submission is not None and send_out(Going(submission, worker))


def send_out(going: Going) -> bool:
    try:
        with shares.one(going.submission.target_id) as is_ours:
            if not is_ours:
                return intent.let_go(going.submission)
            cloud, listed, twin = make_ready(going)
    except AWAY:
        raise  # nobody is kept from the row, or its lease ends by itself; nothing left
    except Exception as trouble:  # noqa: BLE001 - one bad row is put off and never stops the line
        return intent.own(going.submission, seconds=call_seconds()) and not_yet(going, trouble)
    if twin:
        return adopt(going, twin)
    with slots.one(going.submission.target_id) as is_ours:
        if not is_ours:
            return intent.let_go(going.submission)
        going.started_at, going.intended_at = timezone.now(), ticks()
        if not outcome.begin_sending(going.submission, seconds=call_seconds(), listed=listed):
            return False
        slots.departed()
        answer = call(going, cloud)
        if slots.are_as_many_as(going.submission.target.most_calls):
            record(going, *answer)
            return True
    slots.after_you()
    record(going, *answer)
    return True


def make_ready(going: Going) -> tuple[ModelArts, set[str], ServiceSeen | None]:
    """Everything that can be done before the intent is written, so that the window is small.

    A row whose earlier call was lost is looked for once more: somebody decided to send it again, but an effect
    that has shown meanwhile is better than a second one. Raises recheck.Blocked where the target requires a preflight
    that does not pass any more, NotSeen where it cannot be made, MayBeThere where a service of its name cannot be read,
    and RefusedLately where the credentials were refused a moment ago.
    """
    check_bytes(going)
    target, body = going.submission.target, json.loads(going.body)
    with clouds.looking_at(target) as cloud:
        cloud.login()
        return looked_around(going, cloud, body)


def looked_around(
    going: Going, cloud: ModelArts, body: dict[str, Any]
) -> tuple[ModelArts, set[str], ServiceSeen | None]:
    """What an earlier call has made after all, else what has the name already and what the preflight says."""
    target = going.submission.target
    here = going.was_lost and not settle.has_moved(going.submission)
    if here:
        found = settle.look(cloud, going.submission)
        if found.ours:
            return cloud, set(), found.ours
        if hidden := found.hidden(going.submission, f"Nothing was sent again. {settle.FOR_A_PERSON}"):
            raise MayBeThere(hidden)
    # Before the list of services, which is to be young when the intent is written.
    facts = recheck.learnt(target, body, cloud)
    listed: set[str] = set()
    if not going.was_lost:
        listed = before.listed(cloud, target.pk, body.get("workspace_id"), going.submission.service_name)
    going.advice = recheck.judge(target, body, facts, listed)
    return cloud, listed, None


def check_bytes(going: Going) -> None:
    """What was signed is what is sent: the very bytes that go out have the approved fingerprint."""
    found = hashlib.sha256(going.body).hexdigest()
    if not found == going.submission.version.fingerprint == going.submission.fingerprint:
        raise Altered


def call(going: Going, cloud: ModelArts) -> tuple[Created | None, Exception | None]:
    """The one call. Whatever is raised, programming errors included, is an outcome.

    A process that stood still after its intent makes none: its lease may be over before the call is.
    """
    if going.intended_at is not None and ticks() - going.intended_at > LATEST:
        return None, NotSent("This worker stood still before the call. It is tried again.", cause="late")
    try:
        return cloud.create_service(going.body), None
    except Exception as trouble:  # noqa: BLE001 - after the intent an exception means: we do not know
        return None, trouble


def record(going: Going, created: Created | None, trouble: Exception | None) -> None:
    """Write down how the call went, in exactly one of the ways there are."""
    if created:
        took(going, created)
    elif isinstance(trouble, Refused) and not (going.was_lost and trouble.code == NAME_TAKEN):
        refused(going, trouble)
    elif isinstance(trouble, (NotSent, Throttled, LoginRefused)):
        not_yet(going, trouble)
    else:
        unknown(going, trouble)


def took(going: Going, created: Created) -> None:
    detail = f"The cloud accepted it as {created.service_id}. {going.advice}".strip()
    report = outcome.Tried(
        "send", going.worker, going.started_at, detail, created.http_status, created.request_id, created.raw
    )
    resources = list(created.resource_ids)
    if not written(going, lambda: outcome.accepted(
        going.submission, report, service_id=created.service_id, resource_ids=resources
    )):  # fmt: skip
        unknown(going, NoAnswer("the cloud answered with a service that belongs to another submission"))


def adopt(going: Going, twin: ServiceSeen) -> bool:
    detail = f"It had been created by the earlier call, as {twin.service_id}. Nothing was sent again."
    report = tried("look", going.worker, going.started_at, detail)
    if not written(going, lambda: outcome.accepted(going.submission, report, service_id=twin.service_id)):
        not_yet(going, NoAnswer("the service found belongs to another submission"))
    return True


def refused(going: Going, refusal: Refused) -> None:
    said = refusal.for_people()
    reason = said if refusal.message in said else f"{said} ({refusal.message})"
    report = tried("send", going.worker, going.started_at, f"{reason} {going.advice}".strip(), refusal)
    if going.was_lost:  # this call did nothing, but the earlier one may have: refused would say that nothing exists
        left = f"{reason} {EARLIER}"
        written(going, lambda: outcome.needs_person(going.submission, report, reason=left))
        return
    path = field_of(refusal) or ""
    written(
        going,
        lambda: outcome.refused(going.submission, report, reason=reason, code=refusal.code, path=path),
    )


def unknown(going: Going, trouble: Exception | None) -> None:
    if not isinstance(trouble, (NoAnswer, CloudFault, Refused)) and trouble is not None:
        log.error("Sending submission %s broke.", going.submission.pk, exc_info=trouble)
    reason = words(trouble) if isinstance(trouble, CloudFault) else LOST
    report = tried("send", going.worker, going.started_at, reason, trouble)
    written(going, lambda: outcome.unknown(going.submission, report, reason=reason, seconds=1.0))


def not_yet(going: Going, trouble: Exception) -> bool:
    """Certain that this call created nothing: back in the line, or to a person where trying again would not help."""
    if isinstance(trouble, MayBeThere):
        return left_unsent(going, str(trouble))
    submission = going.submission
    reason = troubles.why_not_sent(trouble) if isinstance(trouble, ModelArtsError) else words(trouble)
    if isinstance(trouble, Altered):
        reason = "The stored request no longer has its fingerprint. Nothing is sent; tell an administrator."
    elif isinstance(trouble, (recheck.Blocked, recheck.NotSeen)):
        reason = str(trouble)
    if reason == OUR_FAULT:
        log.error("Getting submission %s ready broke.", submission.pk, exc_info=trouble)
    kind = "login" if isinstance(trouble, LoginRefused) else "send"
    report = tried(kind, going.worker, going.started_at, reason, trouble)
    is_final = isinstance(trouble, (Altered, recheck.Blocked))
    if is_final or (isinstance(trouble, ModelArtsError) and trouble.needs_person):
        written(going, lambda: outcome.needs_person(submission, report, reason=reason, nothing_left=True))
        return True
    asked = getattr(trouble, "retry_after", None)
    chance = random.random()  # noqa: S311 - spreads rows over time, guards nothing
    seconds = waits.before_sending_again(submission.returns, asked=asked, chance=chance)
    pause = waits.pause_for(asked) if isinstance(trouble, Throttled) else None
    written(going, lambda: outcome.put_back(submission, report, reason=reason, seconds=seconds, pause=pause))
    return True


def left_unsent(going: Going, reason: str) -> bool:
    """What the earlier call made may be there: nobody knows, so a person looks."""
    report = tried("look", going.worker, going.started_at, reason)
    written(going, lambda: outcome.needs_person(going.submission, report, reason=reason))
    return True


def written(going: Going, report: Callable[[], bool | None]) -> bool:
    """Report under our lease. When that is over, others have the row, and our news is theirs to find.

    False only when the report itself says that it could not be taken.
    """
    try:
        return insist(report, about=going.submission, seconds=call_seconds()) is not False
    except outcome.LeaseLost:
        log.warning("Submission %s was taken over before its outcome was written.", going.submission.pk)
        return True
