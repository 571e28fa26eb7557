"""Every event, newest first, and how the chain stands."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_filters import ChoiceFilter, FilterSet, NumberFilter

from deployer.models import Chain, Event, Person, Target
from deployer.web import paging, times, words
from deployer.web.access import LARGEST
from deployer.web.filters import Filters, after_of, chips, days, named

PAGE = 50


class _Events(FilterSet):
    """What happened, to what, by whom, when."""

    deployment = NumberFilter(
        method="about",
        min_value=1,
        max_value=LARGEST,
        decimal_places=0,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), "Write its number, as 1284."
        ),
        widget=forms.TextInput(attrs={"class": "control", "aria-label": "Deployment", "inputmode": "numeric"}),
    )
    action = ChoiceFilter(
        choices=list(words.ACTIONS.items()),
        empty_label="What: any",
        error_messages={"invalid_choice": "No event is called %(value)s."},
        widget=forms.Select(attrs={"class": "control", "aria-label": "What"}),
    )
    person = named(Person, "username", "Person", method="by")
    target = named(Target, "name", "Target", method="at")

    class Meta:
        model = Event
        fields: list[str] = []
        form = Filters

    def about(self, queryset, _, number):
        return queryset.filter(deployment=int(number))

    def by(self, queryset, _, person):
        """By the key the event was sealed with: a person who is renamed later stays who they were."""
        return queryset.filter(by_key=person.username)

    def at(self, queryset, _, target):
        return queryset.filter(target_name=target.name)


EventFilter = type(_Events)("EventFilter", (_Events,), days("at"))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    filtered = EventFilter(request.GET, queryset=Event.objects.all(), request=request)
    readable = filtered.form.is_valid()
    found = filtered.qs if readable else Event.objects.none()
    shown = paging.page_of(found, Event.objects.all(), after=after_of(request.GET), size=PAGE)
    active = chips(request.GET, filtered.form)
    context = {
        "form": filtered.form,
        "readable": readable,
        "rows": [line(event) for event in shown.rows],
        "chain": Chain.objects.filter(pk=1).first(),
        "count": paging.count(found) if active else None,
        "chips": active,
        "older_url": paging.address(request, shown.older),
        "newer_url": paging.address(request, shown.newer),
        "lost": paging.lost(request),
    }
    return render(request, "audit/page.html", context)


@dataclass(frozen=True)
class Line:
    """One event: its words, who, and its facts for those who open it."""

    event: Event
    who: str
    said: words.Sentence
    facts: list[tuple[str, str]]
    day: str  # empty today


def line(event: Event) -> Line:
    day = times.day_of(timezone.localtime(event.at))
    shown = "" if day == "today" else day
    return Line(event, words.who(event), words.sentence(event), told(event.facts), shown)


def told(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """The facts of an event, before and after side by side where both are there."""
    return [(name.replace("_", " "), plain(value)) for name, value in facts.items()]


def plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {plain(inner)}" for name, inner in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
