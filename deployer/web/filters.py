"""What the filters of all lists share: days, choices by name, problems in words, chips, the place in the list.

A filter that cannot be read is told beside its control and the list stays empty: nothing is ignored silently.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone
from django_filters import DateFilter, ModelChoiceFilter

from deployer.web import numbers

EARLIEST, LATEST = date(1970, 1, 2), date(2999, 12, 31)
A_DAY = "Write the day as 2026-11-22."


class Filters(forms.Form):
    """The form under a set of filters: the bounds of time make sense together."""

    def clean(self) -> dict:
        given = super().clean() or {}
        first, last = given.get("from"), given.get("to")
        if first and last and first > last:
            self.add_error("to", f"{last} is before {first}. Turn them round.")
        return given


class Day(forms.DateField):
    """A day as browsers send it. Others than this calendar's are refused, so that no database trips over them."""

    widget = forms.DateInput(attrs={"type": "date", "class": "control"}, format="%Y-%m-%d")

    def __init__(self, **options) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], error_messages={"invalid": A_DAY}, **options)

    def clean(self, value: object) -> date | None:
        day = super().clean(value)
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(A_DAY)
        return day


class DayFilter(DateFilter):
    field_class = Day


def start_of(day: date) -> datetime:
    """Midnight in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def days(field: str) -> dict[str, DayFilter]:
    """`from` and `to`, both inclusive. `from` is a word of Python, so they cannot be written as attributes."""

    def since(queryset: QuerySet, _: str, day: date) -> QuerySet:
        return queryset.filter(**{f"{field}__gte": start_of(day)})

    def until(queryset: QuerySet, _: str, day: date) -> QuerySet:
        return queryset.filter(**{f"{field}__lt": start_of(day + timedelta(days=1))})

    return {"from": DayFilter(method=since, label="From"), "to": DayFilter(method=until, label="To")}


def named(model: type, field: str, noun: str, *, lookup: str = "exact", **options) -> ModelChoiceFilter:
    """A choice of rows by their name, with a problem that quotes what was asked for."""
    return ModelChoiceFilter(
        queryset=model.objects.order_by(field),
        to_field_name=field,
        lookup_expr=lookup,
        empty_label=f"{noun}: any",
        error_messages={"invalid_choice": f"No {noun.lower()} is named %(value)s."},
        widget=forms.Select(attrs={"class": "control", "aria-label": noun}),
        **options,
    )


def search_box(what: str) -> forms.TextInput:
    return forms.TextInput(attrs={"type": "search", "class": "control", "aria-label": f"Search {what}"})


@dataclass(frozen=True)
class Chip:
    """One active filter in words, and the address without it."""

    words: str
    address: str


def chips(query: QueryDict, form: forms.Form) -> list[Chip]:
    """What is asked now, one by one, in the order of the form."""
    return [
        Chip(words_for(name, value, form), "?" + without(query, name, value))
        for name in form.fields
        for value in query.getlist(name)
        if value
    ]


def words_for(name: str, value: str, form: forms.Form) -> str:
    choices = dict(getattr(form.fields[name], "choices", [])) if name in {"state", "kind", "only", "action"} else {}
    return f"{WORDS.get(name, name)} {choices.get(value, value)}"


def without(query: QueryDict, name: str, value: str | None = None) -> str:
    """The query without this filter (or this one value of it) and without empty ones, from the first page on."""
    left = query.copy()
    left.setlist(name, [other for other in left.getlist(name) if value is not None and other != value])
    left.pop("after", None)
    for key in list(left):
        left.setlist(key, [text for text in left.getlist(key) if text])
    return left.urlencode()


WORDS = {
    "q": "Search:",
    "state": "State is",
    "target": "Target is",
    "author": "Author is",
    "person": "Person is",
    "kind": "Kind is",
    "model": "Model is",
    "only": "Only",
    "from": "From",
    "to": "Until",
    "status": "Status is",
    "action": "Action is",
    "deployment": "Deployment",
}


def after_of(query: QueryDict) -> int | None:
    """Where the page begins. What is no number is no place in the list: the list begins at its start."""
    text = query.get("after", "")
    return numbers.whole(text) or None


def real_text(text: str) -> str:
    """A name out of an address, or 404: PostgreSQL takes no NUL, so nothing can be called so."""
    if "\x00" in text:
        raise Http404
    return text
