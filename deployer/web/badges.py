"""The one badge a person sees, computed from three facts: our state, the attempt's outcome, the cloud's status."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from deployer.domain.lifecycle import Closed, Outcome, State
from deployer.models import Deployment, Freeze, Service, Submission
from deployer.web import times
from deployer.workflow import freezing

SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Badge:
    """Fixed words, an icon, a tone; a number or reason may follow the word."""

    word: str
    icon: str
    tone: str = ""
    state: str = ""  # for styles: unknown and stale have a dashed edge


def badge_for(deployment: Deployment, *, given: int | None = None, freezes: list[Freeze] | None = None) -> Badge:
    """`given`: how many approvals count, where the page knows it. `freezes`: what is in force, read once for a list."""
    state = deployment.state
    if state == State.SUBMITTED and deployment.submission:
        with_target(deployment)
        if deployment.submission.outcome == Outcome.ACCEPTED and deployment.service:
            return service_badge(deployment.service)
        return submission_badge(deployment.submission, freezes)
    if state == State.IN_REVIEW:
        votes = "" if given is None else f", {given} of {deployment.target.approvals}"
        return Badge(f"In review{votes}", "eye", "moving", "in_review")
    if state == State.CLOSED:
        return CLOSED[Closed(deployment.closed_as)]
    sent_back = deployment.submission and deployment.submission.outcome
    if state == State.CHANGES_REQUESTED and sent_back in AFTER:
        return submission_badge(deployment.submission)
    return OURS[State(state)]


def with_target(deployment: Deployment) -> None:
    """Let the submission know its target without asking for it: it is that of its deployment."""
    row = deployment.submission
    if row and row.target_id == deployment.target_id:
        row.target = deployment.target


def submission_badge(submission: Submission, freezes: list[Freeze] | None = None) -> Badge:
    """`freezes`: what is in force, here or anywhere; None: asked for, if it waits."""
    outcome = Outcome(submission.outcome)
    if submission.needs_person:
        if outcome == Outcome.UNKNOWN:
            return Badge("Unknown, needs a person", "circle-help", "alarm", "unknown")
        return Badge("Waiting, needs a person", "circle-help", "alarm", "waiting")
    if outcome == Outcome.UNKNOWN:
        return Badge(f"Unknown, {looking(submission)}", "circle-help", "warn", "unknown")
    if outcome == Outcome.WAITING:
        return waiting_badge(going(submission, freezes))
    if outcome == Outcome.REFUSED and submission.error_code:
        return Badge(f"Refused, {submission.error_code.rpartition('.')[2]}", "circle-minus", "alarm", "refused")
    return SENDING[outcome]


def going(submission: Submission, freezes: list[Freeze] | None) -> freezing.Going:
    """When a row that waits may really go: after its time, within a window, under no freeze."""
    if freezes is None:
        freezes = list(freezing.freezes_of(submission.target))
    return freezing.going(submission, timezone.now(), freezing.of_target(freezes, submission.target_id))


def waiting_badge(found: freezing.Going) -> Badge:
    """In the line; with the moment it may go while that is still to come, held while it waits for a freeze to end."""
    if found.freeze:
        return HELD
    if found.why and found.at:
        return Badge(f"Scheduled, {times.shortly(found.at)}", "clock", "", "scheduled")
    return SENDING[Outcome.WAITING]


def looking(submission: Submission) -> str:
    if submission.next_action_at is None:
        return "looking"
    wait = int((submission.next_action_at - timezone.now()).total_seconds())
    return f"looking again in {wait} s" if wait > 1 else "looking now"


def service_badge(service: Service) -> Badge:
    """What the cloud says. A word we do not know is shown as it came."""
    status = service.status
    if not status:
        return SENDING[Outcome.ACCEPTED]
    if status == "deploying":
        share = "" if service.progress is None else f" {service.progress} %"
        return Badge(f"Deploying{share}", "loader-circle", "moving", "deploying")
    if status == "running" and service.due_time and service.due_time - timezone.now() < SOON:
        minutes = max(0, int((service.due_time - timezone.now()).total_seconds() // 60))
        return Badge(f"Stops in {minutes} min", "timer", "warn", "running")
    return CLOUD.get(status, Badge(status, "info", "", "other"))


HELD = Badge("Waiting to send, held", "clock", "", "waiting")
AFTER = {Outcome.REFUSED, Outcome.CANCELLED, Outcome.GIVEN_UP}
OURS = {
    State.DRAFT: Badge("Draft", "circle-dashed", "", "draft"),
    State.CHANGES_REQUESTED: Badge("Changes requested", "corner-up-left", "warn", "changes_requested"),
    State.APPROVED: Badge("Approved", "circle-check", "good", "approved"),
    State.SUBMITTED: Badge("Waiting to send", "clock", "", "waiting"),
}
CLOSED = {
    Closed.WITHDRAWN: Badge("Withdrawn", "undo-2", "", "withdrawn"),
    Closed.REJECTED: Badge("Rejected", "ban", "alarm", "rejected"),
    Closed.EXPIRED: Badge("Expired", "clock", "", "expired"),
}
SENDING = {
    Outcome.WAITING: Badge("Waiting to send", "clock", "", "waiting"),
    Outcome.SENDING: Badge("Sending", "send", "moving", "sending"),
    Outcome.ACCEPTED: Badge("Accepted", "check", "good", "accepted"),
    Outcome.REFUSED: Badge("Refused", "circle-minus", "alarm", "refused"),
    Outcome.CANCELLED: Badge("Cancelled", "circle-minus", "", "cancelled"),
    Outcome.GIVEN_UP: Badge("Given up", "circle-minus", "", "given_up"),
}
CLOUD = {
    "running": Badge("Running", "dot", "good", "running"),
    "concerning": Badge("Concerning", "triangle-alert", "warn", "concerning"),
    "failed": Badge("Failed", "circle-x", "alarm", "failed"),
    "stopped": Badge("Stopped", "circle-stop", "", "stopped"),
    "finished": Badge("Finished", "check", "good", "finished"),
    "stopping": Badge("Stopping", "loader-circle", "moving", "stopping"),
    "deleting": Badge("Deleting", "loader-circle", "moving", "deleting"),
    "deleted": Badge("Gone from the cloud", "circle-minus", "", "deleted"),
    "pending": Badge("Pending", "clock", "moving", "pending"),
    "waiting": Badge("Waiting for resources", "clock", "moving", "waiting"),
}


def machine_state(deployment: Deployment) -> dict[str, str]:
    """The four attributes that programs read from a deployment's page; empty where unknown."""
    submission, service = deployment.submission, deployment.service
    return {
        "state": deployment.state,
        "outcome": submission.outcome if submission else "",
        "service_status": service.status if service else "",
        "service_id": (submission.service_id or "") if submission else "",
    }


def is_moving(deployment: Deployment) -> bool:
    """Whether the page should look again by itself."""
    if deployment.state != State.SUBMITTED or deployment.submission is None:
        return False
    if deployment.submission.outcome == Outcome.ACCEPTED:
        return deployment.service is None or not deployment.service.is_settled
    return not deployment.submission.needs_person
