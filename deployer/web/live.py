"""What moves on the page of a deployment: how far the sending is, the service as last seen, what happened."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from deployer.domain.lifecycle import Outcome, State
from deployer.models import Deployment, Freeze, Person, Service, Submission
from deployer.web import badges, frozen, reported, sending
from deployer.web.badges import CLOUD, Badge, badge_for, is_moving, machine_state, service_badge, with_target
from deployer.web.timeline import Line, line_of
from deployer.workflow.freezing import Going
from deployer.workflow.standing import Standing, standing

MOVING_STATUSES = {"", "deploying", "pending", "waiting"}


@dataclass(frozen=True)
class Phase:
    """One stretch of the road. `share` is heard from the cloud or 0 or 100, never guessed."""

    word: str
    is_done: bool = False
    is_now: bool = False
    share: int = 0
    icon: str = "circle-dashed"
    tone: str = ""

    @property
    def said(self) -> str:
        """The phase for those who do not see the bar."""
        return f"{self.word}, {self.share} percent"


def state_of(deployment: Deployment, person: Person, judged: Standing | None = None) -> dict[str, Any]:
    """The context of the parts that refresh themselves."""
    if judged is None and deployment.state == State.IN_REVIEW:
        judged = standing(deployment)
    freezes = frozen.holding([deployment])
    going = goes(deployment, freezes)
    line = line_of(deployment)
    found = {
        "deployment": deployment,
        "badge": badge_for(deployment, given=judged.given if judged else None, freezes=freezes),
        "machine": machine_state(deployment),
        "is_moving": is_moving(deployment),
        "phases": phases(deployment),
        "service": deployment.service,
        "service_badge": cloud_badge(deployment.service) if deployment.service else None,
        "shares": shares(deployment.service),
        "decides_at": sending.decides_at(deployment.submission),
        "timeline": line,
        **sending.sending(person, deployment, going),
    }
    return found | {"since": digest(found, line), "panel_is": panel_digest(deployment)}


def goes(deployment: Deployment, freezes: list[Freeze]) -> Going | None:
    """When it may go out; None unless it waits for that."""
    if not frozen.waits_to_be_sent(deployment):
        return None
    with_target(deployment)
    return badges.going(deployment.submission, freezes)


def digest(found: dict[str, Any], line: Line) -> str:
    """One sign for all that would be drawn, but for what only counts the seconds."""
    service: Service | None = found["service"]
    submission: Submission | None = found["submission"]
    facts = [
        found["machine"],
        found["is_moving"],
        line.newest,
        len(found["steps"]),
        [submission.pk, submission.needs_person, submission.reason, str(submission.not_before)] if submission else None,
        [found["news"].title, found["news"].text] if found["news"] else None,  # a freeze begins beside the row
        [service.progress, service.error_msg, service.access_address, service.config, str(service.due_time)]
        if service
        else None,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def panel_digest(deployment: Deployment) -> str:
    """The state, and one sign for what decides which moves are offered: while it stays, typed comments are let be."""
    submission = deployment.submission
    facts = [deployment.state, deployment.seen, deployment.closed_as]
    facts += [submission.pk, submission.outcome, submission.needs_person, bool(submission.lease)] if submission else []
    return f"{deployment.state}.{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]}"


def phases(deployment: Deployment) -> list[Phase]:
    """Approved, sent, accepted, deploying, and what it came to; only once it is submitted."""
    submission, service = deployment.submission, deployment.service
    if deployment.state != State.SUBMITTED or submission is None:
        return []
    accepted = submission.outcome == Outcome.ACCEPTED
    begun = Phase("Approved", is_done=True, share=100, icon="check")
    if not accepted:
        word = {Outcome.WAITING: "Waiting to send", Outcome.SENDING: "Sending"}.get(
            Outcome(submission.outcome), "Unknown"
        )
        now = Phase(word, is_now=True, icon="circle-help" if word == "Unknown" else "loader-circle")
        return [begun, now, Phase("Accepted"), Phase("Deploying"), Phase("Running")]
    sent = [begun, Phase("Sent", True, share=100, icon="check"), Phase("Accepted", True, share=100, icon="check")]
    if service is None or service.status in MOVING_STATUSES:
        share = (service.progress or 0) if service else 0
        return [*sent, Phase("Deploying", is_now=True, share=share, icon="loader-circle"), Phase("Running")]
    return [*sent, Phase("Deployed", True, share=100, icon="check"), last(cloud_badge(service))]


def cloud_badge(service: Service) -> Badge:
    """The cloud's own word; that a running service stops soon is said beside it."""
    return CLOUD.get(service.status) or service_badge(service)


def last(badge: Badge) -> Phase:
    return Phase(badge.word, is_now=True, share=100, icon=badge.icon, tone=badge.tone)


def shares(service: Service | None) -> list[dict[str, Any]]:
    """The models as the cloud reports them, for the bar and its legend."""
    found = reported.parts(service) if service else []
    return [
        {
            "name": one.name,
            "weight": one.weight,
            "note": f"{one.instances} × {one.specification}" if one.instances and one.specification else "",
        }
        for one in found
    ]
