"""The moves of one deployment: each a POST with `seen` and `comment`.

Order of answers: 404, 403, 409, 422. So the right and the row are asked before the form is judged.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from deployer.domain.lifecycle import MOVES
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment, Submission
from deployer.web import access, compose
from deployer.web.deployment import context_of
from deployer.web.move_forms import LONGEST, HandForm, MoveForm, TimedForm
from deployer.web.told import told
from deployer.workflow import locking, permissions, review, scheduling
from deployer.workflow import submission as sendings
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed

DECISIONS = ("send_again", "give_up", "settle_as")
# Where a problem's control stands; {name} is the move's.
ANCHORS = {"comment": "comment-{name}", "at": "at-{name}", "service_id": "service-typed-{name}"}


@require_POST
def ask_review(request: HttpRequest, number: int) -> HttpResponse:
    return move(request, number, "ask_review", review.ask_review)


@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    return move(request, number, "approve", verdict("approve"))


@require_POST
def request_changes(request: HttpRequest, number: int) -> HttpResponse:
    return move(request, number, "request_changes", verdict("request_changes"))


@require_POST
def reject(request: HttpRequest, number: int) -> HttpResponse:
    return move(request, number, "reject", verdict("reject"))


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    return move(request, number, "withdraw", review.withdraw)


@require_POST
def submit(request: HttpRequest, number: int) -> HttpResponse:
    return move(request, number, "submit", submit_at)


def submit_at(deployment: Deployment, *, at: datetime | None, **said: Any) -> Deployment:
    """At once, or not before the time that was chosen."""
    problems = scheduling.problems_with(at)
    if problems:
        must_stand(deployment, "submit", said["seen"])
        raise HasProblems(problems)
    return sendings.submit(deployment, not_before=at, **said)


@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    return hand(request, number, "cancel")


@require_POST
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    return hand(request, number, "send_again")


@require_POST
def give_up(request: HttpRequest, number: int) -> HttpResponse:
    return hand(request, number, "give_up")


@require_POST
def settle_as(request: HttpRequest, number: int) -> HttpResponse:
    return hand(request, number, "settle_as")


@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """One form with all that can be done about what needs a person; `what` names the choice."""
    what = request.POST.get("what", "")
    if what in DECISIONS:
        return hand(request, number, what)
    deployment = access.deployment_for(request.user, number)
    row = deployment.submission
    why = sendings.hand_refusal(request.user, "give_up", row or Submission(deployment=deployment))
    if why:
        raise NotAllowed(why)
    stands = set(DECISIONS) & set(sendings.hands_on(request.user, row))
    if not stands or HandForm.posted(request.POST).data["seen"] != str(row.pk):
        moved = locking.moved_on(deployment, deployment.seen)
        return again(request, number, "give_up", status=409, moved_on=str(moved))
    problem = Problem("what", BLOCK, "Choose what should happen.")
    return again(request, number, "give_up", status=422, problems=[problem])


@require_POST
def reschedule(request: HttpRequest, number: int) -> HttpResponse:
    """Another time for what waits. Here `seen` (or `submission`) is the key of the submission."""
    deployment = access.deployment_for(request.user, number)
    why = scheduling.refusal(request.user, deployment)
    if why:
        raise NotAllowed(why)
    names = ("at", "at_zone", "comment")
    form = TimedForm({"seen": key_in(request), **{name: request.POST.get(name, "") for name in names}})
    try:
        if not form.is_valid():
            if not scheduling.can_move(deployment.submission):
                raise locking.moved_on(deployment, deployment.seen)
            raise HasProblems(form.problems())
        given = form.cleaned_data
        scheduling.reschedule(
            deployment, seen=given["seen"], by=request.user, not_before=given["at"], comment=given["comment"]
        )
    except MovedOn as news:
        return again(request, number, "reschedule", status=409, moved_on=str(news))
    except HasProblems as refused:
        return again(request, number, "reschedule", status=422, problems=refused.problems)
    return done(request, number, "reschedule")


def key_in(request: HttpRequest) -> str | None:
    return request.POST.get("submission", request.POST.get("seen"))


def verdict(name: str) -> Callable[..., Deployment]:
    def decide(deployment: Deployment, **said: Any) -> Deployment:
        return review.decide(deployment, name, **said)

    return decide


def move(request: HttpRequest, number: int, name: str, verb: Callable[..., Deployment]) -> HttpResponse:
    deployment = access.deployment_for(request.user, number)
    permissions.must_allow(request.user, name, deployment)
    form = TimedForm(request.POST) if name == "submit" else MoveForm(request.POST)
    try:
        if not form.is_valid():
            must_stand(deployment, name, form.cleaned_data.get("seen", deployment.seen))
            raise HasProblems(form.problems())
        verb(deployment, by=request.user, **form.cleaned_data)
    except MovedOn as news:
        return again(request, number, name, status=409, moved_on=str(news))
    except HasProblems as refused:
        return with_problems(request, number, name, refused)
    return done(request, number, name)


def must_stand(deployment: Deployment, name: str, seen: int) -> None:
    """A form that cannot be read may still be of a page that has moved on; that is told first."""
    if deployment.state not in MOVES[name].leaves or seen != deployment.seen:
        raise locking.moved_on(deployment, seen)


def hand(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """What is in the line, changed by hand. Here `seen` (or `submission`) is the key of the submission."""
    deployment = access.deployment_for(request.user, number)
    row = deployment.submission
    why = sendings.hand_refusal(request.user, name, row or Submission(deployment=deployment))
    if why:
        raise NotAllowed(why)
    form = HandForm.posted(request.POST)
    try:
        if not form.is_valid():
            if name not in sendings.hands_on(request.user, row):
                raise locking.moved_on(deployment, deployment.seen)
            raise HasProblems(form.problems())
        given = form.cleaned_data
        if name != "settle_as":
            del given["service_id"]
        sendings.by_hand(deployment, name, by=request.user, **given)
    except MovedOn as news:
        return again(request, number, name, status=409, moved_on=str(news))
    except HasProblems as refused:
        return again(request, number, name, status=422, problems=refused.problems)
    return done(request, number, name)


def with_problems(request: HttpRequest, number: int, name: str, refused: HasProblems) -> HttpResponse:
    """Problems of the form stand on this page; those of the draft on the composer's, beside their fields."""
    of_form = all(problem.path in {"seen", "comment", "at"} for problem in refused.problems)
    if name == "ask_review" and not of_form:
        deployment = access.deployment_for(request.user, number)
        return compose.page_with_problems(request, deployment, refused.problems, 422)
    return again(request, number, name, status=422, problems=refused.problems)


def again(request: HttpRequest, number: int, name: str, *, status: int, **more: Any) -> HttpResponse:
    """The page as it is now, with what stood in the way. What was typed is kept."""
    deployment = access.deployment_for(request.user, number)
    problems, wrong = [], defaultdict(list)
    for problem in more.pop("problems", []):
        problems.append({"message": problem.message, "anchor": ANCHORS.get(problem.path, "").format(name=name)})
        wrong[problem.path].append(problem)
    service_id = request.POST.get("service_id_typed", "") or request.POST.get("service_id", "")
    boxes = {"at_typed": request.POST.get("at", "")[:40], "service_id_typed": service_id[:200]}
    typed = request.POST.get("comment", "")[: 2 * LONGEST]
    news = {"move": name, "comment": typed, "move_problems": problems, "wrong": dict(wrong)}
    found = context_of(request, deployment, **news, **boxes, **more)
    found["kept"] = "" if is_open(found, name) else typed
    return render(request, "deployment/page.html", found, status=status)


def is_open(found: dict[str, Any], name: str) -> bool:
    """Whether the page still has a form for this move, which then holds what was typed."""
    offer = found["offers"].get(name)
    if name == "reschedule":
        return found["can_move"] and not found["move_refusal"]
    hand = {one["name"]: one["refusal"] for one in found["hands"]}
    return offer.is_allowed if offer else hand.get(name) == ""


def done(request: HttpRequest, number: int, name: str) -> HttpResponse:
    deployment = access.deployment_for(request.user, number)
    messages.success(request, told(deployment, name))
    if request.POST.get("back") == "in-flight":
        return redirect("in-flight")
    return redirect("deployment-page", number)
