"""What became of a submission, and of the service that came of it."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from deployer.domain.lifecycle import Outcome, State
from deployer.models import Service, Submission
from deployer.rehearsal.past import words
from deployer.rehearsal.past.books import as_json

if TYPE_CHECKING:
    from deployer.rehearsal.past.stories import Story

LIVES = {"running": 20, "stopped": 25, "deleted": 45, "failed": 5, "concerning": 2}


def submit(story: "Story", end: str) -> None:
    """Into the line, and out of it in one of five ways."""
    story.later(1, 120)
    story.tell("submitted", story.author, **story.of_version())
    submission = Submission(
        pk=next(story.books.keys.submissions),
        deployment=story.deployment,
        version=story.version,
        target=story.deployment.target,
        site=story.deployment.target.site,
        service_name=story.body["service_name"],
        fingerprint=story.version.fingerprint if story.version else "",
        created_by=story.author,
        created_at=story.at,
    )
    story.deployment.submission = submission
    story.books.submissions.append(submission)
    if end == "cancelled":
        story.later(0.1, 2)
        cancelled(story, submission)
    else:
        story.later(0.01, 0.05)
        sent(story, submission)
        {"accepted": accepted, "refused": refused, "lost": found, "given_up": given_up}[end](story, submission)
    submission.settled_at = story.at


def sent(story: "Story", submission: Submission) -> None:
    submission.attempts, submission.sent_at = 1, story.at
    story.tell("sending", None, attempt=1, fingerprint=submission.fingerprint)


def cancelled(story: "Story", submission: Submission) -> None:
    submission.outcome, story.deployment.state = Outcome.CANCELLED, State.CHANGES_REQUESTED
    story.tell("cancel", story.author, "One more check first.", submission=submission.pk)


def refused(story: "Story", submission: Submission) -> None:
    status, code, path, reason = story.rng.choice(words.REFUSALS)
    began = story.at
    story.later(0.01, 0.05)
    submission.outcome, submission.reason = Outcome.REFUSED, reason
    submission.error_code, submission.problem_path = code, path
    story.deployment.state = State.CHANGES_REQUESTED
    story.books.attempt(submission, "send", "refused", began, story.at, http_status=status, detail=reason)
    story.tell("refused", None, reason, code=code, http_status=status, path=path)


def lost(story: "Story", submission: Submission) -> None:
    began = story.at
    story.later(0.5, 0.7)
    submission.lost = 1
    story.books.attempt(submission, "send", "unknown", began, story.at, detail=words.LOST)
    story.tell("answer_lost", None, words.LOST)


def found(story: "Story", submission: Submission) -> None:
    """The answer was lost, and the service turned up."""
    lost(story, submission)
    taken(story, submission, "look", 2)


def given_up(story: "Story", submission: Submission) -> None:
    lost(story, submission)
    began = story.later(10, 11)
    story.books.attempt(submission, "look", "needs_person", began, began, detail=words.QUIET, number=2)
    story.tell("needs_person", None, words.QUIET)
    story.later(5, 300)
    said = "Not in the console either."
    submission.outcome, submission.reason = Outcome.GIVEN_UP, f"{story.cast.operator}: “{said}”"
    story.deployment.state = State.CHANGES_REQUESTED
    story.tell("give_up", story.cast.operator, said, submission=submission.pk)


def accepted(story: "Story", submission: Submission) -> None:
    taken(story, submission, "send", 1)


def taken(story: "Story", submission: Submission, kind: str, number: int) -> None:
    """The cloud has it: the id, and what became of the service."""
    began = story.at
    story.later(0.01, 0.05)
    service_id = str(uuid.UUID(int=story.rng.getrandbits(128), version=4))
    submission.outcome, submission.service_id = Outcome.ACCEPTED, service_id
    submission.resource_ids = as_json([str(uuid.UUID(int=story.rng.getrandbits(128), version=4))])
    detail = f"The cloud accepted it as {service_id}." if kind == "send" else f"Found by its name: {service_id}."
    status = 200 if kind == "send" else None
    story.books.attempt(submission, kind, "accepted", began, story.at, http_status=status, detail=detail, number=number)
    story.tell("accepted", None, service_id=service_id, by=kind)
    story.deployment.state = State.SUBMITTED
    story.deployment.service = lived(story, service_id)


def lived(story: "Story", service_id: str) -> Service:
    """A service and its statuses. It is never looked at again, since no cloud knows it."""
    rng, created_at = story.rng, story.at
    kind = story.body["infer_type"]
    status = "finished" if kind == "batch" else rng.choices(list(LIVES), weights=list(LIVES.values()))[0]
    error = words.FAILURE if status == "failed" else ""
    heard(story, "", "deploying", 0.05, 0.1)
    if status == "failed":
        heard(story, "deploying", "failed", 2, 6, error)
    else:
        heard(story, "deploying", "running", 3, 12)
        if status not in ("running",):
            heard(story, "running", status, 60, 20_000)
    service = Service(
        pk=next(story.books.keys.services),
        target=story.deployment.target,
        service_id=service_id,
        name=story.body["service_name"],
        infer_type=kind,
        status=status,
        error_msg=error,
        config=as_json(story.body["config"]),
        is_settled=True,
        created_at=created_at,
        seen_at=story.at + timedelta(minutes=1),
        changed_at=story.at,
    )
    if kind == "real-time" and status in ("running", "concerning"):
        service.access_address = f"https://infers.region-1.example.com/v1/infers/{service_id}"
    story.books.services.append(service)
    return service


def heard(story: "Story", before: str, after: str, low: float, high: float, error: str = "") -> None:
    story.later(low, high)
    story.tell("cloud_status", None, before=before, after=after, error=error)
