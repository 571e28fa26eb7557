"""After a restore: the line is from the past, and what waited in it may have been sent since."""

import json
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from deployer.domain.lifecycle import IN_THE_LINE, Outcome
from deployer.models import Submission
from deployer.workflow import history, intent, locking
from deployer.workflow.leasing import after
from deployer.workflow.line import LATE_LOOK

GOES_OUT = Q(outcome=Outcome.WAITING) | Q(target__resends_itself=True)


def hold_what_waits(made_at: datetime) -> int:
    """Leave each submission that would be sent by itself to a person, with an event. How many.

    A row that waited would simply be sent, a second time if its first time came after the backup. Rows that were being
    sent or unknown are looked for before anything else happens to them, and then a person decides: unless their target
    sends again by itself what is not found, though it may have been found, and deleted, since.
    """
    reason = (
        f"The history comes from a backup of {made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC. "
        "This may have been sent since: look into the cloud before you send it."
    )
    rows = Submission.objects.open().filter(GOES_OUT, needs_person=False)
    return sum(hold(row, reason) for row in rows.select_related("deployment").order_by("pk"))


@transaction.atomic
def hold(submission: Submission, reason: str) -> bool:
    fresh = locking.locked(submission.deployment)
    row = locking.for_change(Submission.objects.all()).get(pk=submission.pk)
    if row.outcome not in IN_THE_LINE or row.needs_person:
        return False
    if row.outcome != Outcome.UNKNOWN:
        counted_as_lost(row)
    if row.outcome == Outcome.SENDING:
        row.outcome = Outcome.UNKNOWN  # whoever sent it is not of this database's time
    row.needs_person, row.reason, row.next_action_at = True, reason, None
    row.lease, row.lease_until = "", None
    row.save()
    Submission.objects.filter(pk=row.pk).update(late_look_at=after(LATE_LOOK))
    history.write([history.Entry("needs_person", None, fresh, comment=reason)])
    return True


def counted_as_lost(row: Submission) -> None:
    """A call of it may have gone out since the backup, and nobody here knows how that went.

    So it is looked for before it is sent again, what it made can be adopted, and it cannot simply be cancelled. What is
    known of its name here was there before.
    """
    if not row.lost:
        row.known_before = json.dumps(sorted(intent.known_here(row)))
    row.lost += 1
