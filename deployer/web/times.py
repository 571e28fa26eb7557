"""Times as people read them: 24 hours, a zone, and how long ago. The zone is the one Django has active."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import dateformat, timezone

MINUTE, HOUR, DAY = 60, 3600, 86400


def _local(value: datetime) -> datetime:
    aware = value if timezone.is_aware(value) else value.replace(tzinfo=UTC)
    return timezone.localtime(aware)


def zone_of(local: datetime) -> str:
    """The zone's short name; a bare offset ("+05") gets UTC in front, since it names no zone."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in {"+", "-"} else name


def day_of(local: datetime) -> str:
    """Today, yesterday, then weekday and day, then with the year when it is another one."""
    today = timezone.localdate()
    if local.date() == today:
        return "today"
    if local.date() == today - timedelta(days=1):
        return "yesterday"
    return dateformat.format(local, "D j M" if local.year == today.year else "j M Y")


def when(value: datetime | date | None) -> str:
    """Day, time and zone: "today 14:03 CET", "Sat 21 Nov 09:40 CET", "9 Nov 2025 09:40 CET"."""
    if not isinstance(value, datetime):
        return dateformat.format(value, "j M Y") if value else ""
    local = _local(value)
    return f"{day_of(local)} {local:%H:%M} {zone_of(local)}"


def moment(value: datetime | None) -> str:
    """The shortest that still tells rows of a list apart: "14:03" today, "Sat 21 Nov" before, "9 Nov 2025" earlier."""
    if not value:
        return ""
    local = _local(value)
    day = day_of(local)
    return f"{local:%H:%M}" if day == "today" else day


def shortly(value: datetime) -> str:
    """A moment to come in few words: "18:00" today, "Tue 24 Nov 18:00" on another day."""
    local = _local(value)
    day = day_of(local)
    return f"{local:%H:%M}" if day == "today" else f"{day} {local:%H:%M}"


def elsewhere(value: datetime | None, zone: str) -> str:
    """The same moment on the clock of another zone, with the day where it is another one: "17:00 UTC"."""
    if not value:
        return ""
    try:
        there = value.astimezone(ZoneInfo(zone))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        there = value.astimezone(UTC)
    day = "" if there.date() == _local(value).date() else f"{dateformat.format(there, 'D j M')} "
    return f"{day}{there:%H:%M} {zone_of(there)}"


def clock(value: datetime | None) -> str:
    """Hours, minutes, seconds, where the day and zone are said nearby."""
    return f"{_local(value):%H:%M:%S}" if value else ""


def lasting(value: timedelta | float | None) -> str:
    """A span in at most two units: "41 s", "2 min", "22 h 7 min", "3 days"."""
    if value is None:
        return ""
    seconds = abs(int(value.total_seconds() if isinstance(value, timedelta) else value))
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        hours, minutes = divmod(seconds // MINUTE, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days = seconds // DAY
    return "1 day" if days == 1 else f"{days} days"


def ago(value: datetime | None) -> str:
    """How long ago, or in how long: "2 min ago", "in 4 h 10 min", "just now"."""
    if not value:
        return ""
    passed = timezone.now() - _local(value)
    if abs(passed) < timedelta(seconds=1):
        return "just now"
    return f"{lasting(passed)} ago" if passed > timedelta(0) else f"in {lasting(passed)}"
