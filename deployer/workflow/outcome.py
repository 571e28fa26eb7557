"""What became of a submission, written down for the worker. Each report is fenced by the lease it was made under.

A step is: `read` a due row (or `claim` it, where getting ready takes long), get ready, `begin_sending`, call the cloud,
then exactly one of `accepted`, `refused`, `put_back`, `unknown`. A row found unknown is claimed again to be settled by
looking: `accepted`, `look_again` or `needs_person`. A report under a lease that is no longer the row's changes nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from deployer.domain.lifecycle import Outcome, State
from deployer.models import Attempt, Deployment, Service, Submission, Target
from deployer.models.clock import DbNow
from deployer.models.once import Insert, Update, together
from deployer.workflow import history
from deployer.workflow.leasing import LeaseLost, after, change, changed, changing, claim, read, released
from deployer.workflow.line import LATE_LOOK, final, wake_followers, waking_followers, woken

__all__ = [
    "LeaseLost", "Tried", "accepted", "begin_sending", "claim", "dead", "is_taken", "look_again", "needs_person",
    "put_back", "read", "reap", "refused", "send_itself_again", "unknown",
]  # fmt: skip

PAUSED = "The cloud is busy and asked for a pause. It is sent when that is over."


@dataclass(frozen=True)
class Tried:
    """One call as it went: what an Attempt row will say. Times aware, `answer` masked, at most 4 KB."""

    kind: str
    worker: str
    started_at: datetime
    detail: str
    http_status: int | None = None
    request_id: str = ""
    answer: str = ""


def begin_sending(submission: Submission, *, seconds: float, listed: Any = ()) -> bool:
    """See intent.begin_sending."""
    from deployer.workflow import intent  # it reports too, so it stands above us

    return intent.begin_sending(submission, seconds=seconds, listed=listed)


def accepted(submission: Submission, tried: Tried, *, service_id: str, resource_ids: list[str] | None = None) -> bool:
    """The cloud has it and we know its id. False when that id belongs to another submission: never adopted."""
    try:
        record_accepted(submission, tried, service_id, resource_ids or [])
    except IntegrityError:
        if not is_taken(submission, service_id):
            raise
        return False
    return True


def is_taken(submission: Submission, service_id: str) -> bool:
    """Whether this service belongs to another submission, or is known as the twin of one that does."""
    others = Submission.objects.filter(site=submission.site, service_id=service_id).exclude(pk=submission.pk)
    twins = Service.objects.filter(target=submission.target_id, service_id=service_id, twin_of__isnull=False)
    return others.exists() or twins.exists()


@transaction.atomic
def record_accepted(
    submission: Submission, tried: Tried, service_id: str, resource_ids: list[str], *others: str
) -> None:
    """`others`: outcomes it may have besides those of the line."""
    deployment = submission.deployment
    service = known_service(submission, service_id)
    lost_before = submission.lost - (1 if tried.kind == Attempt.Kind.LOOK else 0)
    columns = {
        "tried": submission.tried + 1, "service_id": service_id, "resource_ids": json.dumps(resource_ids), "reason": "",
        # An earlier call of it was lost as well: what that one made may still turn up.
        **final(Outcome.ACCEPTED, late_look_at=after(LATE_LOOK) if lost_before > 0 else None),
    }  # fmt: skip
    _, ours, followers = together(
        own_service.to(pk=deployment.pk, service=service.pk),
        changing(submission, Outcome.WAITING, Outcome.SENDING, Outcome.UNKNOWN, *others, **columns),
        waking_followers(submission),
    )
    changed(submission, ours, **columns)
    woken(submission, followers)
    data = {"service_id": service_id, "by": tried.kind}
    attempt = insert.of(attempt_of(submission, tried, "accepted"))
    history.write([history.Entry("accepted", None, deployment, data=data)], attempt)


@Update
def own_service(pk: int, service: int) -> tuple[QuerySet[Deployment], dict[str, Any]]:
    columns = {"service": service, "state": State.SUBMITTED, "updated_at": DbNow()}
    return Deployment.objects.filter(pk=pk), columns


def known_service(submission: Submission, service_id: str) -> Service:
    """The service's row, to be looked at at once. A list may have shown it before its create was answered."""
    row = Service(
        target_id=submission.target_id,
        service_id=service_id,
        name=submission.service_name,
        infer_type=submission.deployment.infer_type,
        status="",
        created_at=DbNow(),
        seen_at=DbNow(),
        changed_at=DbNow(),
        next_look_at=DbNow(),
    )
    known(row)
    return row


known = Insert(Service, unique=["target", "service_id"], updates=["next_look_at"])


@transaction.atomic
def refused(submission: Submission, tried: Tried, *, reason: str, code: str = "", path: str = "") -> None:
    """The cloud said no: nothing exists. The deployment goes back to its authors; its approvals stay."""
    send_back(submission.deployment)
    columns = {"reason": reason, "error_code": code[:64], "problem_path": path[:200], **final(Outcome.REFUSED)}
    report(submission, tried, "refused", Outcome.SENDING, **columns)
    wake_followers(submission)
    data = {"code": code, "http_status": tried.http_status, "path": path}
    history.write([history.Entry("refused", None, submission.deployment, comment=reason, data=data)])


@transaction.atomic
def put_back(submission: Submission, tried: Tried, *, reason: str, seconds: float, pause: float | None = None) -> None:
    """Certain that nothing left: back in the line, to be tried again after so many seconds.

    `pause`: the cloud asked for so many seconds (429 with Retry-After); nothing else goes to the target until then.
    """
    if pause:
        rest(submission, pause)
    was_out = submission.outcome == Outcome.SENDING
    columns = {"outcome": Outcome.WAITING, "reason": reason, "returns": submission.returns + 1, **released(seconds)}
    report(submission, tried, "put_back", Outcome.WAITING, Outcome.SENDING, **columns)
    if was_out:
        history.write([history.Entry("put_back", None, submission.deployment, comment=reason)])


def rest(submission: Submission, seconds: float) -> None:
    """A pause for the whole target: those in its line see it, those that come later meet it at the target."""
    rows = Target.objects.filter(pk=submission.target_id)
    rows.update(paused_until=Greatest(Coalesce("paused_until", DbNow()), after(seconds)))
    others = Submission.objects.filter(
        target=submission.target_id, outcome=Outcome.WAITING, needs_person=False, lease="",
        next_action_at__lt=after(seconds),
    )  # fmt: skip
    others.update(next_action_at=after(seconds), reason=PAUSED)


@transaction.atomic
def unknown(submission: Submission, tried: Tried, *, reason: str, seconds: float) -> None:
    """It may or may not have happened. It will be looked for; it is not sent again."""
    columns = {"outcome": Outcome.UNKNOWN, "reason": reason, "lost": submission.lost + 1, **released(seconds)}
    report(submission, tried, "unknown", Outcome.SENDING, **columns)
    history.write([history.Entry("answer_lost", None, submission.deployment, comment=reason)])


@transaction.atomic
def look_again(
    submission: Submission, tried: Tried, *, reason: str, seconds: float, outcome: str = "not_found"
) -> None:
    """Looked, found nothing that is certainly ours: look again later.

    With the outcome `no_look` the cloud could not be asked; while that stays so for the same reason, it is not
    written down again and again.
    """
    columns = {"reason": reason, "looks": submission.looks + 1, **released(seconds)}
    if outcome == "no_look" and submission.reason == reason:
        change(submission, Outcome.UNKNOWN, **columns)
    else:
        report(submission, tried, outcome, Outcome.UNKNOWN, **columns)


@transaction.atomic
def needs_person(submission: Submission, tried: Tried, *, reason: str, nothing_left: bool = False) -> None:
    """The worker can do no more. A person sees what was tried and decides.

    Where it is certain that `nothing_left` it waits in the line; else it is unknown, also when it was back in the line
    to be sent a second time.
    What was lost is still looked for now and then: should it show, nobody need decide.
    """
    outcome = Outcome.WAITING if nothing_left else Outcome.UNKNOWN
    anything = (Outcome.WAITING, Outcome.UNKNOWN, Outcome.SENDING)
    report(submission, tried, "needs_person", *anything, **left_to_person(submission, outcome, reason))
    history.write([history.Entry("needs_person", None, submission.deployment, comment=reason)])


@transaction.atomic
def send_itself_again(submission: Submission, tried: Tried, *, reason: str) -> None:
    """The quiet period is over and the target allows it: back in the line without a person, once."""
    report(submission, tried, "not_found", Outcome.UNKNOWN, outcome=Outcome.WAITING, reason=reason, **released(0.0))
    history.write([history.Entry("sent_again", None, submission.deployment, comment=reason)])


def dead(now: datetime | None = None) -> QuerySet[Submission]:
    """Rows whose sender has let its lease run out."""
    return Submission.objects.due(now).filter(outcome=Outcome.SENDING, lease_until__lt=now or DbNow())


def reap(worker: str) -> int:
    """Rows whose sender died between intent and record become unknown. How many."""
    count = 0
    said = "The sender stopped before it wrote down an answer."
    for submission in dead().select_related("deployment", "target").defer("deployment__draft"):
        submission.deployment.target = submission.target
        tried = Tried("send", worker, submission.sent_at or timezone.now(), said)
        try:
            unknown(submission, tried, reason=said, seconds=0)
            count += 1
        except LeaseLost:
            continue  # it woke up, or another sweep was quicker
    return count


def left_to_person(submission: Submission, outcome: str, reason: str) -> dict[str, Any]:
    """The columns of a row that waits for a person."""
    late = after(LATE_LOOK) if submission.lost or outcome == Outcome.UNKNOWN else None
    facts = {"outcome": outcome, "reason": reason, "needs_person": True, "next_action_at": None}
    return facts | {"lease": "", "lease_until": None, "late_look_at": late}


def send_back(deployment: Deployment) -> None:
    """To its authors."""
    rows = Deployment.objects.filter(pk=deployment.pk)
    rows.update(state=State.CHANGES_REQUESTED, updated_at=DbNow())


def report(submission: Submission, tried: Tried, result: str, *outcomes: str, **columns: Any) -> None:
    """Change the row under our lease and write the attempt, whose number the row knows."""
    change(submission, *outcomes, tried=submission.tried + 1, **columns)
    insert(attempt_of(submission, tried, result))


def attempt_of(submission: Submission, tried: Tried, result: str) -> Attempt:
    """Its row, by the number that the submission has just been given."""
    return Attempt(
        submission=submission,
        number=submission.tried,
        kind=tried.kind,
        worker=tried.worker[:64],
        started_at=tried.started_at,
        finished_at=timezone.now(),
        outcome=result,
        http_status=tried.http_status,
        request_id=tried.request_id[:128],
        detail=tried.detail,
        answer=tried.answer[:4096],
    )


insert = Insert(Attempt)
