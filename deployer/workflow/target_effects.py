"""What a change of a target does to work that rests on it: foreseen for the page, and done with the save."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from deployer.domain.lifecycle import Outcome, State
from deployer.models import Deployment, Person, Target
from deployer.workflow import history
from deployer.workflow.locking import for_change
from deployer.workflow.standing import asked_since, standing, standings


@dataclass(frozen=True)
class Effect:
    """Work whose approvals would count no longer, by the numbers of the deployments."""

    back: Sequence[int] = ()  # approved, would go back to review
    losing: Sequence[int] = ()  # in review, would lose the approvals given so far
    unsent: Sequence[int] = ()  # wait to be sent, and would not be

    @property
    def is_felt(self) -> bool:
        return bool(self.back or self.losing or self.unsent)

    @property
    def mark(self) -> str:
        """Changes with what would happen, so that nobody agrees to one thing and gets another."""
        return history.digest(repr([sorted(self.back), sorted(self.losing), sorted(self.unsent)]))[:16]


def foresee(before: Target, after: Target) -> Effect:
    """What saving `after` in place of `before` would do. Writes nothing; a handful of queries."""
    if before.pk is None or before.fingerprint == after.fingerprint:
        return Effect()
    rows = Deployment.objects.filter(target=before).select_related("submission").prefetch_related("editors")
    states = [State.APPROVED, State.IN_REVIEW]
    open_ones = list(rows.filter(state__in=states).defer("draft").order_by("number"))
    waiting = rows.filter(state=State.SUBMITTED, submission__outcome=Outcome.WAITING)
    open_ones += list(waiting.defer("draft").order_by("number"))
    given = {number: stands.given for number, stands in standings(pointed_at(open_ones, before)).items()}
    then = standings(pointed_at(open_ones, after))
    unmet = [one for one in open_ones if not then[one.pk].is_met]
    return Effect(
        back=[one.pk for one in unmet if one.state == State.APPROVED],
        losing=[one.pk for one in unmet if one.state == State.IN_REVIEW and given[one.pk] > then[one.pk].given],
        unsent=[one.pk for one in unmet if one.state == State.SUBMITTED],
    )


def pointed_at(rows: Sequence[Deployment], target: Target) -> Sequence[Deployment]:
    for row in rows:
        row.target = target
    return rows


def no_longer_approved(target: Target, by: Person | None) -> list[history.Entry]:
    """Approved deployments whose approvals rest on the target as it was go back to review."""
    approved = for_change(Deployment.objects.filter(target=target, state=State.APPROVED))
    entries = []
    for deployment in approved.order_by("pk"):
        deployment.target = target
        stands = standing(deployment)
        if stands.is_met:
            continue
        deployment.state, deployment.updated_at = State.IN_REVIEW, timezone.now()
        deployment.asked_at = asked_since(stands, deployment.updated_at)
        deployment.save()
        data = {"version": deployment.version_number, "reason": f"The target {target.name} changed."}
        entries.append(history.Entry("approval_stale", by, deployment, data=data))
    return entries
