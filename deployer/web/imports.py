"""A draft from a pasted or uploaded request: JSON, curl or Terraform. Its problems come along into the draft."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from deployer.web import starting


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """422 only for what is no request, is refused by place, or is over the limits; the text stays on the page."""
    return starting.begin(request, "json", here="compose-import")
