"""Stopping what is sent, for one target or for all, while composing and reviewing go on; and when a row may go out.

What is out already when a freeze begins is followed to its end. A freeze ends by its time, or is lifted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from deployer.domain import windows
from deployer.domain.lifecycle import Outcome
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Freeze, Person, Submission, Target
from deployer.models.clock import DbNow
from deployer.workflow import history
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed
from deployer.workflow.locking import for_change
from deployer.workflow.submission import became_due

LONGEST = 2000  # characters of a reason
CLOSING = (".", "!", "?", "…")
FROZEN = " is frozen"  # stands in the reason of a row that a freeze holds, and in no other


@dataclass(frozen=True)
class Going:
    """When a row may be sent (None: nobody can say) and what it waits for, a sentence; empty if nothing does."""

    at: datetime | None
    why: str = ""
    freeze: Freeze | None = None


def refusal(person: Person) -> str:
    """Why this person may not begin or lift a freeze; empty if they may."""
    return "" if {"operator", "admin"} & set(person.roles) else "Sending is frozen by operators and administrators."


def must_allow(person: Person) -> None:
    why = refusal(person)
    if why:
        raise NotAllowed(why)


@transaction.atomic
def begin(target: Target | None, reason: str, ends_at: datetime | None, by: Person) -> Freeze:
    """Send nothing new to this target (None: to any) until `ends_at` (aware; None: until somebody lifts it).

    Raises NotAllowed, HasProblems (places: reason, ends_at), MovedOn when it is frozen already.
    """
    must_allow(by)
    now = timezone.now()
    problems = problems_with(reason, ends_at, now)
    if problems:
        raise HasProblems(problems)
    hold_still(target)
    same = Freeze.objects.in_force().filter(target=target).select_related("begun_by").first()
    if same:
        raise MovedOn(None, f"{same.begun_by} froze {place_of(same)} meanwhile, {until(same)}.")
    freeze = Freeze.objects.create(
        target=target, reason=reason.strip(), begun_by=by, begun_at=now, ends_at=ends_at if ends_at else None
    )
    history.write([history.Entry("freeze_begun", by, target=target, comment=freeze.reason, data=facts_of(freeze))])
    return freeze


@transaction.atomic
def lift(freeze: Freeze, by: Person, reason: str) -> Freeze:
    """Let it go on, and look at once at what the freeze held.

    Raises NotAllowed, HasProblems (place: reason), MovedOn when it is over already.
    """
    must_allow(by)
    now = timezone.now()
    problems = problems_with(reason, None, now)
    if problems:
        raise HasProblems(problems)
    hold_still(freeze.target)
    fresh = for_change(Freeze.objects.select_related("target", "begun_by", "lifted_by")).get(pk=freeze.pk)
    if fresh.lifted_by is not None:
        raise MovedOn(None, f"{fresh.lifted_by} lifted the freeze of {place_of(fresh)} meanwhile.")
    if not Freeze.objects.in_force().filter(pk=freeze.pk).exists():
        raise MovedOn(None, f"The freeze of {place_of(fresh)} ended by itself meanwhile.")
    fresh.lifted_by, fresh.lifted_at = by, now
    fresh.save(update_fields=["lifted_by", "lifted_at"])
    wake(held_rows(fresh))
    entry = history.Entry("freeze_lifted", by, target=fresh.target, comment=reason.strip(), data=facts_of(fresh))
    history.write([entry])
    return fresh


def hold_still(target: Target | None) -> None:
    """Lock the target (None: all of them), as a worker does that is about to send there.

    So two who freeze do it one after the other, and a row is put off by a freeze either before that is lifted, and then
    woken, or not at all.
    """
    rows = Target.objects.filter(pk=target.pk) if target else Target.objects.all()
    list(for_change(rows.order_by("pk")).values_list("pk", flat=True))


def problems_with(reason: str, ends_at: datetime | None, now: datetime) -> list[Problem]:
    found = []
    if not reason.strip():
        found.append(Problem("reason", BLOCK, "Say why."))
    elif len(reason) > LONGEST:
        found.append(Problem("reason", BLOCK, f"The reason has {len(reason)} characters. At most {LONGEST:,} fit."))
    if ends_at is not None and ends_at <= now:
        found.append(Problem("ends_at", BLOCK, "This time has passed. Choose a later one, or leave it empty."))
    return found


def facts_of(freeze: Freeze) -> dict[str, Any]:
    ends_at = freeze.ends_at.isoformat() if freeze.ends_at else None
    return {"freeze": freeze.pk, "place": place_of(freeze), "ends_at": ends_at}


def held_rows(freeze: Freeze) -> QuerySet[Submission]:
    """Rows that wait because of a freeze, of the places this one is about."""
    return waiting_in(freeze.target).filter(reason__contains=FROZEN)


def waiting_in(target: Target | None) -> QuerySet[Submission]:
    """Rows that wait, and that nobody is at."""
    rows = Submission.objects.filter(outcome=Outcome.WAITING, needs_person=False, lease="")
    return rows.filter(target=target) if target else rows


def wake(rows: QuerySet[Submission]) -> None:
    """Due now; whoever takes one asks again what else it waits for."""
    keys = list(for_change(rows.filter(next_action_at__isnull=False)).order_by("pk").values_list("pk", flat=True))
    if not keys:
        return
    Submission.objects.filter(pk__in=keys).update(next_action_at=DbNow())
    became_due.send(Submission, submission=Submission(pk=keys[0]))


def in_force(target: Target) -> Freeze | None:
    """The freeze that holds this target longest now, of its own or of all. One query."""
    return longest(freezes_of(target))


def freezes_of(target: Target) -> QuerySet[Freeze]:
    concerned = Freeze.objects.in_force().filter(Q(target=target) | Q(target__isnull=True))
    return concerned.select_related("begun_by", "target")


def every_in_force() -> list[Freeze]:
    """All that is frozen now, the freeze of all targets first. One query."""
    rows = Freeze.objects.in_force().select_related("begun_by", "target")
    return list(rows.order_by(F("target__name").asc(nulls_first=True), "pk")[:100])


def of_target(freezes: Iterable[Freeze], target: int) -> list[Freeze]:
    """Those of these that hold this target (key): its own, and that of all."""
    return [one for one in freezes if one.target_id in (None, target)]


def longest(freezes: Iterable[Freeze]) -> Freeze | None:
    """Of these the one that ends last; one without an end before all others."""
    last = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    return max(freezes, key=lambda one: (one.ends_at or last, -one.pk), default=None)


def when_to_send(submission: Submission, now: datetime) -> datetime | None:
    """The moment from which the row may be sent: `now` if it may at once, None while frozen without an end."""
    return going(submission, now, freezes_of(submission.target)).at


def why_it_waits(submission: Submission, now: datetime) -> str:
    """What the row waits for, in the words of its reason; empty if it may go out."""
    return going(submission, now, freezes_of(submission.target)).why


def going(submission: Submission, now: datetime, freezes: Iterable[Freeze]) -> Going:
    """When the row may go out, and why not before. `freezes`: what is in force for its target.

    The latest of three things counts: the end of the freeze, the time that was chosen, the next window.
    """
    target = submission.target
    freeze = longest(freezes)
    at, why = now, ""
    if submission.not_before and submission.not_before > at:
        at = submission.not_before
        why = f"It goes out at {said(at, target)}, the time that was chosen."
    if freeze is not None:
        words = f"Sending to {place_of(freeze)}{FROZEN} {until(freeze)}: {quoted(freeze.reason)}"
        if freeze.ends_at is None:
            return Going(None, words, freeze)
        # One that ends before the time that was chosen holds nothing up.
        at, why, freeze = (freeze.ends_at, words, freeze) if freeze.ends_at > at else (at, why, None)
    return in_window(target, Going(at, why, freeze))


def in_window(target: Target, found: Going) -> Going:
    """The same, or later where the target's windows are closed then. Windows that cannot be read stay closed."""
    if not target.windows or found.at is None:
        return found
    try:
        opens = windows.parse(target.windows).opens_after(found.at, zone_of(target))
    except ValueError as trouble:
        return Going(None, f"The windows of {target.name} cannot be read: {trouble}", found.freeze)
    if opens == found.at:
        return found
    words = f"{target.name} is sent to {target.windows} ({target.zone}) only: it goes out at {said(opens, target)}."
    return Going(opens, f"{found.why} {words}".strip() if found.freeze else words, found.freeze)


def zone_of(target: Target) -> ZoneInfo:
    """The target's clock. Raises ValueError for a zone nobody knows."""
    try:
        return ZoneInfo(target.zone)
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: a name that is a folder of the zone files
        raise ValueError(f"{target.zone[:64]} is no time zone.") from error


def said(moment: datetime, target: Target) -> str:
    """Day, time and zone on the target's clock."""
    try:
        local = moment.astimezone(zone_of(target))
    except ValueError:
        local = moment.astimezone(ZoneInfo("UTC"))
    return f"{local:%H:%M} {local.tzname()} on {local:%a} {local.day} {local:%b}"


def until(freeze: Freeze) -> str:
    """Until when, on the target's clock where it is one target's."""
    if freeze.ends_at is None:
        return "until it is lifted"
    return f"until {said(freeze.ends_at, freeze.target or Target(zone='UTC'))}"


def place_of(freeze: Freeze) -> str:
    return freeze.target.name if freeze.target else "all targets"


def quoted(reason: str) -> str:
    """A person's own words as the end of a sentence, so that the next one does not run on from them."""
    return f"“{reason}”" if reason.endswith(CLOSING) else f"“{reason}”."
