"""The body to take along: as JSON, curl, Python or Terraform. The same people and the same body as payload.json."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from deployer.domain import formats
from deployer.domain.problems import Problem
from deployer.models import Deployment
from deployer.web import access, preview

# How a file of each format ends, and what it is to a browser: code is text here, so that it is never run.
FILES = {
    "json": ("json", "application/json"),
    "curl": ("sh", "text/plain; charset=utf-8"),
    "python": ("py", "text/plain; charset=utf-8"),
    "hcl": ("tf", "text/plain; charset=utf-8"),
}


@require_safe
def export(request: HttpRequest, number: int, format: str) -> HttpResponse:
    """A file with the body of the draft or version, 422 as soon as one problem blocks; `?version=k` for others."""
    deployment = access.deployment_for(request.user, number)
    if format not in formats.FORMATS:
        raise Http404
    wanted = request.GET.get("version")
    text, problems = preview.asked_for(deployment, wanted)
    if text is None:
        return refused(request, deployment, problems)
    target = deployment.target
    facts = formats.Facts(target.endpoint, target.project_id, target.region)
    end, kind = FILES[format]
    name = f"{named(deployment, wanted)}.{end}"
    return HttpResponse(
        formats.write(json.loads(text), format, facts),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def named(deployment: Deployment, wanted: str | None) -> str:
    """A name of numbers alone: nothing that somebody typed gets into a header."""
    if wanted is None and (deployment.is_writable or not deployment.version_number):
        return f"deployment-{deployment.pk}-draft"
    return f"deployment-{deployment.pk}-version-{deployment.version_number if wanted is None else int(wanted)}"


def refused(request: HttpRequest, deployment: Deployment, problems: list[Problem]) -> HttpResponse:
    """422: a page for who followed a link, JSON for a program."""
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        found = {
            "heading_words": "There is nothing to take along yet",
            "problems": problems,
            "action": "To the deployment",
            "action_url": reverse("deployment-page", args=[deployment.pk]),
        }
        answer = render(request, "422.html", found, status=422)
    else:
        answer = preview.refused(problems)
    patch_vary_headers(answer, ["Accept"])
    return answer
