"""The pages as ever, and one that does nothing: what a page of this size costs by itself."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from deployer.urls import urlpatterns as pages
from deployer.workflow import permissions
from deployer.workflow.errors import NotAllowed


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes for whoever may look: the door that every page has, and nothing behind it."""
    if not permissions.may_look(request.user):
        raise NotAllowed("Only people with a role may look.")
    return HttpResponse("x" * size)


urlpatterns = [*pages, path("bench/bare/<int:size>/", bare, name="bench-bare")]
