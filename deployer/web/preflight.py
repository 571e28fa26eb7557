"""Checks against the cloud: asking for a run, following it, and every run of one deployment."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from deployer.domain.lifecycle import State
from deployer.models import Deployment, Preflight
from deployer.web import access, fragments, texts
from deployer.web.composer import page_with_problems
from deployer.web.deployment import panel_of
from deployer.web.preflight_view import Run, place_of, runs_of
from deployer.web.saving import Typing
from deployer.workflow import permissions
from deployer.workflow import preflight as runs
from deployer.workflow.errors import HasProblems
from deployer.workflow.standing import standing

SHOWN = 20
PLACES = {"page": "deployment-page", "runs": "deployment-preflight", "edit": "compose-page"}
PART = {"page": "preflight/_section.html", "runs": "preflight/_section.html", "edit": "preflight/_side.html"}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows every run, newest first, or the part that follows one. POST asks for a new one."""
    deployment = access.deployment_for(request.user, number, with_texts=False)
    where = request.POST.get("where", request.GET.get("where", "runs"))
    where = where if where in PLACES else "runs"
    if request.method == "POST":
        return ask(request, deployment, where)
    if request.htmx:
        return followed(request, deployment, where)
    found = place_of(request.user, deployment, runs.newest(deployment), where="runs")
    rows = runs.without_texts(deployment.preflights.select_related("version", "asked_by"))
    rows = [row for row in rows[: SHOWN + 1] if found.row is None or row.pk != found.row.pk]
    context = {"deployment": deployment, "preflight": found, "earlier": runs_of(rows[:SHOWN], found.links)}
    return render(request, "preflight/page.html", context)


def ask(request: HttpRequest, deployment: Deployment, where: str) -> HttpResponse:
    """A new run. The answer does not wait for it."""
    try:
        runs.ask(deployment, by=request.user)
    except HasProblems as refused:
        return page_with_problems(request, deployment, refused.problems)
    fresh = access.deployment_for(request.user, deployment.pk)
    if request.htmx:
        return drawn(request, fresh, where)
    return redirect(f"{redirect(PLACES[where], deployment.pk).url}#preflight")


def followed(request: HttpRequest, deployment: Deployment, where: str) -> HttpResponse:
    """What became of the run that is shown; nothing while nothing moved."""
    row = runs.newest(deployment)
    if row and Run(row).sign == request.GET.get("since"):
        return HttpResponse(status=204)
    return drawn(request, deployment, where)


def drawn(request: HttpRequest, deployment: Deployment, where: str) -> HttpResponse:
    """The checks anew, and what hangs on them: whether an approval is open."""
    row = runs.newest(deployment)
    place = place_of(request.user, deployment, row, where=where)
    found: dict[str, Any] = {"deployment": deployment, "preflight": place, "part": PART[where]}
    if where == "page" and deployment.state == State.IN_REVIEW:
        found |= deciding(request, deployment, row)
    return render(request, "preflight/_news.html", found)


def deciding(request: HttpRequest, deployment: Deployment, row: Preflight | None) -> dict[str, Any]:
    return panel_of(request, deployment, standing(deployment), [], row) | {"text": texts.of(deployment)}


def of_draft(request: HttpRequest, deployment: Deployment, typing: Typing) -> HttpResponse:
    """The composer's button: what is typed was just saved, and is checked now. Its page shows how it goes."""
    permissions.must_allow(request.user, "preflight", deployment)
    stuck = False
    try:
        runs.ask(deployment, by=request.user)
    except HasProblems as refused:
        if not request.htmx:
            return page_with_problems(request, deployment, refused.problems)
        stuck = True
    if not request.htmx:
        return redirect(f"{redirect('compose-page', deployment.pk).url}#preflight")
    answer = fragments.saved(request, deployment, typing)
    place = place_of(request.user, deployment, runs.newest(deployment), where="edit")
    found = {"deployment": deployment, "preflight": place, "live": True, "stuck": stuck}
    answer.write(render_to_string(PART["edit"], found, request))
    return answer
