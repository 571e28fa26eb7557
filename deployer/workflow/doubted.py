"""What a person said came of a lost call, and the cloud does not know: the word is taken back, and decided anew."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from deployer.domain.lifecycle import Outcome
from deployer.models import Attempt, Deployment, Event, Service, Submission
from deployer.workflow import history, locking
from deployer.workflow.outcome import left_to_person
from deployer.workflow.rounds import Round, held


def is_told(service: Service) -> bool:
    """Whether it is known by a person's word alone: no list and no look has ever shown it."""
    if service.status:
        return False
    rows = Submission.objects.filter(service_id=service.service_id, outcome=Outcome.ACCEPTED)
    row = rows.filter(deployment__service=service).first()
    return row is not None and was_told(row)


def was_told(row: Submission) -> bool:
    last = row.tries.order_by("-number").first()
    return last is not None and last.kind == Attempt.Kind.HAND


def disown(current: Round, service: Service, worker: str) -> bool:
    """Forget a service that was told (`is_told`) and that the cloud has just said it does not know.

    The row is *unknown* and needs a person, who reads who said what; the deployment has no service. False where that
    cannot be said now: not everything was listed since it was told, the target leads to another project than when it
    was sent, or another row of its name is out. Raises LeaseLost.
    """
    if current.listed_at is None or current.listed_at <= service.created_at:
        return False
    try:
        with transaction.atomic():
            return taken_back(current, service, worker)
    except IntegrityError:
        return False


def taken_back(current: Round, service: Service, worker: str) -> bool:
    owners = list(Deployment.objects.filter(service=service)[:2])
    if len(owners) != 1:
        return False
    fresh = locking.locked(owners[0])
    with held(current):
        row = locking.for_change(Submission.objects.filter(service_id=service.service_id, deployment=fresh)).first()
        there = locking.for_change(Service.objects.all()).filter(pk=service.pk, status="").first()
        is_as_it_was = there is not None and row is not None and fresh.service_id == service.pk
        if row is None or not is_as_it_was or row.outcome != Outcome.ACCEPTED or not was_told(row):
            return False
        if row.pk != fresh.submission_id or row.site != fresh.target.site:
            return False
        taken(fresh, row, worker)
        service.delete()
    return True


def taken(fresh: Deployment, row: Submission, worker: str) -> None:
    """Its row and its deployment are locked."""
    said = Event.objects.filter(deployment=fresh, action="settle_as").order_by("-number").first()
    reason = (
        f"{said.by_name if said else 'Somebody'} said that it is {row.service_id}, and {fresh.target} knows no "
        "service of this id. Look in the cloud, then say which it is, send again or give up."
    )
    now = timezone.now()
    Attempt.objects.create(
        submission=row, number=row.tried + 1, kind=Attempt.Kind.LOOK, worker=worker[:64], started_at=now,
        finished_at=now, outcome="not_found", detail=f"There is no service {row.service_id}.",
    )  # fmt: skip
    columns = left_to_person(row, Outcome.UNKNOWN, reason) | {"service_id": None, "settled_at": None}
    Submission.objects.filter(pk=row.pk).update(**columns, tried=row.tried + 1)
    fresh.service, fresh.updated_at = None, now
    fresh.save()
    history.write([history.Entry("needs_person", None, fresh, comment=reason)])
