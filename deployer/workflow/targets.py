"""Making and changing targets. What an approval rests on is not changed behind its back."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from deployer.domain.editions import EDITIONS
from deployer.domain.lifecycle import State
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment, Person, Target
from deployer.workflow import history
from deployer.workflow.errors import HasProblems
from deployer.workflow.locking import for_change
from deployer.workflow.standing import asked_since, standing

SHOWN = (
    "endpoint", "iam_endpoint", "region", "project_id", "project_name", "workspace_id", "edition", "login",
    "username", "domain_name", "access_key", "approvals", "approval_hours", "revives", "submits_itself",
    "preflight", "quiet_seconds",
)  # fmt: skip
"""What the history tells of a target. The secret is not among it."""


@dataclass(frozen=True)
class Kept:
    """What a save did."""

    target: Target
    is_new: bool
    changed: bool
    stale: int  # approved deployments that went back to review


@transaction.atomic
def save(name: str, *, secret: str = "", by: Person | None = None, **facts: Any) -> Kept:
    """Create or change a target; `facts` are its columns. An empty secret leaves the one that is there.

    Endpoints are checked by the caller (modelarts.address), since this room knows no network. Raises HasProblems.
    When its fingerprint changes, approvals given for the target as it was count no longer: approved deployments
    without enough others go back to review, each with its event.
    """
    target = for_change(Target.objects.filter(name=name)).first()
    is_new = target is None
    target = target or Target(name=name)
    before, fingerprint = shown(target) if not is_new else {}, target.fingerprint
    for field, value in facts.items():
        setattr(target, field, value)
    kept = target.secret if before.get("login") == target.login else ""  # a password is no secret key
    problems = problems_with(target, secret or kept)
    if problems:
        raise HasProblems(problems)
    new_secret = bool(secret) and secret != target.secret
    if new_secret:
        target.secret = secret
    after = shown(target)
    if not is_new and before == after and not new_secret:
        return Kept(target, False, False, 0)
    target.save()
    stale = [] if is_new or fingerprint == target.fingerprint else no_longer_approved(target, by)
    changes = {"before": {}, "after": after} if is_new else difference(before, after)
    data = {**changes, "secret_changed": new_secret}
    history.write([history.Entry("target_changed", by, target=target, data=data), *stale])
    return Kept(target, is_new, True, len(stale))


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


def problems_with(target: Target, secret: str) -> list[Problem]:
    found = []

    def wrong(path: str, words: str) -> None:
        found.append(Problem(path, BLOCK, words))

    if (
        not target.name.replace("-", "").replace("_", "").isalnum()
        or not target.name.isascii()
        or len(target.name) > 64
    ):
        wrong("name", "A target's name has letters, digits, - and _, at most 64.")
    if not target.project_id.replace("-", "").isalnum() or not target.project_id.isascii():
        wrong("project_id", "A project id is letters, digits and -, as the console shows it under My Credentials.")
    if target.edition not in EDITIONS:
        wrong("edition", f"{target.edition[:40]} is no edition we know. Choose from {', '.join(EDITIONS)}.")
    if target.approvals is None or target.approvals < 1:
        wrong("approvals", "At least 1 approval is needed.")
    if target.approvals and target.approvals > 100:
        wrong("approvals", "100 approvals are the most.")
    if target.login == Target.Login.PASSWORD and not (target.username and target.domain_name):
        wrong("username", "To log in with a password, user and domain are both needed.")
    if target.login == Target.Login.KEYS and not target.access_key:
        wrong("access_key", "To sign with keys, the access key is needed.")
    if not secret:
        wrong("secret", "The secret is missing: the password, or the secret key.")
    for field in Target._meta.concrete_fields:
        most = getattr(field, "max_length", None)
        if most and len(str(getattr(target, field.name))) > most:
            wrong(field.name, f"The {field.verbose_name} is longer than {most} characters.")
    return found


def shown(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in SHOWN}


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = [name for name in after if before.get(name) != after[name]]
    return {"before": {name: before.get(name) for name in names}, "after": {name: after[name] for name in names}}
