"""The sending of one deployment in words: what became of it, call by call, and what a person can do."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.domain.lifecycle import IN_THE_LINE, Outcome, State
from deployer.models import Attempt, Decision, Deployment, Freeze, Person, Service, Submission
from deployer.web import anchors, moments, times
from deployer.web.badges import HELD, Badge, submission_badge
from deployer.workflow import freezing, scheduling
from deployer.workflow import submission as verbs
from deployer.workflow.watching import GONE

LATE = "If its service shows late after all, it is linked."
MOST_STEPS = 50
MOST_ANSWERS = 10  # steps, the newest ones, that show the cloud's own words; each may be 4 KB
HANDS = {
    "cancel": ("Cancel sending", "submission-cancel", "Nothing goes out. The deployment goes back to its authors."),
    "send_again": (
        "Send again",
        "submission-send-again",
        "Look into the cloud first: if the first request did arrive, this makes a second service.",
    ),
    "settle_as": (
        "It is this service",
        "submission-settle-as",
        "Takes a service that is there as the outcome. It is watched from now on, so look at its content first.",
    ),
    "give_up": (
        "Give up",
        "submission-give-up",
        "The deployment goes back to its authors. If it shows late after all, it is linked.",
    ),
}
OUTCOMES = {
    "accepted": Badge("Accepted", "check", "good", "accepted"),
    "found": Badge("Found", "check", "good", "accepted"),
    "refused": Badge("Refused", "circle-minus", "alarm", "refused"),
    "unknown": Badge("Unknown", "circle-help", "warn", "unknown"),
    "not_found": Badge("Not found", "circle-help", "warn", "unknown"),
    "no_look": Badge("Could not look", "circle-help", "warn", "unknown"),
    "put_back": Badge("Put back", "rotate-cw", "", "waiting"),
    "needs_person": Badge("Needs a person", "circle-help", "alarm", "unknown"),
}
TRIED = {"put_back", "needs_person"}  # outcomes of a send that made nothing, or that never left
DUE = Badge("Due", "clock", "", "waiting")


@dataclass(frozen=True)
class News:
    """What stands on top of the page about the sending: a title, why, and what to do."""

    title: str
    text: str
    tone: str
    icon: str
    action: str = ""
    anchor: str = ""


def sending(person: Person, deployment: Deployment, going: freezing.Going | None) -> dict[str, Any]:
    """The attempts of the present submission and the earlier ones. Two queries. `going`: when it goes, if it waits."""
    present = deployment.submission
    rows = deployment.submissions.select_related("version", "created_by").defer(
        "version__draft", "version__payload", "version__problems"
    )
    every = list(rows.order_by("-pk")[:MOST_STEPS])
    offered = hands(person, deployment)
    steps = folded(present.tries.order_by("-number")[:MOST_STEPS]) if present else []
    return {
        "submission": present,
        "steps": [step(same, present, with_answer=at < MOST_ANSWERS) for at, same in enumerate(steps)],
        "upcoming": upcoming(present, going),
        "earlier": [(one, submission_badge(one)) for one in every if present is None or one.pk != present.pk],
        "news": news(deployment, going),
        "hands": offered,
        "may_decide": present is not None and present.needs_person and any(not one["refusal"] for one in offered),
    }


def folded(attempts: Iterable[Attempt]) -> Iterator[list[Attempt]]:
    """Newest first; looks that found the same, one after the other, are one step. A call that may act stands alone."""
    same = groupby(attempts, lambda one: (one.kind, one.outcome, one.detail, one.http_status))
    for (kind, *_), group in same:
        if kind == Attempt.Kind.LOOK:
            yield list(group)
        else:
            yield from ([one] for one in group)


def step(same: list[Attempt], submission: Submission, *, with_answer: bool = True) -> dict[str, Any]:
    """One line of the table: a call, or looks that found the same (newest first), told by the newest."""
    attempt, first = same[0], same[-1]
    return {
        "number": attempt.number if attempt is first else f"{first.number}–{attempt.number}",
        "times": len(same),
        "since": first.started_at,
        "at": attempt.started_at,
        "what": what(attempt, submission),
        "detail": attempt.detail,
        "badge": OUTCOMES.get(attempt.outcome) or Badge(attempt.outcome, "info"),
        "request_id": attempt.request_id,
        "status": attempt.http_status,
        "answer": answer(attempt) if with_answer else "",
    }


def answer(attempt: Attempt) -> str:
    """What the cloud said, word for word, laid out where it is JSON. Credentials were masked when it came."""
    try:
        return json.dumps(json.loads(attempt.answer), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return attempt.answer


def what(attempt: Attempt, submission: Submission) -> str:
    """What the call was; one that came to nothing before or on its way was only tried."""
    if attempt.kind == Attempt.Kind.SEND:
        verb = "Tried to send" if attempt.outcome in TRIED else "Sent"
        return f"{verb} version {submission.version.number}"
    if attempt.kind == Attempt.Kind.LOOK:
        verb = "Tried to look for" if attempt.outcome == "no_look" else "Looked for"
        return f"{verb} {submission.service_name}"
    # A login is a step of its own only where it was refused.
    return "Tried to log in" if attempt.kind == Attempt.Kind.LOGIN else "Decided by hand"


def upcoming(submission: Submission | None, going: freezing.Going | None) -> dict[str, Any] | None:
    """The step that comes next by itself; of what a person decides or has decided, the next late look."""
    if submission is None or submission.outcome == Outcome.SENDING:
        return None
    is_left = submission.needs_person or submission.outcome not in IN_THE_LINE
    at = submission.late_look_at if is_left else submission.next_action_at
    if at is None:
        return None
    looks = is_left or submission.outcome == Outcome.UNKNOWN
    badge = DUE
    if going and going.why and not looks:
        at, badge = going.at, HELD if going.freeze else DUE
    return {
        "what": f"{'Look for' if looks else 'Send'} {submission.service_name}",
        "when": when(at),
        "badge": badge,
    }


def when(at: datetime | None) -> str:
    """How long until then; open where nobody can say."""
    if at is None:
        return "open"
    return times.ago(at) if at > timezone.now() else "now"


def hands(person: Person, deployment: Deployment) -> list[dict[str, str]]:
    if deployment.state != State.SUBMITTED or deployment.submission is None:
        return []
    return hands_of(person, deployment.submission)


def hands_of(person: Person, submission: Submission) -> list[dict[str, str]]:
    """What can be done with a row by hand, each with its words and why this person may not."""
    offers = verbs.hands_on(person, submission)
    names = ("label", "address", "note")
    return [
        {"name": name, "refusal": why, **dict(zip(names, HANDS[name], strict=True))} for name, why in offers.items()
    ]


def news(deployment: Deployment, going: freezing.Going | None) -> News | None:
    """The one notice about the sending; none while all goes its way. `going`: when it goes, if it waits."""
    submission = deployment.submission
    if submission is None or deployment.state not in {State.SUBMITTED, State.CHANGES_REQUESTED}:
        return None
    if submission.needs_person:
        return stuck(submission)
    if submission.outcome == Outcome.UNKNOWN:
        return searching(submission)
    if going is not None:
        return waits(submission, going)
    if submission.outcome == Outcome.ACCEPTED and deployment.service and deployment.service.status == "failed":
        why = deployment.service.error_msg or "The cloud gave no reason."
        return News("The service exists and failed to start.", why, "alarm", "circle-x")
    return returned(deployment, submission) if is_last_word(deployment, submission) else None


def waits(submission: Submission, going: freezing.Going) -> News | None:
    """What it waits for, said from what is in force now, not from what the worker met last."""
    if going.freeze:
        return News("It waits for a freeze to end.", f"{going.why} {here(going)}".strip(), "warn", "snowflake")
    if going.why:
        return News("It waits for its time.", f"{going.why} {here(going)}".strip(), "", "clock")
    return News("It waits.", submission.reason, "", "clock") if submission.reason else None


def here(going: freezing.Going) -> str:
    """The same moment on the reader's clock; the reason names it on the target's."""
    return f"On your clock: {times.when(going.at)}." if going.at else ""


def candidates(deployment: Deployment) -> list[Service]:
    """Services of its name as last seen, of which one may be what a lost call made; only while a person decides."""
    row = deployment.submission
    if row is None or deployment.state != State.SUBMITTED or not verbs_for_lost(row):
        return []
    named = Service.objects.filter(target=row.target, name=row.service_name).exclude(status=GONE)
    return list(named.order_by("-pk")[:20])


def verbs_for_lost(row: Submission) -> bool:
    return row.needs_person or (row.outcome == Outcome.WAITING and row.attempts > 0)


def timing(person: Person, deployment: Deployment, freezes: list[Freeze]) -> dict[str, Any]:
    """When it goes out, for the form that sends it and for what waits; `freezes` are those of its target."""
    row = deployment.submission if deployment.state == State.SUBMITTED else None
    present = row or Submission(target=deployment.target)
    going = freezing.going(present, timezone.now(), freezes)
    can_move = scheduling.can_move(row)
    return {
        "goes_at": going.at if going.at and going.at > timezone.now() else None,
        "goes_why": going.why,
        "zone": moments.zone_name(),
        "chosen": moments.box(row.not_before) if row else "",
        "can_move": can_move,
        "move_refusal": scheduling.refusal(person, deployment) if can_move else "",
    }


def is_last_word(deployment: Deployment, submission: Submission) -> bool:
    """Whether it is back with its authors because of this sending, and not of a verdict given since."""
    if deployment.state != State.CHANGES_REQUESTED or submission.settled_at is None:
        return False
    since = Decision.objects.filter(version__deployment=deployment, decided_at__gt=submission.settled_at)
    return not since.exists()


def stuck(submission: Submission) -> News:
    if submission.outcome == Outcome.UNKNOWN:
        todo = "An operator looks into the cloud itself, then chooses: send again, or give up."
        title = "Nobody knows whether the service was created."
        return News(title, f"{submission.reason} {todo}", "alarm", "circle-help")
    todo = "Once that is mended, an operator sends it again."
    return News("It was not sent and waits for a person.", f"{submission.reason} {todo}", "alarm", "circle-help")


def searching(submission: Submission) -> News:
    text = "It is looked for by name, and it will not be sent again without a person."
    return News(
        "We do not know yet whether the service was created.", f"{submission.reason} {text}", "warn", "circle-help"
    )


def decides_at(submission: Submission | None) -> datetime | None:
    """When an operator takes over, if nothing shows by then."""
    if submission is None or submission.outcome != Outcome.UNKNOWN or submission.needs_person or not submission.sent_at:
        return None
    return submission.sent_at + timedelta(seconds=submission.target.quiet_seconds)


def returned(deployment: Deployment, submission: Submission) -> News | None:
    if submission.outcome == Outcome.REFUSED:
        code = f", {submission.error_code}" if submission.error_code else ""
        controls = anchors.controls_for(
            submission.problem_path, drafts.loads(deployment.draft), deployment.target.edition
        )
        anchor = controls[0] if submission.problem_path and controls else ""
        return News(
            f"The cloud refused it{code}.", submission.reason, "alarm", "circle-minus", "Change it in the draft", anchor
        )
    if submission.outcome == Outcome.CANCELLED:
        return News("The sending was cancelled.", submission.reason, "", "circle-minus")
    if submission.outcome == Outcome.GIVEN_UP:
        return News("It was given up.", f"{submission.reason} {LATE}", "warn", "circle-minus")
    return None
