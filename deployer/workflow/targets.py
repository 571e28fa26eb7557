"""Making and changing targets. What an approval rests on is not changed behind its back."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from deployer.domain.problems import BLOCK, Problem
from deployer.models import Event, Person, Target
from deployer.models.encrypted import Sealed
from deployer.workflow import catalog, freezing, history
from deployer.workflow.errors import HasProblems, MovedOn
from deployer.workflow.locking import for_change
from deployer.workflow.permissions import must_change_targets
from deployer.workflow.target_effects import Effect, foresee, no_longer_approved
from deployer.workflow.target_rules import again, problems_with, secret_is_bound_elsewhere

__all__ = ["NONE_YET", "SHOWN", "Asked", "Effect", "Kept", "ask", "foresee", "mark", "save", "typed_over"]

SHOWN = (
    "endpoint", "iam_endpoint", "vpc_endpoint", "region", "project_id", "project_name", "workspace_id", "edition",
    "login", "username", "domain_name", "access_key", "approvals", "approval_hours", "revives", "submits_itself",
    "preflight", "quiet_seconds", "resends_itself", "windows", "zone", "most_calls",
)  # fmt: skip
"""What the history tells of a target. The secret is not among it."""

# Whose offers the catalog shows; models and pools are listed by workspace.
PLACE = ("endpoint", "iam_endpoint", "vpc_endpoint", "region", "project_id", "workspace_id")
NONE_YET = "none"  # the mark of a target that is not there yet


@dataclass(frozen=True)
class Kept:
    """What a save did."""

    target: Target
    is_new: bool
    changed: bool
    stale: int  # approved deployments that went back to review


@transaction.atomic
def save(
    name: str,
    *,
    secret: str = "",
    security_token: str = "",
    seen: str | None = None,
    by: Person | None = None,
    **facts: Any,
) -> Kept:
    """Create or change a target; `facts` are its columns. An empty secret or token leaves the one that is there.

    The kept secret stays only with the addresses and the login it was given for; a new one drops the kept token.
    `seen`: the `mark` of the target as the page showed it, NONE_YET where it showed none; None takes it as it is.
    `by`: None is the command, a person needs the role admin. Endpoints are checked by the caller
    (modelarts.address), since this room knows no network. Raises NotAllowed, MovedOn or HasProblems.
    When its fingerprint changes, approvals given for the target as it was count no longer: approved deployments
    without enough others go back to review, each with its event.
    """
    if by is not None:
        must_change_targets(by)
    known = for_change(Target.objects.filter(name=name)).first()
    must_be_as_seen(name, known, seen)
    before, fingerprint = (shown(known), known.fingerprint) if known else ({}, "")
    asked = ask(known or Target(name=name), secret=secret, security_token=security_token, **facts)
    if asked.problems:
        raise HasProblems(asked.problems)
    target, after = asked.target, shown(asked.target)
    if known and before == after and not asked.secret_changed:
        return Kept(target, False, False, 0)
    store(target)
    catalog.renew(target, elsewhere=any(before.get(name) != after[name] for name in PLACE))
    stale = [] if known is None or fingerprint == target.fingerprint else no_longer_approved(target, by)
    freezing.wake(freezing.waiting_in(target))  # for another window, or to be told at once that nothing carries them
    changes = difference(before, after) if known else {"before": {}, "after": after}
    data = {**changes, "secret_changed": asked.secret_changed}
    history.write([history.Entry("target_changed", by, target=target, data=data), *stale])
    return Kept(target, known is None, True, len(stale))


@dataclass(frozen=True)
class Asked:
    """A target as somebody wants it, in memory only, and what keeps it from being so."""

    target: Target
    problems: list[Problem]
    secret_changed: bool


def ask(present: Target, *, secret: str = "", security_token: str = "", **facts: Any) -> Asked:
    """The target with these facts, and the secret it would be used with. Changes `present` itself, writes nothing.

    Where the secret must be given anew and was not, the target has none afterwards, so that nothing that is done
    with it (a test of the connection) sends the kept one elsewhere.
    """
    before = shown(present) if present.pk is not None else {}
    kept, kept_token = str(present.secret), str(present.security_token)
    typed_over(present, **facts)
    elsewhere = bool(before) and secret_is_bound_elsewhere(before, present)
    stays = not secret or (secret == kept and not elsewhere)
    token = security_token or (kept_token if stays and not elsewhere else "")
    present.secret = Sealed(secret or ("" if elsewhere else kept))
    present.security_token = Sealed("" if present.login == Target.Login.PASSWORD else token)
    problems = problems_with(present, str(present.secret))
    if elsewhere and not secret:
        problems = [again(before, present) if problem.path == "secret" else problem for problem in problems]
    changed = (str(present.secret), str(present.security_token)) != (kept, kept_token)
    return Asked(present, problems, changed)


def typed_over(target: Target, **facts: Any) -> Target:
    """The target in memory with other facts."""
    for field, value in facts.items():
        setattr(target, field, value)
    return target


def store(target: Target) -> None:
    """Somebody else may have made one of this name a moment ago."""
    try:
        with transaction.atomic():
            target.save()
    except IntegrityError:
        raise HasProblems([is_there(target.name)]) from None


def mark(target: Target) -> str:
    """Which state of a target a page shows."""
    return target.updated_at.isoformat()


def must_be_as_seen(name: str, known: Target | None, seen: str | None) -> None:
    if seen is None or (known is None and seen == NONE_YET) or (known and seen == mark(known)):
        return
    if known and seen == NONE_YET:
        raise HasProblems([is_there(name)])
    raise MovedOn(None, moved_on(name))


def is_there(name: str) -> Problem:
    return Problem("name", BLOCK, f"There is a target named {name[:64]} already. Open it to change it.")


def moved_on(name: str) -> str:
    last = Event.objects.filter(action="target_changed", target_name=name).first()
    who = (last.by_name or "The command target") if last else "Somebody"
    return f"{who} changed {name} meanwhile. Nothing was overwritten."


def shown(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in SHOWN}


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = [name for name in after if before.get(name) != after[name]]
    return {"before": {name: before.get(name) for name in names}, "after": {name: after[name] for name in names}}
