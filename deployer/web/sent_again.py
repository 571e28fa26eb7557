"""What somebody sent while the database was away: it comes back on the page that says so, ready to be sent again."""

import re
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.http import escape_leading_slashes

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
SECRET = re.compile(r"password|secret|token", re.IGNORECASE)
MOST = 2_000_000  # characters; more than any draft of ours holds


@dataclass(frozen=True)
class Kept:
    """A form as it came. `fields` go again with it, `shown` are those that somebody typed or chose."""

    address: str
    fields: list[tuple[str, str]]
    shown: list[tuple[str, str]]


def kept(request: HttpRequest) -> Kept | None:
    """The form that was posted, or None: for a read, for another site's form, and where a secret was typed.

    A secret is never sent back in a page, and a form without it would do something else than was meant.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (UnreadablePostError, SuspiciousOperation, OSError):
        return None
    own = [(name, value) for name, value in fields if name != TOKEN]
    if request.FILES or not own or any(SECRET.search(name) for name, _ in own):
        return None
    if sum(len(value) for _, value in own) > MOST:
        return None
    shown = [(name, value) for name, value in own if value.strip() and is_typed(name)]
    return Kept(address_of(request), fields, shown)


def address_of(request: HttpRequest) -> str:
    """Of this page, on this site: two slashes at the beginning would name another one."""
    return escape_leading_slashes(request.get_full_path())


def is_typed(name: str) -> bool:
    """Not what the page itself counts its rows and versions with."""
    return name != "seen" and not name.endswith(("_FORMS", "-key")) and not name.startswith("_")
