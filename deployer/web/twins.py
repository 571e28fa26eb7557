"""Twins: a service made beside another by the same sending. What is the same, and the way to be rid of it."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from deployer.models import Deployment, Person, Removal, Service
from deployer.web import access, reported
from deployer.web.badges import CLOUD, Badge, service_badge
from deployer.web.filters import real_text
from deployer.web.freezes import must_be_readable
from deployer.web.move_forms import Comment
from deployer.workflow import removing
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed
from deployer.workflow.watching import GONE

OUTCOMES = {
    "waiting": Badge("Waiting to be deleted", "clock", "", "waiting"),
    "deleting": Badge("Deleting", "loader-circle", "moving", "deleting"),
    "deleted": Badge("Deleted", "check", "good", "deleted"),
    "refused": Badge("Not deleted", "circle-minus", "alarm", "refused"),
    "unlike": Badge("Not deleted, it is no twin", "circle-minus", "warn", "refused"),
    "cancelled": Badge("Not deleted", "circle-minus", "", "cancelled"),
}


@dataclass(frozen=True)
class Twin:
    """A service beside its brother: what they share, and how its deletion stands."""

    service: Service
    brother: Service
    badge: Badge
    same: str
    removal: Removal | None
    removal_badge: Badge | None
    objection: str

    @property
    def is_there(self) -> bool:
        return self.service.status != GONE

    @property
    def is_alone(self) -> bool:
        """Whether its brother is gone."""
        return self.brother.status == GONE

    @property
    def is_offered(self) -> bool:
        """Whether its deletion can be asked for now."""
        open_now = self.removal is not None and self.removal.outcome in removing.OPEN
        return not self.objection and not open_now


def beside(person: Person, service: Service | None) -> dict[str, Any]:
    """The twins that stand beside a service, or the service itself if it is one. A few queries where there are any."""
    if service is None:
        return {"twins": [], "twins_there": [], "twin_refusal": "", "made_beside": None}
    rows = list(service.twins.select_related("twin_of", "target").order_by("-pk")[:10])
    if service.twin_of_id is not None:
        rows.insert(0, service)
    found = [twin_of(one) for one in rows]
    return {
        "twins": found,
        "twins_there": there_of(found),
        "twins_paid": paid(found),
        "twin_refusal": removing.refusal(person) if found else "",
        "made_beside": made_beside(service),
    }


def made_beside(service: Service) -> Deployment | None:
    """The deployment whose sending made this twin; None for what is no twin."""
    if service.twin_of_id is None:
        return None
    return Deployment.objects.filter(service=service.twin_of_id).only("number", "service_name").order_by("-pk").first()


def there_of(found: list[Twin]) -> list[Twin]:
    return [twin for twin in found if twin.is_there]


def paid(found: list[Twin]) -> str:
    """Which of them cost money now, in words."""
    there = there_of(found)
    if not there:
        return "Both were paid, one was wanted."
    if all(twin.is_alone for twin in there):
        return "The first is gone, the twin is still paid."
    return "Both are paid, one is wanted."


def twin_of(service: Service) -> Twin:
    removal = service.removals.prefetch_related("tries").order_by("-pk").first()
    return Twin(
        service,
        service.twin_of,
        CLOUD.get(service.status) or service_badge(service),
        in_common(service, service.twin_of),
        removal,
        OUTCOMES.get(removal.outcome) if removal else None,
        removing.objection(service),
    )


def in_common(one: Service, other: Service) -> str:
    """What both are, in words; as last seen."""
    shared = [f"the name {one.name}"] if one.name == other.name else []
    if one.infer_type == other.infer_type and one.infer_type:
        shared.append(f"the type {one.infer_type}")
    if models_of(one) and models_of(one) == models_of(other):
        shared.append(f"the models {', '.join(models_of(one))}")
    if one.config not in ("", "[]") and json.loads(one.config) == json.loads(other.config):
        shared.append("all of their configuration")
    return " and ".join([", ".join(shared[:-1]), shared[-1]]) if len(shared) > 1 else "".join(shared)


def models_of(service: Service) -> list[str]:
    return [part.name for part in reported.parts(service)][:5]


class RemovalForm(forms.Form):
    """Why it may go."""

    comment = Comment(
        required=False,
        error_messages={"null_characters_not_allowed": "The reason holds a character that cannot be stored."},
    )


@require_POST
def delete(request: HttpRequest, service_id: str) -> HttpResponse:
    """Put the deletion of a twin in the line."""
    service = access.service_for(request.user, real_text(service_id))
    why = removing.refusal(request.user)
    if why:
        raise NotAllowed(why)
    form = RemovalForm(request.POST)
    try:
        must_be_readable(form)
        removing.ask(service, by=request.user, reason=form.cleaned_data["comment"])
    except MovedOn as news:
        return again(request, service, 409, moved_on=str(news))
    except HasProblems as refused:
        return again(request, service, 422, removal_problems=refused.problems)
    messages.success(request, f"Asked to delete {service.service_id}. It is compared once more before.")
    return redirect("service-page", service.service_id)


def again(request: HttpRequest, service: Service, status: int, **more: Any) -> HttpResponse:
    """The service's page as it is now, with what stood in the way. What was typed is kept."""
    from deployer.web import services

    found = services.context_of(request, service) | more | {"removal_typed": request.POST.get("comment", "")[:8000]}
    return render(request, "services/one.html", found, status=status)
