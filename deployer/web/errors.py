"""News that is not success, turned into answers once: 403, 409, 422. What breaks on our side is in `handlers.py`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed


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
