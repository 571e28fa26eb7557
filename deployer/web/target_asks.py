"""What the page of a target asks the worker: a test of the connection, fresh lists. And what became of it."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deployer.models import CatalogList, Enquiry, Target
from deployer.web import access, asked
from deployer.web.access import LARGEST
from deployer.web.filters import real_text
from deployer.workflow import catalog, enquiries, permissions


@require_POST
def test(request: HttpRequest, name: str) -> HttpResponse:
    """Try the connection of a target as it is saved. Admins only: a wrong password may lock the account."""
    target = access.target_named(request.user, real_text(name))
    permissions.must_change_targets(request.user)
    question = asked.question(enquiries.ask_connection(target, by=request.user))
    if not request.htmx:
        return redirect("target-page", target.name)
    return render(request, "targets/_steps.html", {"question": question})


@never_cache
@require_safe
def enquiry(request: HttpRequest, key: int) -> HttpResponse:
    """The part of a page that waits for an answer. What was asked from a form is shown to who asked."""
    row = Enquiry.objects.filter(pk=key).first() if key <= LARGEST else None
    if row is None or (row.target_id is None and row.asked_by_id != request.user.pk):
        raise Http404
    question = asked.question(row)
    if request.GET.get("was") == question.stage and question.polls:
        return HttpResponse(status=204)  # nothing to draw anew, and nothing to read out again
    if row.kind == Enquiry.Kind.PROJECTS:
        return render(request, "targets/_found.html", {"found": question})
    return render(request, "targets/_steps.html", {"question": question})


@require_POST
def refresh(request: HttpRequest, name: str) -> HttpResponse:
    """Wish for fresh lists: the one that is named, or all."""
    target = access.target_named(request.user, real_text(name))
    kind = request.POST.get("kind", "")
    if kind and kind not in catalog.KINDS:
        raise Http404(f"No list is called {kind[:40]}.")
    catalog.ask_refresh(target, by=request.user, kinds=[kind] if kind else None)
    if not request.htmx:
        return redirect("target-page", target.name)
    return offers(request, target)


@never_cache
@require_safe
def lists(request: HttpRequest, name: str) -> HttpResponse:
    """How fresh the lists are, for the page that waits for them."""
    return offers(request, access.target_named(request.user, real_text(name)))


def offers(request: HttpRequest, target: Target) -> HttpResponse:
    return render(request, "targets/_catalog.html", {"target": target, **offers_context(target)})


def offers_context(target: Target) -> dict[str, object]:
    rows = catalog.lists(target)
    waits = [age_of(row) for row in rows if row.asked_at]
    return {
        "lists": rows,
        "polls": any(age < asked.GIVES_UP for age in waits),
        "is_silent": any(age >= asked.SILENT for age in waits),
        "now": timezone.now(),
    }


def age_of(row: CatalogList) -> timedelta:
    return timezone.now() - row.asked_at
