"""The intent to send: committed before the call goes out, after everything that could be made ready is ready."""

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from deployer.domain.lifecycle import Outcome
from deployer.models import Freeze, Service, Submission, Target
from deployer.models.clock import DbNow
from deployer.models.once import Select, Update
from deployer.workflow import freezing, history, leasing, locking
from deployer.workflow.leasing import as_read, new_token, own
from deployer.workflow.line import final, wake_followers
from deployer.workflow.outcome import PAUSED, left_to_person, send_back
from deployer.workflow.submission import stale

__all__ = ["begin_sending", "hold_behind", "own"]

HELD = 30.0  # seconds until a row that waits for another is looked at again; the end of the other wakes it
FROZEN = 60.0  # the same for one that a freeze without an end holds


def begin_sending(submission: Submission, *, seconds: float, listed: Collection[str] = ()) -> bool:
    """Commit the intent: from here on a crash leaves the row unknown, not untouched.

    The row is leased, or was only read and is leased by this very step, for so many seconds. `listed`: ids of services
    of this name that the cloud showed just now; with those we know ourselves they can never be adopted as what this
    call made. False when it must not go out now: somebody has it, the approval went stale (the row is cancelled, or
    left to a person if an earlier call of it was lost), the target is not the one the caller made ready for, it is
    frozen or outside its window, an older row of the same name is in the line, or the target has as many calls out as
    it allows.
    """
    why = stale(submission.deployment, submission.version, now=vars(submission)["clock"])
    if why:
        if own(submission, seconds=FROZEN):
            drop(submission, why)
        return False
    try:
        return intend(submission, seconds, listed)
    except IntegrityError:  # one of its name is out that is not older; the next look finds it gone
        return hold_behind(submission)


@transaction.atomic
def intend(submission: Submission, seconds: float, listed: Collection[str]) -> bool:
    """The target's lock comes first: so its calls are counted one after the other."""
    target = place(submission.target_id)
    if target.fingerprint != submission.target.fingerprint:
        return hold(submission, "", 0.0)  # moved since it was made ready for: made ready anew, for the target as it is
    if not may_go_now(submission, target):
        return False
    token = new_token()
    known = submission.known_before
    if not submission.lost:  # else what turned up since may well be ours
        known = json.dumps(sorted({*listed, *known_here(submission)}))
    wait = timedelta(seconds=seconds)
    change = mark_sending.to(
        pk=submission.pk,
        lease=submission.lease,
        tried=submission.tried,
        most=target.most_calls,
        token=token,
        wait=wait,
        known=known,
    )
    data = {"attempt": submission.attempts + 1, "fingerprint": submission.fingerprint}
    if not history.write_if(change, history.Entry("sending", None, submission.deployment, data=data)):
        return turned_away(submission)
    submission.outcome, submission.lease, submission.reason, submission.looks = Outcome.SENDING, token, "", 0
    submission.attempts += 1
    return True


@Update
def mark_sending(
    pk: int, lease: str, tried: int, most: int, token: str, wait: timedelta, known: str
) -> tuple[QuerySet[Submission], dict[str, Any]]:
    """As it was read and still due, first of its name, while the target has room and nothing is frozen.

    Still due: one that was only read may have been given another time by a person meanwhile. Frozen: whoever waits for
    the target's lock sees it as it is after the wait, but freezes, which are other rows, as they were before.
    """
    row = Submission(pk=pk, outcome=Outcome.WAITING, lease=lease, tried=tried)
    columns = {
        "outcome": Outcome.SENDING, "sent_at": DbNow(), "attempts": F("attempts") + 1, "looks": 0, "reason": "",
        "lease": token, "lease_until": DbNow() + wait, "next_action_at": DbNow() + wait, "known_before": known,
    }  # fmt: skip
    is_due = Q(lease__gt="") | Q(next_action_at__lte=DbNow())
    frozen = Freeze.objects.in_force().filter(Q(target=OuterRef("target")) | Q(target__isnull=True))
    return as_read(row).filter(is_due, ~Exists(leasing.older()), fewer_out_than(most), ~Exists(frozen)), columns


def place(pk: int) -> Target:
    """The target as it is now, locked, with the time at the database, and whether anything may hold it."""
    return cast(Target, places(pk=pk)[0])


@Select
def places(pk: int) -> QuerySet[Target]:
    freezes = Freeze.objects.filter(Q(target=OuterRef("pk")) | Q(target__isnull=True), lifted_at__isnull=True)
    is_paused = ExpressionWrapper(Q(paused_until__gt=DbNow()), output_field=BooleanField())
    rows = Target.objects.annotate(clock=DbNow(), is_paused=is_paused, may_be_frozen=Exists(freezes))
    rows = rows.defer("secret", "security_token")  # opening them takes a while
    return locking.for_change(rows).filter(pk=pk)


def may_go_now(submission: Submission, target: Target) -> bool:
    """Whether neither a pause of the cloud, a freeze, a window nor a chosen time holds it; else it is put off."""
    facts = vars(target)
    if facts["is_paused"] and target.paused_until:
        wait = (target.paused_until - facts["clock"]).total_seconds()
        return hold(submission, PAUSED, max(0.0, wait))
    if not (facts["may_be_frozen"] or target.windows or submission.not_before):
        return True
    submission.target = target
    found = freezing.going(submission, facts["clock"], freezing.freezes_of(target))
    if found.at is None:
        return hold(submission, found.why, FROZEN)
    wait = (found.at - facts["clock"]).total_seconds()
    return True if wait <= 0 else hold(submission, found.why, wait)


def has_room() -> Q:
    """Whether fewer calls of the row's target are out than it allows, to look for rows that can go out now.

    Asked of the few rows that are out, once, not of each that waits.
    """
    out = Submission.objects.filter(outcome=Outcome.SENDING, next_action_at__isnull=False).order_by().values("target")
    return ~Q(target__in=out.annotate(n=Count("pk")).filter(n__gte=F("target__most_calls")).values("target"))


def fewer_out_than(most: int) -> LessThan:
    """So few calls of the row's target are out. Rows without a next action are none, which their index knows."""
    out = Submission.objects.filter(target=OuterRef("target"), outcome=Outcome.SENDING, next_action_at__isnull=False)
    count = out.order_by().values("target").annotate(n=Count("pk")).values("n")
    return LessThan(Coalesce(Subquery(count), Value(0)), Value(most))


def known_here(row: Submission) -> list[str]:
    """Services of this name that were seen before the call went out."""
    if not vars(row).get("has_namesake", True):
        return []
    same = Service.objects.filter(
        name=row.service_name, target__endpoint=row.target.endpoint, target__project_id=row.target.project_id
    )
    return list(same.values_list("service_id", flat=True))


def turned_away(submission: Submission) -> bool:
    """Nothing was written: an older one of its name is in the line, or somebody has it, or the target is busy.

    A busy target costs nothing: whoever ends a call there takes the next row.
    """
    return hold_behind(submission) if elders(submission).exists() else let_go(submission)


def let_go(submission: Submission) -> bool:
    """Not now, but nothing is against it: what was claimed is not kept from others. Always False."""
    return hold(submission, submission.reason, 0.0) if submission.lease else False


def elders(submission: Submission) -> QuerySet[Submission]:
    rows = Submission.objects.filter(site=submission.site, service_name=submission.service_name)
    return rows.filter(pk__lt=submission.pk, outcome__in=leasing.OPEN).order_by("pk")


def behind(submission: Submission) -> str:
    """What it waits for, in words."""
    first = elders(submission).first()
    if first is None:
        return f"Another submission named {submission.service_name} is in flight. This one waits."
    why = " A person has to decide that one first." if first.needs_person else ""
    return (
        f"Deployment {first.deployment_id} was submitted before it under the name {submission.service_name} and is in "
        f"flight. This one waits.{why}"
    )


def hold_behind(submission: Submission) -> bool:
    """An older one of its name is in the line: order is kept. Always False."""
    return hold(submission, behind(submission), HELD)


def hold(submission: Submission, reason: str, wait: float) -> bool:
    """Put it off, still waiting; always False. Nobody's row is touched that somebody has taken since."""
    rows = as_read(submission).filter(not_before=submission.not_before)  # no other time was chosen meanwhile
    rows.update(reason=reason, **leasing.released(wait))
    return False


@transaction.atomic
def drop(submission: Submission, why: str) -> None:
    """Not sent. Only what certainly had no effect is cancelled: a lost call is decided by a person."""
    deployment = submission.deployment
    if submission.lost:
        reason = f"The answer of an earlier call was lost. {why}"
        leasing.change(submission, Outcome.WAITING, **left_to_person(submission, Outcome.UNKNOWN, reason))
        history.write([history.Entry("needs_person", None, deployment, comment=reason)])
        return
    send_back(deployment)
    leasing.change(submission, Outcome.WAITING, reason=why, **final(Outcome.CANCELLED))
    wake_followers(submission)
    history.write([history.Entry("cancelled", None, deployment, data={"reason": why})])
