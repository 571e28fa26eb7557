"""After a restore: the line is from the past, and what waited in it may have been sent since."""

from datetime import UTC, datetime

from django.db import transaction

from deployer.domain.lifecycle import Outcome
from deployer.models import Submission
from deployer.workflow import history, locking


def hold_what_waits(made_at: datetime) -> int:
    """Leave each submission that waits to a person, with an event. How many.

    Rows that were being sent or unknown are looked for anyway before anything else happens to them; a row that
    waited would simply be sent, a second time if its first time came after the backup.
    """
    reason = (
        f"The history comes from a backup of {made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC. "
        "This may have been sent since: look into the cloud before you send it."
    )
    waiting = Submission.objects.open().filter(outcome=Outcome.WAITING, needs_person=False)
    return sum(hold(row, reason) for row in waiting.select_related("deployment").order_by("pk"))


@transaction.atomic
def hold(submission: Submission, reason: str) -> bool:
    fresh = locking.locked(submission.deployment)
    row = locking.for_change(Submission.objects.all()).get(pk=submission.pk)
    if row.outcome != Outcome.WAITING or row.needs_person:
        return False
    row.needs_person, row.reason, row.next_action_at = True, reason, None
    row.lease, row.lease_until = "", None
    row.save()
    history.write([history.Entry("needs_person", None, fresh, comment=reason)])
    return True
