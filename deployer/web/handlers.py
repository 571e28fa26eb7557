"""The error pages Django asks for by itself."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": ""}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another visit, or cookies switched off."""
    why = "This form is from an earlier visit, or cookies are off. Go back, load the page again, and send it again."
    return render(request, "403.html", {"reason": why}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Drawn without request, session or database: any of them may be what broke.

    A database that does not answer is news about us, and passes: 503. It may fail anywhere, in the session's
    middleware too, so this last handler tells it from a mistake of ours by the exception being handled.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
    return HttpResponse(render_to_string("500.html"), status=500)
