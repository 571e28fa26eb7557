"""Approvals that no longer carry: they lapsed, or their person is no approver any more. Found by the clock."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deployer.domain.lifecycle import State
from deployer.models import Deployment
from deployer.models.clock import DbNow
from deployer.workflow import history, locking
from deployer.workflow.standing import asked_since, standing, standings

PORTION = 100
WHY = "An approval lapsed, or its person is no approver any more."


def lapse() -> int:
    """Send approved deployments whose approvals no longer count back to review, so that somebody can decide again.

    Reads in portions, a few queries each; only what is found is locked. How many went back. The time is the
    database's: a worker whose clock is ahead would take back what still holds.
    """
    return sum(back_to_review(deployment, now) for deployment, now in no_longer_carried())


def no_longer_carried() -> Iterator[tuple[Deployment, datetime]]:
    after = 0
    while True:
        rows = Deployment.objects.filter(state=State.APPROVED, pk__gt=after).order_by("pk").annotate(clock=DbNow())
        portion = list(rows.select_related("target").prefetch_related("editors").defer("draft")[:PORTION])
        now = vars(portion[0])["clock"] if portion else None
        found = standings(portion, now=now)
        yield from ((one, now) for one in portion if now and not found[one.pk].is_met)
        if len(portion) < PORTION:
            return
        after = portion[-1].pk


@transaction.atomic
def back_to_review(deployment: Deployment, now: datetime) -> bool:
    """Looked at again under the lock: somebody may have sent it or approved it meanwhile."""
    fresh = locking.locked(deployment)
    stands = standing(fresh, now=now)
    if fresh.state != State.APPROVED or stands.is_met:
        return False
    fresh.state, fresh.updated_at = State.IN_REVIEW, timezone.now()
    fresh.asked_at = asked_since(stands, fresh.updated_at)
    fresh.save()
    data = {"version": fresh.version_number, "reason": WHY}
    history.write([history.Entry("approval_stale", None, fresh, data=data)])
    return True
