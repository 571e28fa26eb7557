"""What would be sent: checked while somebody types, and as the exact body for programs."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from deployer.domain.problems import Problem
from deployer.models import Deployment
from deployer.web import access, fragments, numbers, posted, saving
from deployer.workflow import permissions, review


@require_POST
def check(request: HttpRequest, number: int) -> HttpResponse:
    """The same news as a save brings, of what is typed now, without saving."""
    deployment = access.deployment_for(request.user, number)
    permissions.must_allow(request.user, "edit", deployment)
    too_much = posted.too_much(request.POST)
    if too_much:
        return fragments.refused(request, deployment, too_much)
    return fragments.checked(request, deployment, saving.read(request, deployment))


@require_safe
def payload(request: HttpRequest, number: int) -> HttpResponse:
    """The exact body: of the draft while it is one, else of the latest version; `?version=k` for others."""
    deployment = access.deployment_for(request.user, number)
    text, problems = asked_for(deployment, request.GET.get("version"))
    return refused(problems) if text is None else as_json(text)


def asked_for(deployment: Deployment, wanted: str | None) -> tuple[str | None, list[Problem]]:
    """The body of a version, or of what the deployment's page is about; None and the problems where one blocks."""
    if wanted is None and (deployment.is_writable or not deployment.version_number):
        checked = review.check(deployment)
        return checked.payload, checked.problems
    return version_text(deployment, str(deployment.version_number) if wanted is None else wanted), []


def version_text(deployment: Deployment, wanted: str) -> str:
    """The stored payload of a version, or 404."""
    text = (
        deployment.versions.filter(number=numbers.whole(wanted, numbers.MOST_VERSIONS))
        .values_list("payload", flat=True)
        .first()
    )
    if text is None:
        raise Http404
    return text


def as_json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")


def refused(problems: list[Problem]) -> HttpResponse:
    body = {"problems": [problem.as_dict() for problem in problems]}
    return HttpResponse(json.dumps(body), content_type="application/json", status=422)
