"""What a person said came of a lost call, and the cloud does not know: the word is taken back, and decided anew."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from deployer.domain.lifecycle import Outcome
from deployer.models import Attempt, Deployment, Event, Service, Submission
from deployer.workflow import history, locking
from deployer.workflow.outcome import left_to_person


def disown(service: Service, worker: str) -> bool:
    """Forget a service that no look has ever shown and that is known by a person's word alone. False if it is not so,
    or if its row cannot be lost again now, since another of its name is out; then the next look tries again.

    The row is *unknown* and needs a person, who reads who said what; the deployment has no service.
    """
    try:
        with transaction.atomic():
            return taken_back(service, worker)
    except IntegrityError:
        return False


def taken_back(service: Service, worker: str) -> bool:
    owners = Deployment.objects.filter(service=service)
    deployment = owners.select_related("submission").first()
    row = deployment.submission if deployment else None
    if deployment is None or row is None or owners.count() > 1 or row.service_id != service.service_id:
        return False
    fresh = locking.locked(deployment)
    row = locking.for_change(Submission.objects.all()).get(pk=row.pk)
    told = row.tries.order_by("-number").first()
    is_told = told is not None and told.kind == Attempt.Kind.HAND and row.outcome == Outcome.ACCEPTED
    if not is_told or fresh.submission_id != row.pk or fresh.service_id != service.pk:
        return False
    said = Event.objects.filter(deployment=fresh, action="settle_as").order_by("-number").first()
    reason = (
        f"{said.by_name if said else 'Somebody'} said that it is {service.service_id}, and {fresh.target} knows no "
        "service of this id. Look in the cloud, then say which it is, send again or give up."
    )
    columns = left_to_person(row, Outcome.UNKNOWN, reason) | {"service_id": None, "settled_at": None}
    Submission.objects.filter(pk=row.pk).update(**columns, tried=row.tried + 1)
    now = timezone.now()
    Attempt.objects.create(
        submission=row, number=row.tried + 1, kind=Attempt.Kind.LOOK, worker=worker[:64], started_at=now,
        finished_at=now, outcome="not_found", detail=f"There is no service {service.service_id}.",
    )  # fmt: skip
    fresh.service, fresh.updated_at = None, now
    fresh.save()
    service.delete()
    history.write([history.Entry("needs_person", None, fresh, comment=reason)])
    return True
