"""A draft from a request as JSON text: pasted or uploaded. Problems of the request come along into the draft."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from deployer.web import starting


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """422 only for what is no JSON object, is refused by place, or is over the limits; the text stays on the page."""
    return starting.begin(request, "json", here="compose-import")
