"""Where the approval of a deployment stands: which verdicts count, and which are stale."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from deployer.models import Decision, Deployment, Target, Version
from deployer.workflow import permissions


@dataclass(frozen=True)
class Standing:
    """Where the approval of the present version stands."""

    needed: int
    counted: list[Decision]
    decisions: list[Decision]  # every verdict on any version, newest first

    @property
    def given(self) -> int:
        return len(self.counted)

    @property
    def is_met(self) -> bool:
        return self.given >= self.needed

    def counts(self, decision: Decision) -> bool:
        return decision in self.counted


def standing(deployment: Deployment, *, now: datetime | None = None) -> Standing:
    """Count the approvals of the latest version. Two queries.

    An approval counts if it is its person's last word on this text (on this version, or on an equal one where
    the target lets approvals revive), was given for the target as it is now, is not too old, and its person is
    still an approver without a hand in any version.
    """
    target = deployment.target
    every = list(
        Decision.objects.filter(version__deployment=deployment)
        .select_related("person", "version")
        .prefetch_related("person__groups")
        .order_by("-pk")
    )
    current = deployment.versions.filter(number=deployment.version_number).defer("draft", "payload").first()
    if current is None:
        return Standing(target.approvals, [], every)
    oldest = (now or timezone.now()) - timedelta(hours=target.approval_hours) if target.approval_hours else None
    editors = permissions.editor_ids(deployment)
    last_words: dict[int, Decision] = {}
    for decision in every:
        if is_about(decision, current, target):
            last_words.setdefault(decision.person_id, decision)
    counted = [
        decision
        for decision in last_words.values()
        if decision.verdict == Decision.Verdict.APPROVE
        and decision.target_fingerprint == target.fingerprint
        and decision.person_id not in editors
        and "approver" in decision.person.roles
        and (oldest is None or decision.decided_at >= oldest)
    ]
    return Standing(target.approvals, counted, every)


def is_about(decision: Decision, current: Version, target: Target) -> bool:
    if decision.version_id == current.pk:
        return True
    return target.revives and decision.version.fingerprint == current.fingerprint
