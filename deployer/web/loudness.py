"""Whether the page also says what is still blank: not while somebody begins, but once they asked."""

from typing import Any

from django.http import HttpRequest

from deployer.models import Deployment

Doc = dict[str, Any]


def is_loud(request: HttpRequest, deployment: Deployment, doc: Doc) -> bool:
    """Whether blanks are said beside their fields: once somebody asked for review, or for what came from outside."""
    from_outside = deployment.revision == 1 and not is_blank(doc)
    if from_outside:
        remember_loud(request, deployment)
    return (
        from_outside
        or "asked" in request.GET
        or bool(deployment.version_number or loud_key(deployment) in request.session)
    )


def loud_key(deployment: Deployment) -> str:
    return f"asked-{deployment.pk}"


def remember_loud(request: HttpRequest, deployment: Deployment) -> None:
    """For this person and draft blanks are said from now on, so that problems do not come and go while typing."""
    if loud_key(deployment) not in request.session:
        request.session[loud_key(deployment)] = 1


def is_blank(doc: Doc) -> bool:
    """Whether nothing was typed yet but what a new draft has."""
    fields = {key for key, value in doc["fields"].items() if value != ""} - {"infer_type", "workspace_id"}
    return not fields and all("raw" not in row and not row["fields"] and not row.get("envs") for row in doc["rows"])
