"""The composer: begin a draft, write it, ask for its review. Saving always succeeds, valid or not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deployer.domain import draft as drafts
from deployer.domain.lifecycle import EDITABLE
from deployer.models import Deployment
from deployer.web import (
    access,
    composer,
    conflicts,
    filling,
    fragments,
    loudness,
    posted,
    preflight,
    removed,
    saving,
    starting,
)
from deployer.web.composer import Composer, page_with_problems
from deployer.workflow import drafting, permissions, review
from deployer.workflow.errors import HasProblems, MovedOn

__all__ = ["new", "page", "page_with_problems"]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Where drafts begin: empty, as a copy, or from JSON."""
    return starting.begin(request)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows the draft in its form, POST saves it, valid or not."""
    deployment = access.deployment_for(request.user, number)
    permissions.must_allow(request.user, "edit", deployment)
    if request.method == "POST":
        return save(request, deployment)
    if deployment.state not in EDITABLE:
        # A link from a mail or a bookmark may be older than the deployment: the page to read is the kinder answer.
        messages.info(request, "This deployment is not written any more. Deploy again makes a new draft of it.")
        return redirect("deployment-page", number)
    doc = drafts.loads(deployment.draft)
    loud = loudness.is_loud(request, deployment, doc)
    shown = Composer(deployment, request.user, doc, loud=loud, removed=removed.of(request, deployment))
    shown.filled = filling.of(request, deployment)
    return composer.page(request, shown)


def save(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    if "own" in request.POST:
        return own_draft(request, deployment)
    typing = saving.read(request, deployment)
    try:
        refusal = saving.refusal(request, deployment, typing)
        if refusal:
            return refused(request, deployment, typing, refusal)
        saved = saving.save(request, deployment, typing)
    except MovedOn as moved:
        return conflicts.answer(request, deployment, typing, moved)
    if "preflight" in request.POST:
        return preflight.of_draft(request, saved.deployment, typing)
    if request.htmx:
        return fragments.saved(request, saved.deployment, typing)
    if "ask" in request.POST:
        return ask(request, saved.deployment, changed=saved.changed)
    if "save" in request.POST:
        removed.forget(request, deployment)
    return redirect("compose-page", deployment.pk)


def own_draft(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    """Two people want different things: what this one typed becomes a draft of its own, the saved one stays."""
    too_much = posted.too_much(request.POST)
    if too_much:
        return refused(request, deployment, saving.read(request, deployment), too_much)
    doc = saving.mine_alone(request, deployment)
    mine = drafting.create(deployment.target, doc, by=request.user, action="copied", copied_from=deployment)
    messages.success(request, f"Your text is draft {mine.pk} now. Draft {deployment.pk} stays as it was saved.")
    return redirect("compose-page", mine.pk)


def refused(request: HttpRequest, deployment: Deployment, typing: saving.Typing, why: str) -> HttpResponse:
    """422: nothing was saved, and all that was typed stands on the page."""
    if request.htmx:
        return fragments.refused(request, deployment, why)
    shown = Composer(
        deployment, request.user, typing.doc, loud=True, insists=True, unsaved=True, extra=[saving.problem(why)]
    )
    return composer.page(request, shown, status=422)


def ask(request: HttpRequest, deployment: Deployment, *, changed: bool) -> HttpResponse:
    """Save and ask in one go. Nothing new in what is with the reviewers already stays with them."""
    if not changed and not deployment.is_writable:
        messages.info(request, "Nothing changed, so it stays where it was.")
        return redirect("deployment-page", deployment.pk)
    try:
        fresh = review.ask_review(deployment, seen=deployment.seen, by=request.user)
    except HasProblems as problems:
        return page_with_problems(request, deployment, problems.problems)
    removed.forget(request, deployment)
    waits = permissions.names_of_deciders(fresh) if fresh.state == "in_review" else ""
    messages.success(request, f"Asked for review of version {fresh.version_number}. {waits}".strip())
    return redirect("deployment-page", deployment.pk)
