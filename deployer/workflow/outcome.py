"""What became of a submission, written down for the worker. Each report is fenced by the lease it was made under.

A step is: `claim` a due row, get ready (log in), `begin_sending`, call the cloud, then exactly one of `accepted`,
`refused`, `put_back`, `unknown`. A row found unknown is claimed again to be settled by looking: `accepted`,
`look_again` or `needs_person`. A report under a lease that is no longer the row's changes nothing.
"""

import json
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from deployer.domain.lifecycle import Outcome, State
from deployer.models import Attempt, Deployment, Service, Submission
from deployer.workflow import history, locking
from deployer.workflow.submission import close, stale, was_lost


@dataclass(frozen=True)
class Tried:
    """One call as it went: what an Attempt row will say. Times aware, `answer` masked, at most 4 KB."""

    kind: str
    worker: str
    started_at: datetime
    detail: str
    http_status: int | None = None
    request_id: str = ""
    answer: str = ""


class LeaseLost(Exception):
    """Somebody else took the row over meanwhile. Nothing was changed."""


def claim(pk: int, *, outcome: str, seconds: float) -> Submission | None:
    """Lease a due row in this outcome (waiting or unknown) for so long, or None if it is not ours to take."""
    now = timezone.now()
    free = Q(lease="") | Q(lease_until__lt=now)
    until = now + timedelta(seconds=seconds)
    token = secrets.token_hex(16)
    rows = Submission.objects.filter(free, pk=pk, outcome=outcome, needs_person=False, next_action_at__lte=now)
    if rows.update(lease=token, lease_until=until, next_action_at=until) != 1:
        return None
    return Submission.objects.select_related("target", "version", "deployment").get(pk=pk)


@contextmanager
def held(submission: Submission, *outcomes: str) -> Iterator[tuple[Deployment, Submission]]:
    """Deployment and submission as they are now, locked, if the lease still holds; else LeaseLost."""
    with transaction.atomic():
        fresh = locking.locked(submission.deployment)
        row = locking.for_change(Submission.objects.all()).get(pk=submission.pk)
        row.target = fresh.target
        if row.lease != submission.lease or not row.lease or row.outcome not in outcomes:
            raise LeaseLost(submission.pk)
        yield fresh, row


def begin_sending(submission: Submission, *, seconds: float, listed: Collection[str] = ()) -> bool:
    """Commit the intent: from here on a crash leaves the row unknown, not untouched.

    `listed`: ids of services of this name that the cloud showed just now; with those we know ourselves they can
    never be adopted as what this call made. False when it must not go out: the approval went stale (the row is
    cancelled, or left to a person if an earlier call of it was lost), the target is not the one the caller made
    ready for, or another row of the same name is being sent or unknown (it waits its turn).
    """
    try:
        with held(submission, Outcome.WAITING) as (fresh, row):
            why = stale(fresh)
            if why:
                cancel_stale(fresh, row, why)
                return False
            if fresh.target.fingerprint != submission.target.fingerprint:
                release(row, timedelta(0))  # moved since the claim: made ready anew, for the target as it is
                return False
            now = timezone.now()
            row.outcome, row.sent_at, row.attempts = Outcome.SENDING, now, row.attempts + 1
            row.reason = ""
            if not was_lost(row):  # else a service that turned up since may well be ours
                row.known_before = json.dumps(sorted({*listed, *known_here(row)}))
            row.lease_until = row.next_action_at = now + timedelta(seconds=seconds)
            row.save()
            data = {"attempt": row.attempts, "fingerprint": row.fingerprint}
            history.write([history.Entry("sending", None, fresh, data=data)])
            return True
    except IntegrityError:
        wait_for_twin(submission)
        return False


def known_here(row: Submission) -> list[str]:
    """Services of this name that were seen before the call went out."""
    same = Service.objects.filter(target=row.target, name=row.service_name)
    return list(same.values_list("service_id", flat=True))


def cancel_stale(fresh: Deployment, row: Submission, why: str) -> None:
    """Not sent. Only what certainly had no effect is cancelled: a lost call is decided by a person."""
    if was_lost(row):
        row.outcome, row.reason = Outcome.UNKNOWN, f"The answer of an earlier call was lost. {why}"
        leave_to_person(row)
        history.write([history.Entry("needs_person", None, fresh, comment=row.reason)])
        return
    row.reason = why
    close(row, Outcome.CANCELLED)
    send_back(fresh)
    history.write([history.Entry("cancelled", None, fresh, data={"reason": why})])


def wait_for_twin(submission: Submission) -> None:
    """The partial unique index spoke: this name is in flight in this target already."""
    with held(submission, Outcome.WAITING) as (_, row):
        row.reason = f"Another submission named {row.service_name} is in flight in {row.target}. This one waits."
        release(row, timedelta(seconds=5))


def accepted(submission: Submission, tried: Tried, *, service_id: str, resource_ids: list[str] | None = None) -> bool:
    """The cloud has it and we know its id. False when that id belongs to another submission: never adopted."""
    if is_taken(submission, service_id):
        return False
    try:
        record_accepted(submission, tried, service_id, resource_ids or [])
    except IntegrityError:
        if not is_taken(submission, service_id):
            raise
        return False  # another row was quicker by a moment
    return True


def is_taken(submission: Submission, service_id: str) -> bool:
    others = Submission.objects.filter(target=submission.target, service_id=service_id)
    return others.exclude(pk=submission.pk).exists()


def record_accepted(submission: Submission, tried: Tried, service_id: str, resource_ids: list[str]) -> None:
    with held(submission, Outcome.WAITING, Outcome.SENDING, Outcome.UNKNOWN) as (fresh, row):
        now = timezone.now()
        row.service_id, row.resource_ids, row.reason = service_id, json.dumps(resource_ids), ""
        close(row, Outcome.ACCEPTED)
        note(row, tried, "accepted")
        fresh.service = known_service(fresh, row, now)
        fresh.updated_at = now
        fresh.save()
        history.write([history.Entry("accepted", None, fresh, data={"service_id": service_id, "by": tried.kind})])


def known_service(fresh: Deployment, row: Submission, now: datetime) -> Service:
    """The service's row, to be looked at at once. A list may have shown it before its create was answered."""
    service, _ = Service.objects.get_or_create(
        target=row.target,
        service_id=row.service_id,
        defaults={
            "name": row.service_name,
            "infer_type": fresh.infer_type,
            "status": "",
            "created_at": now,
            "seen_at": now,
            "changed_at": now,
        },
    )
    Service.objects.filter(pk=service.pk).update(next_look_at=now)
    return service


def refused(submission: Submission, tried: Tried, *, reason: str, code: str = "", path: str = "") -> None:
    """The cloud said no: nothing exists. The deployment goes back to its authors; its approvals stay."""
    with held(submission, Outcome.SENDING) as (fresh, row):
        row.reason, row.error_code, row.problem_path = reason, code[:64], path[:200]
        close(row, Outcome.REFUSED)
        note(row, tried, "refused")
        send_back(fresh)
        data = {"code": code, "http_status": tried.http_status, "path": path}
        history.write([history.Entry("refused", None, fresh, comment=reason, data=data)])


def put_back(submission: Submission, tried: Tried, *, reason: str, seconds: float) -> None:
    """Certain that nothing left: back in the line, to be tried again after so many seconds."""
    with held(submission, Outcome.WAITING, Outcome.SENDING) as (fresh, row):
        was_out = row.outcome == Outcome.SENDING
        row.outcome, row.reason = Outcome.WAITING, reason
        release(row, timedelta(seconds=seconds))
        note(row, tried, "put_back")
        if was_out:
            history.write([history.Entry("put_back", None, fresh, comment=reason)])


def unknown(submission: Submission, tried: Tried, *, reason: str, seconds: float) -> None:
    """It may or may not have happened. It will be looked for; it is not sent again."""
    with held(submission, Outcome.SENDING) as (fresh, row):
        row.outcome, row.reason = Outcome.UNKNOWN, reason
        release(row, timedelta(seconds=seconds))
        note(row, tried, "unknown")
        history.write([history.Entry("answer_lost", None, fresh, comment=reason)])


def look_again(
    submission: Submission, tried: Tried, *, reason: str, seconds: float, outcome: str = "not_found"
) -> None:
    """Looked, found nothing that is certainly ours: look again later.

    With the outcome `no_look` the cloud could not be asked; while that stays so for the same reason, it is not
    written down again and again.
    """
    with held(submission, Outcome.UNKNOWN) as (_, row):
        is_news = outcome != "no_look" or row.reason != reason
        row.reason = reason
        release(row, timedelta(seconds=seconds))
        if is_news:
            note(row, tried, outcome)


def needs_person(submission: Submission, tried: Tried, *, reason: str, nothing_left: bool = False) -> None:
    """The worker can do no more. A person sees what was tried and decides.

    A row that was being sent becomes unknown, unless it is certain that `nothing_left`: then it waits in the line.
    """
    with held(submission, Outcome.WAITING, Outcome.UNKNOWN, Outcome.SENDING) as (fresh, row):
        if row.outcome == Outcome.SENDING:
            row.outcome = Outcome.WAITING if nothing_left else Outcome.UNKNOWN
        row.reason = reason
        leave_to_person(row)
        note(row, tried, "needs_person")
        history.write([history.Entry("needs_person", None, fresh, comment=reason)])


def dead(now: datetime) -> QuerySet[Submission]:
    """Rows whose sender has let its lease run out."""
    return Submission.objects.due(now).filter(outcome=Outcome.SENDING, lease_until__lt=now)


def reap(worker: str) -> int:
    """Rows whose sender died between intent and record become unknown. How many."""
    now = timezone.now()
    count = 0
    for submission in dead(now).select_related("deployment"):
        tried = Tried("send", worker, submission.sent_at or now, "The sender stopped before it wrote down an answer.")
        try:
            unknown(submission, tried, reason="The sender stopped before it wrote down an answer.", seconds=0)
            count += 1
        except LeaseLost:
            continue  # it woke up, or another sweep was quicker
    return count


def leave_to_person(row: Submission) -> None:
    row.needs_person, row.next_action_at = True, None
    row.lease, row.lease_until = "", None
    row.save()


def release(row: Submission, wait: timedelta) -> None:
    row.lease, row.lease_until = "", None
    row.next_action_at = timezone.now() + wait
    row.save()


def send_back(fresh: Deployment) -> None:
    fresh.state, fresh.updated_at = State.CHANGES_REQUESTED, timezone.now()
    fresh.save()


def note(row: Submission, tried: Tried, outcome: str) -> None:
    """The attempt, numbered within its submission. The submission's row is locked, so numbers are unique."""
    last = row.tries.order_by("-number").values_list("number", flat=True).first() or 0
    Attempt.objects.create(
        submission=row,
        number=last + 1,
        kind=tried.kind,
        worker=tried.worker[:64],
        started_at=tried.started_at,
        finished_at=timezone.now(),
        outcome=outcome,
        http_status=tried.http_status,
        request_id=tried.request_id[:128],
        detail=tried.detail,
        answer=tried.answer[:4096],
    )
