"""The error pages Django asks for by itself."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from deployer.web import sent_again

TOO_MUCH = {
    RequestDataTooBig: "It is larger than this page reads. At most 5 MB are taken. Nothing was changed.",
    TooManyFieldsSent: "The form has more fields than this page reads. At most 20,000 are taken. Nothing was changed.",
    TooManyFilesSent: "Here are more files than this page reads. One is taken. Nothing was changed.",
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A post too large to be read at all is over the limits like a smaller one: 422, with the limit in a sentence."""
    why = TOO_MUCH.get(type(exception))
    if why is None:
        return render(request, "400.html", status=400)
    return render(request, "400.html", {"code": "422", "heading_words": "This is too much", "reason": why}, status=422)


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
        again = sent_again.address_of(request) if request.method == "GET" else ""
        page = render_to_string("503.html", {"kept": sent_again.kept(request), "again": again})
        return HttpResponse(page, status=503, headers={"Retry-After": "5"})
    return HttpResponse(render_to_string("500.html"), status=500)
