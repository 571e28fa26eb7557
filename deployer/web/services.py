"""What runs, as last seen. These pages read what the worker wrote down; they never ask the cloud."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_filters import CharFilter, ChoiceFilter, FilterSet

from deployer.models import Deployment, Event, Service, Target
from deployer.web import access, badges, cloud_events, freshness, frozen, paging, reported, twins, words
from deployer.web.filters import after_of, chips, named, real_text, search_box, without

# Tabs and the tally: what the cloud says, in the order people ask for it. Source: ModelArts API reference, statuses.
STATUSES = ("running", "concerning", "failed", "deploying", "stopped", "finished")


class ServiceFilter(FilterSet):
    """By name or id, by target, by status. A status the cloud invents can be asked for as it came."""

    q = CharFilter(method="search", max_length=200, widget=search_box("name or id"))
    target = named(Target, "name", "Target")
    status = CharFilter(max_length=40, widget=forms.HiddenInput)
    made = ChoiceFilter(
        method="by",
        choices=[("here", "Made here"), ("elsewhere", "Found in the cloud")],
        empty_label="Made by: any",
        error_messages={"invalid_choice": "Services are made here or elsewhere, not %(value)s."},
        widget=forms.Select(attrs={"class": "control", "aria-label": "Made by"}),
    )

    class Meta:
        model = Service
        fields: list[str] = []

    def search(self, queryset: QuerySet, _: str, text: str) -> QuerySet:
        """Part of the name, or the whole id. Each asks one index that holds all it needs."""
        named_so = Service.objects.filter(name__icontains=text).order_by().values("pk")
        known_as = Service.objects.filter(target__in=Target.objects.order_by().values("pk"), service_id=text)
        return queryset.filter(pk__in=named_so.union(known_as.order_by().values("pk"), all=True))

    def by(self, queryset: QuerySet, _: str, made: str) -> QuerySet:
        return queryset.filter(deployments__isnull=made == "elsewhere")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    filtered = ServiceFilter(request.GET, queryset=Service.objects.all(), request=request)
    readable = filtered.form.is_valid()
    found = filtered.qs if readable else Service.objects.none()
    shown = paging.page_of(found, rows(), after=after_of(request.GET))
    context = {
        "form": filtered.form,
        "readable": readable,
        "rows": [line(service) for service in shown.rows],
        "count": paging.count(found),
        "tabs": tabs(request),
        "chips": chips(request.GET, filtered.form),
        "older_url": paging.address(request, shown.older),
        "newer_url": paging.address(request, shown.newer),
        "lost": paging.lost(request),
    }
    return render(request, "services/page.html", context)


def rows() -> QuerySet:
    made_by = Deployment.objects.only("number", "service_id", "service_name").order_by("-number")
    return Service.objects.select_related("target").prefetch_related(Prefetch("deployments", made_by))


@dataclass(frozen=True)
class Line:
    """One row of the list: the service, its badge, its models, and when it stops."""

    service: Service
    badge: badges.Badge
    parts: list[reported.Part]
    size: str
    stops_in: timedelta | None
    made_by: Deployment | None


def line(service: Service) -> Line:
    found = reported.parts(service)
    made_by = next(iter(service.deployments.all()), None)
    return Line(service, status_badge(service), found, reported.size(found), stops_in(service), made_by)


def status_badge(service: Service) -> badges.Badge:
    """The status alone. That it stops soon stands beside it on these pages."""
    return badges.CLOUD.get(service.status) or badges.service_badge(service)


def stops_in(service: Service) -> timedelta | None:
    """How long until auto-stop, where one is set and still to come."""
    if service.due_time is None or service.status not in {"running", "concerning", "deploying"}:
        return None
    left = service.due_time - timezone.now()
    return left if left > timedelta(0) else None


def tally() -> dict[str, paging.Count]:
    """How many of each status, in one query that looks at a thousand of each at most."""
    some = Q()
    for status in STATUSES:
        few = Service.objects.filter(status=status).order_by("-pk").values("pk")[: paging.COUNTED + 1]
        some |= Q(pk__in=few)
    counted = Service.objects.filter(some).order_by().values_list("status").annotate(Count("pk"))
    numbers = dict(counted)
    return {status: paging.bounded(numbers.get(status, 0)) for status in STATUSES}


def tabs(request: HttpRequest) -> list[tuple[str, str, bool, paging.Count | None]]:
    """Word, address, whether it is the present one, how many. Other filters stay."""
    rest, now = without(request.GET, "status"), request.GET.get("status", "")
    found: list[tuple[str, str, bool, paging.Count | None]] = [("All", f"?{rest}", not now, None)]
    for status, number in tally().items():
        query = "&".join(part for part in (rest, f"status={status}") if part)
        found.append((badges.CLOUD.get(status, DEPLOYING).word, f"?{query}", now == status, number))
    return found


DEPLOYING = badges.Badge("Deploying", "loader-circle", "moving", "deploying")


@require_safe
def one(request: HttpRequest, service_id: str) -> HttpResponse:
    service = access.service_for(request.user, real_text(service_id))
    return render(request, "services/one.html", context_of(request, service, opened=True))


def context_of(request: HttpRequest, service: Service, *, opened: bool = False) -> dict[str, Any]:
    """All that the page of one service shows. `opened`: by a person just now, who may ask for a look."""
    led_here = Deployment.objects.filter(service=service)
    makers = paging.rows_of(Deployment.objects.for_lists(), paging.keys(led_here, None, 10))
    heard = Event.objects.filter(deployment__in=[row.pk for row in makers], action="cloud_status")[:10]
    found = reported.parts(service)
    held = frozen.holding(makers)
    return {
        "service": service,
        "badge": status_badge(service),
        "parts": found,
        "shares": [{"name": part.name, "weight": part.weight} for part in found if part.weight is not None],
        "total": sum(part.weight or 0 for part in found),
        "stops_in": stops_in(service),
        "makers": [(row, badges.badge_for(row, freezes=held)) for row in makers],
        "heard": [(event, words.sentence(event)) for event in heard],
        **freshness.context_of(service, opened=opened),
        **cloud_events.context_of(service),
        **twins.beside(request.user, service),
    }
