"""Preflights: a request checked against the cloud, asked for here, run by the worker, and what hangs on it."""

import json
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from deployer.domain import payload as payloads
from deployer.domain import preflight as checks
from deployer.domain.lifecycle import Outcome, State
from deployer.domain.preflight import Result
from deployer.domain.problems import BLOCK, blocks
from deployer.models import Deployment, Person, Preflight, Target, Version
from deployer.models.clock import DbNow
from deployer.workflow import history, locking, permissions
from deployer.workflow.errors import HasProblems, MovedOn
from deployer.workflow.rulebook import check
from deployer.workflow.submission import became_due

MOST_CLAIMS = 3  # of one run; whoever takes it that often without an end will not reach one
KEPT = 10  # runs over a draft that are kept; runs over versions all are
OPENS = (Preflight.Verdict.PASS, Preflight.Verdict.WARN)


def queue(version: Version, *, by: Person | None) -> Preflight:
    """Ask for a run over a version, for the target as it is now. The caller holds the deployment's lock.

    A new ask takes the place of one that is still open.
    """
    deployment = version.deployment
    return open_one(deployment, version.payload, version.fingerprint, by, version=version)


@transaction.atomic
def ask(deployment: Deployment, *, by: Person) -> Preflight:
    """Ask for a run: over the draft as it stands while one is written, else over the latest version.

    Raises NotAllowed, HasProblems where the rule book blocks the draft (there is no request to look at then), and
    MovedOn once it is past being checked.
    """
    fresh = locking.locked(deployment)
    permissions.must_allow(by, "preflight", fresh)
    if is_past(fresh):
        raise MovedOn(fresh, f"It is {permissions.READABLE_STATES[fresh.state]} now. There is nothing left to check.")
    if not fresh.is_writable:
        return queue(fresh.versions.get(number=fresh.version_number), by=by)
    checked = check(fresh)
    if blocks(checked.problems) or checked.payload is None:
        raise HasProblems([problem for problem in checked.problems if problem.severity == BLOCK])
    forget_old(fresh)
    return open_one(fresh, checked.payload, payloads.fingerprint(checked.payload), by)


def is_past(deployment: Deployment) -> bool:
    """Whether nothing hangs on a check any more: it is closed, or has left the line."""
    if deployment.state != State.SUBMITTED:
        return deployment.state == State.CLOSED
    return deployment.submission is None or deployment.submission.outcome != Outcome.WAITING


def open_one(
    fresh: Deployment, payload: str, fingerprint: str, by: Person | None, *, version: Version | None = None
) -> Preflight:
    now = timezone.now()
    # What is open has found nothing yet, and a worker that is at it finds its lease gone.
    Preflight.objects.filter(deployment=fresh, finished_at__isnull=True).delete()
    row = Preflight.objects.create(
        deployment=fresh,
        version=version,
        revision=fresh.revision,
        payload=payload,
        fingerprint=fingerprint,
        target_fingerprint=fresh.target.fingerprint,
        asked_by=by,
        asked_at=now,
        next_action_at=DbNow(),
    )
    row.refresh_from_db(fields=["next_action_at"])
    became_due.send(Preflight, preflight=row)
    return row


def forget_old(fresh: Deployment) -> None:
    """Runs over drafts are advice of a moment; only the latest stay."""
    runs = Preflight.objects.filter(deployment=fresh, version__isnull=True).order_by("-pk")
    old = list(runs.values_list("pk", flat=True)[KEPT - 1 :])
    if old:
        Preflight.objects.filter(pk__in=old).delete()


# -- what the worker reports


def claim(pk: int, *, seconds: float) -> Preflight | None:
    """Take a run that is due for so long, for the target as it is now; None if it is not ours to take.

    `tries` counts this claim, so that a run whose workers never come back ends as well (MOST_CLAIMS).
    """
    rows = Preflight.objects.filter(pk=pk, finished_at__isnull=True, next_action_at__lte=DbNow())
    token = secrets.token_hex(16)
    if rows.update(lease=token, tries=F("tries") + 1, next_action_at=DbNow() + timedelta(seconds=seconds)) != 1:
        return None
    found = Preflight.objects.select_related("deployment", "version").filter(pk=pk, lease=token).first()
    if found:
        found.deployment.target = Target.objects.get(pk=found.deployment.target_id)
    return found


@transaction.atomic
def finish(row: Preflight, results: Iterable[Result]) -> bool:
    """Write down what was found. False if the run was taken over or superseded meanwhile: then nothing changes.

    It counts for the target that was looked at, which is the one `claim` gave.
    """
    found = list(results)
    return close(row, checks.verdict(found), found, reason="")


@transaction.atomic
def give_up(row: Preflight, reason: str) -> bool:
    """The cloud could not be asked: the run is over without a verdict on the request."""
    return close(row, Preflight.Verdict.FAILED, [], reason=reason)


def close(row: Preflight, verdict: str, found: list[Result], *, reason: str) -> bool:
    fresh = locking.locked(row.deployment)
    ours = Preflight.objects.filter(pk=row.pk, lease=row.lease, finished_at__isnull=True)
    closed = ours.update(
        verdict=verdict,
        results=json.dumps([result.as_dict() for result in found]),
        reason=reason,
        target_fingerprint=row.deployment.target.fingerprint,
        finished_at=timezone.now(),
        next_action_at=None,
        lease="",
    )
    if closed and row.version:
        data = {"version": row.version.number, "verdict": verdict, "fingerprint": row.fingerprint}
        data |= checks.count(found)
        entries = [history.Entry("preflight_finished", None, fresh, comment=reason, data=data)]
        history.write(entries + settled(fresh, row.version))
    return closed == 1


def settled(fresh: Deployment, version: Version) -> list[history.Entry]:
    """Approvals that counted already (of an unchanged or revived version) may have waited for this run alone."""
    from deployer.workflow import review  # it asks for runs, so it stands above us

    if fresh.state != State.IN_REVIEW or version.number != fresh.version_number:
        return []
    return review.settle(fresh)


@transaction.atomic
def put_off(row: Preflight, *, reason: str, seconds: float) -> None:
    """The cloud could not be asked now: try again later."""
    Preflight.objects.filter(pk=row.pk, lease=row.lease, finished_at__isnull=True).update(
        reason=reason,
        lease="",
        next_action_at=DbNow() + timedelta(seconds=seconds),
    )


# -- what hangs on it


def newest(deployment: Deployment) -> Preflight | None:
    """The latest run of a deployment, open or not. One query, without the text that was checked."""
    return without_texts(Preflight.objects.filter(deployment=deployment).select_related("version")).first()


def without_texts(rows: QuerySet[Preflight]) -> QuerySet[Preflight]:
    """Newest first. The texts may be long, and what a run found says nothing of them."""
    return rows.defer("payload", "version__draft", "version__payload", "version__problems").order_by("-pk")


def of_version(version: Version) -> Preflight | None:
    """The latest run over the text of this version, open or not, for whichever state of the target."""
    rows = Preflight.objects.filter(deployment=version.deployment_id, fingerprint=version.fingerprint)
    return rows.select_related("asked_by").defer("payload").order_by("-pk").first()


def objection(deployment: Deployment, version: Version) -> str:
    """Why an approval of this version is not open: its target requires a preflight, and none has passed; else "".

    `deployment.target` is the target as it is now.
    """
    if deployment.target.preflight != Target.Preflight.REQUIRED:
        return ""
    return objection_of(of_version(version), deployment.target, version.number)


def objection_of(row: Preflight | None, target: Target, number: int) -> str:
    """The same, of a run that is at hand. Empty where the target only wants advice."""
    if target.preflight != Target.Preflight.REQUIRED:
        return ""
    run = f"The preflight of version {number}"
    if row is None:
        return f"{run} has not run. Run it first."
    if row.finished_at is None:
        return f"{run} is still running."
    if row.target_fingerprint != target.fingerprint:
        return f"{run} is older than the target's present settings. Run it again."
    if row.verdict == Preflight.Verdict.FAILED:
        return f"{run} could not look at the cloud. {row.reason} Run it again.".replace("  ", " ")
    if row.verdict == Preflight.Verdict.BLOCK:
        return f"{run} found {blocking_words(row.found)}"
    if row.finished_at < timezone.now() - timedelta(seconds=settings.PREFLIGHT_FRESH):
        return f"{run} is too old to count. Run it again."
    return "" if row.verdict in OPENS else f"{run} has not passed. Run it again."


def blocking_words(found: list[dict[str, str]]) -> str:
    """ "2 blocking problems: …", with the first of them in full."""
    stuck = [one for one in found if one.get("severity") == BLOCK]
    many = "a blocking problem" if len(stuck) == 1 else f"{len(stuck)} blocking problems"
    return f"{many}: {stuck[0]['message']}" if stuck else f"{many}."
