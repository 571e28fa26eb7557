"""Every request has an id and leaves one line: what was asked, what was answered, how long it took, by whom."""

import logging
import re
import secrets
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from deployer.logs.context import about, add

log = logging.getLogger("deployer.access")

# What a proxy may hand us. Anything else could break a line, or fill it.
SENSIBLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,127}")
LONGEST_PATH = 500


class RequestLog:
    """The outermost layer, so that whatever is said within carries the request's id, and every answer has it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = id_of(request)
        began = time.perf_counter()
        with about(request_id=number):
            answer = self.get_response(request)
            if settings.ACCESS_LOG:
                write(request, answer.status_code, (time.perf_counter() - began) * 1000)
        answer["X-Request-Id"] = number
        return answer

    def process_view(self, request: HttpRequest, view, arguments, named) -> None:
        """From here on it is known which deployment the request is about."""
        if request.path_info.startswith("/deployments/") and "number" in named:
            add(deployment=named["number"])


def id_of(request: HttpRequest) -> str:
    """The id that came along, or a new one where there is none or it makes no sense."""
    given = request.headers.get("X-Request-Id", "")
    return given if SENSIBLE.fullmatch(given) else secrets.token_hex(12)


def write(request: HttpRequest, status: int, took: float) -> None:
    """Without the query, where people search for names; with the person, if the request was about one."""
    path = request.path[:LONGEST_PATH]
    facts = {"method": request.method, "path": path, "status": status, "ms": round(took, 1)}
    person = getattr(request, "_cached_user", None)  # only if somebody asked: a log line costs no query
    if person is not None and person.is_authenticated:
        facts["person"] = person.get_username()
    log.info("%s %s %s in %.1f ms", request.method, path, status, took, extra={"facts": facts})
