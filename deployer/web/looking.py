"""A fresh look at one service: wishing for it, and what moves on its page. The worker looks; a page only waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deployer.models import Service
from deployer.web import access, freshness, services
from deployer.web.filters import real_text
from deployer.workflow import watching


@require_POST
def refresh(request: HttpRequest, service_id: str) -> HttpResponse:
    """Wish for a look at once. A wish of the last seconds is the same wish; nobody is refused for asking twice."""
    service = access.service_for(request.user, real_text(service_id))
    watching.ask_look(service, by=request.user)
    return moved(request, access.service_for(request.user, service.service_id))


@never_cache
@require_safe
def live(request: HttpRequest, service_id: str) -> HttpResponse:
    """When it was seen, and whatever else moved since the page was drawn."""
    return moved(request, access.service_for(request.user, real_text(service_id)))


def moved(request: HttpRequest, service: Service) -> HttpResponse:
    """`since` is the sign of what the page shows: while it stays, only the seconds are drawn anew."""
    if not request.htmx:
        return redirect("service-page", service.service_id)
    found = freshness.context_of(service)
    if request.GET.get("since") == found["since"]:
        return render(request, "services/_seen.html", {"service": service, **found})
    return render(request, "services/_live.html", services.context_of(request, service))
