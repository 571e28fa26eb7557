"""Every deployment: the list, its filters and its exports."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from deployer.models import Deployment
from deployer.web import badges, exports, frozen, numbers, paging, waiting
from deployer.web.filters import after_of, chips, without
from deployer.web.history_filters import ONLY, DeploymentFilter

DATES = ("from", "to")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The list, or under htmx what of it changes: the part below the filters, or just the states that move."""
    if request.htmx and "look" in request.GET:
        rows = lines(looked_at(request))
        return render(request, "history/_pulse.html", {"rows": rows, "moving": moving(rows), "oob": True})
    if wants_part(request):
        # The address of the list as a person would write it, without the filters left empty.
        answer = push_url(render(request, "history/_list.html", context(request)), paging.address(request, 0))
    else:
        answer = render(request, "history/page.html", context(request))
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def wants_part(request: HttpRequest) -> bool:
    """Going back asks by htmx too, but for the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def context(request: HttpRequest) -> dict:
    filtered = DeploymentFilter(request.GET, queryset=Deployment.objects.all(), request=request)
    form = filtered.form
    readable = form.is_valid()
    found = filtered.qs if readable else Deployment.objects.none()
    shown = paging.page_of(found, Deployment.objects.for_lists(), after=after_of(request.GET))
    rows = lines(shown.rows)
    return {
        "form": form,
        "readable": readable,
        "rows": rows,
        "moving": moving(rows),
        "count": paging.count(found),
        "chips": chips(request.GET, form),
        "states": states_in_words(form),
        "is_more_open": any(form[name].value() for name in ("model", "kind", *DATES)),
        "older_url": paging.address(request, shown.older),
        "newer_url": paging.address(request, shown.newer),
        "lost": paging.lost(request),
        "tabs": tabs(request),
        "elsewhere": None if shown.rows else without_the_date(request, form),
        "query": without(request.GET, "after"),
    }


@dataclass(frozen=True)
class Line:
    """One row of the list: the deployment, its badge, and whether it moves by itself."""

    deployment: Deployment
    badge: badges.Badge
    is_moving: bool


def lines(rows: list[Deployment]) -> list[Line]:
    given = waiting.given_to(rows)
    held = frozen.holding(rows)
    return [
        Line(row, badges.badge_for(row, given=given.get(row.pk), freezes=held), badges.is_moving(row)) for row in rows
    ]


def moving(rows: list[Line]) -> str:
    """The numbers of the rows to look at again, for one request that asks about all of them."""
    return ",".join(str(row.deployment.pk) for row in rows if row.is_moving)


def looked_at(request: HttpRequest) -> list[Deployment]:
    """The rows a page asks about again: at most a page of them."""
    asked = request.GET["look"].split(",")[: paging.PAGE]
    keys = [key for text in asked if (key := numbers.whole(text)) is not None]
    return paging.rows_of(Deployment.objects.for_lists(), keys)


def states_in_words(form) -> str:
    chosen = form["state"].value() or []
    choices = dict(form.fields["state"].choices)
    if not chosen:
        return "State: any"
    if len(chosen) == 1:
        return f"State: {choices.get(chosen[0], chosen[0])}"
    return f"State: {len(chosen)} of {len(choices)}"


def tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Word, address, whether it is the present one. A tab begins a list of its own, without other filters."""
    only = request.GET.get("only", "")
    return [(word, f"?only={name}" if name else "?", name == only) for name, word in [("", "All"), *ONLY]]


def without_the_date(request: HttpRequest, form) -> paging.Count | None:
    """How many fit when the days are left out, for an empty list that has days."""
    if not form.is_valid() or not any(isinstance(form.cleaned_data[name], date) for name in DATES):
        return None
    query = request.GET.copy()
    for name in DATES:
        query.pop(name, None)
    return paging.count(DeploymentFilter(query, queryset=Deployment.objects.all(), request=request).qs)


@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    return exported(request, "csv")


@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    return exported(request, "json")


def exported(request: HttpRequest, kind: str) -> HttpResponse:
    """All that fits, streamed. A filter that cannot be read is an answer 400 in words, never the whole list."""
    filtered = DeploymentFilter(request.GET, queryset=Deployment.objects.all(), request=request)
    if not filtered.form.is_valid():
        wrong = [f"{name}: {' '.join(said)}" for name, said in filtered.form.errors.items()]
        return HttpResponse("\n".join(wrong) + "\n", status=400, content_type="text/plain; charset=utf-8")
    found: QuerySet = filtered.qs
    return exports.answer(paging.every(found, exports.whole()), kind)
