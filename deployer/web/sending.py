"""The sending of one deployment in words: what became of it, call by call, and what a person can do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.domain.lifecycle import IN_THE_LINE, Outcome, State
from deployer.models import Attempt, Decision, Deployment, Person, Submission
from deployer.web import anchors, times
from deployer.web.badges import Badge, submission_badge
from deployer.workflow import submission as verbs

MOST_STEPS = 50
HANDS = {
    "cancel": ("Cancel sending", "submission-cancel", "Nothing goes out. The deployment goes back to its authors."),
    "send_again": (
        "Send again",
        "submission-send-again",
        "Look into the cloud first: if the first request did arrive, this makes a second service.",
    ),
    "give_up": ("Give up", "submission-give-up", "The deployment goes back to its authors. Nothing is looked for."),
}
OUTCOMES = {
    "accepted": Badge("Accepted", "check", "good", "accepted"),
    "found": Badge("Found", "check", "good", "accepted"),
    "refused": Badge("Refused", "circle-minus", "alarm", "refused"),
    "unknown": Badge("Unknown", "circle-help", "warn", "unknown"),
    "not_found": Badge("Not found", "circle-help", "warn", "unknown"),
    "put_back": Badge("Put back", "rotate-cw", "", "waiting"),
    "needs_person": Badge("Needs a person", "circle-help", "alarm", "unknown"),
}
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


def sending(person: Person, deployment: Deployment) -> dict[str, Any]:
    """The attempts of the present submission and the earlier ones. Two queries."""
    present = deployment.submission
    rows = deployment.submissions.select_related("version", "created_by").defer(
        "version__draft", "version__payload", "version__problems"
    )
    every = list(rows.order_by("-pk")[:MOST_STEPS])
    steps = list(present.tries.order_by("-number")[:MOST_STEPS]) if present else []
    return {
        "submission": present,
        "steps": [step(one, present) for one in steps],
        "upcoming": upcoming(present),
        "earlier": [(one, submission_badge(one)) for one in every if present is None or one.pk != present.pk],
        "news": news(deployment),
        "hands": hands(person, deployment),
    }


def step(attempt: Attempt, submission: Submission) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "at": attempt.started_at,
        "what": what(attempt.kind, submission),
        "detail": attempt.detail,
        "badge": OUTCOMES.get(attempt.outcome) or Badge(attempt.outcome, "info"),
        "request_id": attempt.request_id,
        "status": attempt.http_status,
    }


def what(kind: str, submission: Submission) -> str:
    if kind == Attempt.Kind.SEND:
        return f"Sent version {submission.version.number}"
    if kind == Attempt.Kind.LOOK:
        return f"Looked for {submission.service_name}"
    return "Logged in" if kind == Attempt.Kind.LOGIN else "Decided by hand"


def upcoming(submission: Submission | None) -> dict[str, Any] | None:
    """The step that comes next by itself."""
    if submission is None or submission.outcome not in IN_THE_LINE or submission.needs_person:
        return None
    if submission.outcome == Outcome.SENDING or submission.next_action_at is None:
        return None
    looks = submission.outcome == Outcome.UNKNOWN
    at = submission.next_action_at
    return {
        "what": f"{'Look for' if looks else 'Send'} {submission.service_name}",
        "when": times.ago(at) if at > timezone.now() else "now",
    }


def hands(person: Person, deployment: Deployment) -> list[dict[str, str]]:
    if deployment.state != State.SUBMITTED:
        return []
    offers = verbs.hands_on(person, deployment.submission)
    names = ("label", "address", "note")
    return [
        {"name": name, "refusal": why, **dict(zip(names, HANDS[name], strict=True))} for name, why in offers.items()
    ]


def news(deployment: Deployment) -> News | None:
    """The one notice about the sending; none while all goes its way."""
    submission = deployment.submission
    if submission is None or deployment.state not in {State.SUBMITTED, State.CHANGES_REQUESTED}:
        return None
    if submission.needs_person:
        return stuck(submission)
    if submission.outcome == Outcome.UNKNOWN:
        return searching(submission)
    if submission.outcome == Outcome.WAITING and submission.reason:
        return News("It waits.", submission.reason, "", "clock")
    if submission.outcome == Outcome.ACCEPTED and deployment.service and deployment.service.status == "failed":
        why = deployment.service.error_msg or "The cloud gave no reason."
        return News("The service exists and failed to start.", why, "alarm", "circle-x")
    return returned(deployment, submission) if is_last_word(deployment, submission) else None


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
        return News("An operator gave it up.", submission.reason, "warn", "circle-minus")
    return None
