"""Deleting a twin: asked for by an operator with a reason, done by the worker, every call written down.

Only what was made beside an adopted service, by the same sending, is ever deleted. What a submission adopted is not.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from deployer.domain.problems import BLOCK, Problem
from deployer.models import Person, Removal, RemovalAttempt, Service, Submission
from deployer.models.clock import DbNow
from deployer.workflow import history, locking
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed
from deployer.workflow.outcome import LeaseLost, Tried
from deployer.workflow.submission import became_due
from deployer.workflow.watching import GONE

LONGEST = 4000  # characters of a reason
OPEN = ("waiting", "deleting")


def refusal(person: Person) -> str:
    """Why this person may not have a twin deleted; empty if they may."""
    return "" if "operator" in person.roles else "Only operators delete a twin."


def objection(service: Service) -> str:
    """Why this service is not one to be deleted, whoever asks; empty if it is a twin. One or two queries."""
    if service.twin_of_id is None:
        return f"{service.name} is no twin of another service, so it is not deleted here."
    if is_adopted(service):
        return f"{service.service_id} is what a deployment made and keeps. It is not deleted here."
    return "" if service.status != GONE else f"{service.service_id} is gone from the cloud already."


def is_adopted(service: Service) -> bool:
    """Whether a submission took it as its outcome: in any target, since two may name one project."""
    return Submission.objects.filter(service_id=service.service_id).exists()


def made_by(service: Service) -> Submission | None:
    """The submission whose service this one is the twin of."""
    brother = service.twin_of
    if brother is None:
        return None
    rows = Submission.objects.filter(target=brother.target_id, service_id=brother.service_id)
    return rows.select_related("deployment", "version").first()


@transaction.atomic
def ask(service: Service, *, by: Person, reason: str) -> Removal:
    """Put the deletion of a twin in the line.

    Raises NotAllowed, MovedOn when it is no twin (any more) or its deletion is asked for already, HasProblems
    without a reason.
    """
    why = refusal(by)
    if why:
        raise NotAllowed(why)
    fresh = Service.objects.select_related("target", "twin_of").get(pk=service.pk)
    submission = made_by(fresh)
    deployment = locking.locked(submission.deployment) if submission else None
    against = objection(fresh) or ("" if submission else "The deployment that made its brother is not known.")
    if against or submission is None:
        raise MovedOn(deployment, against)
    if not reason.strip() or len(reason) > LONGEST:
        words = "Say why." if not reason.strip() else f"The reason is longer than {LONGEST:,} characters."
        raise HasProblems([Problem("comment", BLOCK, words)])
    now = timezone.now()
    try:
        with transaction.atomic():
            removal = Removal.objects.create(
                target=fresh.target,
                submission=submission,
                service=fresh,
                reason=reason.strip(),
                asked_by=by,
                asked_at=now,
                next_action_at=DbNow(),
            )
    except IntegrityError:
        raise MovedOn(deployment, "Its deletion has been asked for already.") from None
    became_due.send(Removal, removal=removal)
    data = {"removal": removal.pk, "service_id": fresh.service_id, "name": fresh.name}
    history.write([history.Entry("removal_asked", by, deployment, comment=reason.strip(), data=data)])
    return removal


# -- what the worker reports


def claim(pk: int, *, seconds: float) -> Removal | None:
    """Lease a removal that is due for so many seconds, by the database's clock; None if it is not ours to take."""
    token, until = secrets.token_hex(16), DbNow() + timedelta(seconds=seconds)
    due = Removal.objects.filter(pk=pk, outcome__in=OPEN, next_action_at__lte=DbNow())
    if due.update(lease=token, lease_until=until, next_action_at=until) != 1:
        return None
    rows = Removal.objects.select_related("target", "service", "submission__version", "submission__deployment")
    return rows.filter(pk=pk, lease=token).first()


@contextmanager
def held(removal: Removal) -> Iterator[Removal]:
    """The row as it is now, locked, if the lease still holds; else LeaseLost and nothing is changed."""
    with transaction.atomic():
        deployment = locking.locked(removal.submission.deployment)
        row = locking.for_change(Removal.objects.select_related("service")).get(pk=removal.pk)
        if not row.lease or row.lease != removal.lease or row.outcome not in OPEN:
            raise LeaseLost(removal.pk)
        row.submission.deployment = deployment
        yield row


def begin(removal: Removal, *, seconds: float) -> str:
    """Commit the intent to delete, or say why it must not be; the service is asked for once more.

    `seconds`: the lease for the call and its record.
    """
    with held(removal) as row:
        against = objection(Service.objects.get(pk=row.service_id))
        if against:
            return against
        row.outcome = "deleting"
        row.save(update_fields=["outcome"])
        until = DbNow() + timedelta(seconds=seconds)
        Removal.objects.filter(pk=row.pk).update(lease_until=until, next_action_at=until)
    return ""


def again(removal: Removal, tried: Tried, outcome: str, *, seconds: float) -> None:
    """Note one call; look again after so many seconds."""
    with held(removal) as row:
        note(row, tried, outcome)
        later = DbNow() + timedelta(seconds=seconds)
        Removal.objects.filter(pk=row.pk).update(
            said=tried.detail, attempts=row.attempts, lease="", lease_until=None, next_action_at=later
        )


def done(removal: Removal, tried: Tried, outcome: str) -> None:
    """The last word: deleted, refused or unlike, with its event; a service that is gone is remembered as gone."""
    with held(removal) as row:
        note(row, tried, outcome)
        now = timezone.now()
        row.outcome, row.said, row.settled_at = outcome, tried.detail, now
        row.lease, row.lease_until, row.next_action_at = "", None, None
        row.save()
        if outcome == "deleted":
            gone = {"status": GONE, "progress": None, "is_settled": True, "next_look_at": None}
            seen = {"changed_at": now, "seen_at": now, "missing_since": None}  # it was the cloud who said so
            Service.objects.filter(pk=row.service_id).exclude(status=GONE).update(**gone, **seen)
        data = {"removal": row.pk, "service_id": row.service.service_id, "outcome": outcome}
        deployment = row.submission.deployment
        history.write([history.Entry("removal_done", None, deployment, comment=tried.detail, data=data)])


def note(row: Removal, tried: Tried, outcome: str) -> None:
    """The attempt, numbered within its removal. The row is locked, so its count is the number."""
    row.attempts += 1
    fit = replace(tried, worker=tried.worker[:64], request_id=tried.request_id[:128], answer=tried.answer[:4096])
    RemovalAttempt.objects.create(
        removal=row,
        number=row.attempts,
        kind=fit.kind,
        worker=fit.worker,
        started_at=fit.started_at,
        finished_at=timezone.now(),
        outcome=outcome,
        http_status=fit.http_status,
        request_id=fit.request_id,
        detail=fit.detail,
        answer=fit.answer,
    )
