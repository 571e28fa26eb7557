"""Times are shown in the zone of the browser, which a small script keeps in the cookie `zone`."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    return frozenset(available_timezones())


def offered() -> list[str]:
    """Those one chooses from: UTC, then places."""
    return ["UTC", *sorted(name for name in known() if "/" in name and not name.startswith(("Etc/", "SystemV/")))]


class TimeZone:
    """Activate the reader's zone for this request; an unknown one is ignored."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = request.COOKIES.get("zone", "")
        if name in known():
            with timezone.override(ZoneInfo(name)):
                return self.get_response(request)
        return self.get_response(request)
