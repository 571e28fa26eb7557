"""Where the approval of a deployment stands: which verdicts count, and which are stale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from deployer.models import Decision, Deployment, Person, Target, Version
from deployer.models.once import Select
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

    def has_word_of(self, person: Person) -> bool:
        """Whether this person's approval counts already."""
        return any(decision.person_id == person.pk for decision in self.counted)


def standing(deployment: Deployment, *, now: datetime | None = None) -> Standing:
    """Count the approvals of the latest version. Four queries at most."""
    return standings([deployment], now=now)[deployment.pk]


def standings(deployments: Sequence[Deployment], *, now: datetime | None = None) -> dict[int, Standing]:
    """Where each of these stands, by number. As many queries for a page of them as for one."""
    numbers = [deployment.pk for deployment in deployments]
    every: dict[int, list[Decision]] = {number: [] for number in numbers}
    rows = Decision.objects.filter(version__deployment__in=numbers).select_related("person", "version")
    # The texts of versions may be long, and a verdict needs none of them.
    rows = rows.defer("version__draft", "version__payload", "version__problems")
    for decision in rows.prefetch_related("person__groups").order_by("-pk"):
        every[decision.version.deployment_id].append(decision)
    versions = Version.objects.filter(deployment__in=numbers, number=F("deployment__version_number"))
    latest = {version.deployment_id: version for version in versions.defer("draft", "payload", "problems")}
    return {one.pk: judged(one, every[one.pk], latest.get(one.pk), now or timezone.now()) for one in deployments}


def carried(deployment: Deployment, current: Version, *, now: datetime | None = None) -> Standing:
    """The same for one deployment whose latest version is at hand, in one query: this is asked before every call.

    `deployment.target` is the target as it is now.
    """
    every: list[Decision] = verdicts_on(deployment=deployment.pk)

    def is_fit(decision: Decision) -> bool:
        return bool(vars(decision)["fits"]) and decision.person_id != deployment.author_id

    return judged(deployment, every, current, now or timezone.now(), is_fit=is_fit)


@Select
def verdicts_on(deployment: int) -> QuerySet[Decision]:
    """Every verdict on any version, newest first; `fits`: its person is an approver who edited none of it."""
    roles, hands = Person.groups.through.objects, Deployment.editors.through.objects
    is_approver = Exists(roles.filter(person=OuterRef("person"), group__name="approver", person__is_active=True))
    had_a_hand = Exists(hands.filter(person=OuterRef("person"), deployment=OuterRef("version__deployment")))
    rows = Decision.objects.filter(version__deployment=deployment).select_related("version")
    rows = rows.defer("version__draft", "version__payload", "version__problems").order_by("-pk")
    return rows.annotate(fits=is_approver & ~had_a_hand)


def judged(
    deployment: Deployment,
    every: list[Decision],
    current: Version | None,
    now: datetime,
    *,
    is_fit: Callable[[Decision], bool] | None = None,
) -> Standing:
    """Which of these verdicts count for the current version.

    An approval counts if it is its person's last word on this text (on this version, or on an equal one where
    the target lets approvals revive), nobody spoke against the text since, it was given for the target as it is
    now, is not too old, and its person is still an approver without a hand in any version (`is_fit`, if the caller
    knows that already).
    """
    target = deployment.target
    if current is None:
        return Standing(target.approvals, [], every)
    oldest = now - timedelta(hours=target.approval_hours) if target.approval_hours else None
    is_fit = is_fit or fit_for(deployment)
    last_words: dict[int, Decision] = {}
    for decision in every:
        if not is_about(decision, current, target):
            continue
        if decision.verdict != Decision.Verdict.APPROVE:
            break  # newest first: what was said before this no longer counts, or its author could pass over it
        last_words.setdefault(decision.person_id, decision)
    counted = [
        decision
        for decision in last_words.values()
        if decision.target_fingerprint == target.fingerprint
        and is_fit(decision)
        and (oldest is None or decision.decided_at >= oldest)
    ]
    return Standing(target.approvals, counted, every)


def fit_for(deployment: Deployment) -> Callable[[Decision], bool]:
    """Whether the person of a verdict may still give one on this deployment."""
    editors = permissions.editor_ids(deployment)
    return lambda decision: decision.person_id not in editors and "approver" in decision.person.roles


def is_about(decision: Decision, current: Version, target: Target) -> bool:
    if decision.version_id == current.pk:
        return True
    return target.revives and decision.version.fingerprint == current.fingerprint


def asked_since(current: Standing, now: datetime) -> datetime:
    """Since when the verdicts still missing are asked for.

    Now, or since before the first approval that already counts: whose word counts is not asked again.
    """
    return min([now, *(decision.decided_at for decision in current.counted)])
