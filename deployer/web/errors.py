"""News that is not success, turned into answers once: 403, 409, 422, and a database that is away."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed

log = logging.getLogger("deployer.web")


class Answers:
    """The verbs raise; pages that know better catch it themselves, everything else ends here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"reason": str(error)}, status=403)
        if isinstance(error, MovedOn):
            return render(request, "409.html", {"reason": str(error), "deployment": error.deployment}, status=409)
        if isinstance(error, HasProblems):
            return render(request, "422.html", {"problems": error.problems}, status=422)
        return None


class DatabaseAway:
    """A database that does not answer is news about us, not about what was typed: 503, and nothing is lost.

    Outermost of the middleware that touch the database, so that it also covers the session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            log.error("The database does not answer: %s", type(error).__name__)
            return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
        return None
