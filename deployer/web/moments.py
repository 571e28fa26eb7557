"""A moment that somebody types: a day and a time on the clock of their wall, as browsers write it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from deployer.web.zone import known

UNREADABLE = "This is no day and time. Write it as 2026-11-24T18:00."
LEFT_OUT = "The clock is put forward that day, so this time does not come. Choose another one."


def zone_name() -> str:
    """The clock that pages of this request show."""
    return timezone.get_current_timezone_name()


def box(moment: datetime | None) -> str:
    """What a box for a moment holds."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" if moment else ""


def read(text: str, zone: str = "") -> datetime | None:
    """The aware moment typed on the clock that the form showed; None for nothing. Raises ValidationError.

    Of an hour that comes twice the first one is meant.
    """
    if not text.strip():
        return None
    try:
        naive = datetime.fromisoformat(text.strip())
        clock = ZoneInfo(zone) if zone in known() else timezone.get_current_timezone()
        if naive.tzinfo is not None or not 2000 <= naive.year <= 9000:
            raise ValueError
        moment = naive.replace(tzinfo=clock).astimezone(UTC)
    except (ValueError, OverflowError):
        raise forms.ValidationError(UNREADABLE) from None
    if moment.astimezone(clock).replace(tzinfo=None) != naive:
        raise forms.ValidationError(LEFT_OUT)
    return moment


class MomentField(forms.CharField):
    """A box of the type datetime-local; the hidden box beside it (its name and `_zone`) says on which clock."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=40, error_messages={"max_length": UNREADABLE})
        self.zone = ""

    def clean(self, value: object) -> datetime | None:
        return read(super().clean(value) or "", self.zone)
