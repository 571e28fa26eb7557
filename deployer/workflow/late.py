"""What a lost call made and showed only after somebody had decided. It is linked to its row, whatever became of that.

A row that still waits for a person, or was given up and is as it was, is accepted. Where something else came of it
meanwhile, the late service is the twin of that.
"""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Q

from deployer.domain.lifecycle import Outcome, State
from deployer.models import Submission
from deployer.models.clock import DbNow
from deployer.workflow import history, locking, watching
from deployer.workflow.leasing import LeaseLost, after, change, new_token, whole, with_all
from deployer.workflow.line import became_due
from deployer.workflow.outcome import Tried, accepted, known_service, record_accepted

LATE = (Outcome.UNKNOWN, Outcome.WAITING, Outcome.GIVEN_UP, Outcome.ACCEPTED)


def claim(pk: int, *, seconds: float) -> Submission | None:
    """Lease a row whose late look is due, or None. People may decide meanwhile; then our report changes nothing."""
    token = new_token()
    free = Q(lease="") | Q(lease_until__lt=DbNow())
    rows = Submission.objects.due_for_a_late_look().filter(free, pk=pk, outcome__in=LATE).order_by()
    if rows.update(lease=token, lease_until=after(seconds), late_look_at=after(seconds)) != 1:
        return None
    return whole(with_all(Submission.objects.filter(pk=pk, lease=token)).first())


def hurry(target: int, names: Collection[str]) -> int:
    """Services of these names have shown for the first time: what may have made them is looked for at once. How many.

    Only a hint, so it needs no lease; the look compares.
    """
    if not names:
        return 0
    # Few rows have a late look before them; of names there may be more than a statement takes.
    rows = Submission.objects.filter(target=target, late_look_at__gt=DbNow(), lease="").order_by("-late_look_at")
    found = [pk for pk, name in rows.values_list("pk", "service_name")[:1000] if name in names]
    if found:
        Submission.objects.filter(pk__in=found, late_look_at__isnull=False, lease="").update(late_look_at=DbNow())
        became_due.send(Submission, submission=Submission(pk=found[0]))
    return len(found)


def nothing(submission: Submission, *, seconds: float | None) -> None:
    """Nothing new showed, or the cloud could not be asked: again after so many seconds, None for never."""
    late = None if seconds is None else after(seconds)
    change(submission, *LATE, lease="", lease_until=None, late_look_at=late)


def found(submission: Submission, tried: Tried, service_id: str, *, seconds: float | None) -> bool:
    """A service with the name and content that was sent, that is nobody's yet. False when it is somebody's after all.

    `seconds` until the next look where the row is past being accepted. Raises LeaseLost.
    """
    if submission.outcome in (Outcome.UNKNOWN, Outcome.WAITING):
        return accepted(submission, tried, service_id=service_id)
    if submission.outcome == Outcome.GIVEN_UP:
        try:
            if revived(submission, tried, service_id):
                return True
        except IntegrityError:
            pass  # the deployment was submitted again meanwhile
    return linked(submission, service_id, seconds=seconds)


@transaction.atomic
def revived(submission: Submission, tried: Tried, service_id: str) -> bool:
    """Accepted after all, if nothing has been done with the deployment since it was given up."""
    fresh = locking.locked(submission.deployment)
    version = submission.version
    is_as_it_was = (fresh.submission_id, fresh.state, fresh.version_number, fresh.revision) == (
        submission.pk, State.CHANGES_REQUESTED, version.number, version.revision,
    )  # fmt: skip
    if is_as_it_was:
        record_accepted(submission, tried, service_id, [], Outcome.GIVEN_UP)
    return is_as_it_was


@transaction.atomic
def linked(submission: Submission, service_id: str, *, seconds: float | None) -> bool:
    """A service beside the one that came of the deployment, or of none: known, told, and never adopted."""
    fresh = locking.locked(submission.deployment)
    service = known_service(submission, service_id)
    brother = fresh.service
    if brother is not None and brother.pk != service.pk and brother.name == submission.service_name:
        is_news = watching.twin(service, brother)
        nothing(submission, seconds=seconds)
        return is_news
    late = None if seconds is None else after(seconds)
    change(submission, *LATE, service_id=service_id, lease="", lease_until=None, late_look_at=late)
    data = {"service_id": service_id, "submission": submission.pk}
    history.write([history.Entry("effect_found", None, fresh, data=data)])
    return True


__all__ = ["LATE", "LeaseLost", "claim", "found", "hurry", "nothing"]
