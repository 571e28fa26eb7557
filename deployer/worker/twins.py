"""Twins: a second service of a name of ours, with the content we sent. Our own sending may have made both."""

import json

from deployer.domain.lifecycle import Outcome
from deployer.modelarts.answers import ServiceSeen
from deployer.models import Deployment, Service, Submission
from deployer.worker.likeness import differences
from deployer.workflow import watching

MOST = 10  # submissions of one name that are compared, newest first


def judged(service: Service, seen: ServiceSeen) -> bool:
    """Tell a twin by name and content. False while that cannot be told: a sending of its name is not settled yet."""
    if service.twin_of_id or Deployment.objects.filter(service=service).exists():
        return True
    if Submission.objects.filter(service_id=service.service_id).exists():
        return True
    same = Submission.objects.filter(target=service.target_id, service_name=seen.name)
    if not seen.name or not same.exists():
        return True
    if same.filter(outcome__in=[Outcome.SENDING, Outcome.UNKNOWN]).exists():
        return False  # it may be what that one made
    ours = same.filter(outcome=Outcome.ACCEPTED, created_at__lt=service.created_at).select_related("version")
    for submission in ours.order_by("-pk")[:MOST]:
        brother = brother_of(submission)
        if brother and is_alike(submission, seen):
            watching.twin(service, brother)
            break
    return True


def brother_of(submission: Submission) -> Service | None:
    """The service this submission made, while the cloud still has it: names are free again after a deletion."""
    rows = Service.objects.filter(target=submission.target_id, service_id=submission.service_id)
    return rows.exclude(status=watching.GONE).first()


def is_alike(submission: Submission, seen: ServiceSeen) -> bool:
    """The content that was sent, and not there before it was sent."""
    if seen.service_id in json.loads(submission.known_before):
        return False
    return not differences(json.loads(submission.version.payload), seen.raw)
