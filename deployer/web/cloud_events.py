"""What the cloud told about a service, as the worker copied it: newest first, by kind, page by page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deployer.models import CloudEvent, Service
from deployer.web import access, numbers, times
from deployer.web.filters import real_text
from deployer.workflow import hearing

PAGE = 20
BESIDE = 10  # beside other things, with a way to all of them
KINDS = (("", "All"), ("normal", "Normal"), ("abnormal", "Abnormal"))  # ModelArts API reference, ListServiceEvents
LOOKS = {"abnormal": ("triangle-alert", "warn"), "normal": ("check", "")}
LATE = timedelta(seconds=30)  # after a change, until its events are copied


@dataclass(frozen=True)
class Line:
    """One event; `day` only where it is another one than that of the line above."""

    event: CloudEvent
    icon: str
    tone: str
    day: str


@require_safe
def page(request: HttpRequest, service_id: str) -> HttpResponse:
    """All events of a service, as a page; for htmx the list alone, or nothing while it stays as it is."""
    service = access.service_for(request.user, real_text(service_id))
    size = BESIDE if request.htmx else PAGE
    found = context_of(service, request.GET.get("kind", ""), request.GET.get("before", ""), size=size)
    if not request.htmx:
        return render(request, "services/events.html", found)
    return fragment(request, found)


@require_safe
def of_deployment(request: HttpRequest, number: int) -> HttpResponse:
    """The list on the page of a deployment, as soon as there is a service."""
    service = access.deployment_for(request.user, number).service
    return HttpResponse(status=204) if service is None else fragment(request, context_of(service))


def fragment(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    if found["told"]["listens"] and request.GET.get("newest") == str(found["told"]["newest"]):
        return HttpResponse(status=204)
    return render(request, "services/_events.html", found)


def context_of(service: Service, kind: str = "", before: str = "", *, size: int = BESIDE) -> dict[str, Any]:
    """The context of services/_events.html. `before`: the key of the event above the first one shown."""
    if kind not in dict(KINDS):
        raise Http404
    rows = service.cloud_events.filter(event_type=kind) if kind else service.cloud_events.all()
    events = list(below(rows, service, before)[: size + 1])
    lines = list(as_lines(events[:size]))
    address = reverse("service-events", args=[service.service_id])
    newest = events[0].pk if events and not before else 0
    older = linked(address, kind=kind, before=events[size - 1].pk) if len(events) > size else ""
    told = {
        "kind": kind,
        "kinds": [(word, linked(address, kind=name), name == kind) for name, word in KINDS],
        "lines": lines,
        "before": before,
        "newest": newest,
        "older_url": older,
        "self_url": linked(address, kind=kind, newest=newest),
        "first_url": linked(address, kind=kind),
        "listens": not before and is_coming(service),
        "is_full": bool(older) and not before and hearing.is_full(service),
        "most": hearing.MOST,
    }
    return {"service": service, "told": told}


def below(rows: QuerySet[CloudEvent], service: Service, before: str) -> QuerySet[CloudEvent]:
    """Those that happened before that one; 404 for one of another service."""
    if not before:
        return rows
    last = service.cloud_events.filter(pk=numbers.whole(before)).first()
    if last is None:
        raise Http404
    return rows.filter(Q(occurred_at__lt=last.occurred_at) | Q(occurred_at=last.occurred_at, pk__lt=last.pk))


def as_lines(events: list[CloudEvent]) -> list[Line]:
    lines, above = [], ""
    for event in events:
        day = times.day_of(timezone.localtime(event.occurred_at))
        lines.append(Line(event, *LOOKS.get(event.event_type, ("info", "")), "" if day == above else day))
        above = day
    return lines


def is_coming(service: Service) -> bool:
    """Whether more may be copied any moment: it moves, or has just come to rest."""
    if not service.is_settled:
        return True
    return timezone.now() - service.changed_at < LATE


def linked(address: str, **query: object) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{address}?{urlencode(given)}" if given else address
