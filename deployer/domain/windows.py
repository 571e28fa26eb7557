"""When a target may be sent to: weekdays and times of its own clock, as `Mon-Fri 08:00-18:00, Sat 10:00-12:00`.

The wall clock decides. An hour that comes twice in autumn is open twice, one that is left out in spring is not open.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHOLE_DAY = 24 * 60
FAR = 400  # days; a weekly window that a change of the clock swallows opens a week later
MOST = 20
EXAMPLE = "Mon-Fri 08:00-18:00"


@dataclass(frozen=True)
class Window:
    """From `begins` to before `ends`, minutes of the day; on these weekdays (0 is Monday). Past midnight if
    `ends` is not later: it belongs to the day it begins on."""

    days: tuple[int, ...]
    begins: int
    ends: int

    @property
    def lasts(self) -> int:
        """In minutes of the wall clock."""
        return self.ends - self.begins if self.ends > self.begins else self.ends - self.begins + WHOLE_DAY

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Its beginning and end on the wall, if it begins on this day."""
        if day.weekday() not in self.days:
            return None
        begins = datetime(day.year, day.month, day.day) + timedelta(minutes=self.begins)
        return begins, begins + timedelta(minutes=self.lasts)

    def __str__(self) -> str:
        return f"{days_in_words(self.days)} {clock(self.begins)}-{clock(self.ends)}".strip()


@dataclass(frozen=True)
class Windows:
    """All windows of a target; none means that it is always open."""

    every: tuple[Window, ...] = ()

    def is_open(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether the clock of `zone` stands within a window. `moment` is aware."""
        return not self.every or self.holds(moment.astimezone(zone).replace(tzinfo=None))

    def holds(self, wall: datetime) -> bool:
        spans = (one.on(wall.date() - timedelta(days=back)) for one in self.every for back in (0, 1))
        return any(span is not None and span[0] <= wall < span[1] for span in spans)

    def opens_after(self, moment: datetime, zone: tzinfo) -> datetime:
        """The moment itself while it is open, else the first one after it that is, in UTC. `moment` is aware.

        1. Whatever is closed now opens where a window begins, or where the clock is changed.
        2. So these places are looked at in their order, a good week at a time, and the first open one is the answer.
        Raises ValueError where nothing opens within a year.
        """
        if self.is_open(moment, zone):
            return moment
        now = moment.astimezone(UTC)
        today = now.astimezone(zone).date()
        for week in range(0, FAR, 8):
            days = (today + timedelta(days=week + day) for day in range(-1, 9))
            for place in sorted({place for day in days for place in self.places(day, zone)}):
                if place > now and self.is_open(place, zone):
                    return place
        raise ValueError("No window opens within a year.")

    def places(self, day: date, zone: tzinfo) -> Iterator[datetime]:
        """Where a window of this day begins, both times if the hour comes twice, and a change of the clock."""
        for one in self.every:
            span = one.on(day)
            if span:
                yield from (span[0].replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        begins = datetime(day.year, day.month, day.day, tzinfo=zone)
        change = change_between(begins.astimezone(UTC), (begins + timedelta(days=1)).astimezone(UTC), zone)
        if change:
            yield change

    def __str__(self) -> str:
        return ", ".join(map(str, self.every))


def change_between(early: datetime, late: datetime, zone: tzinfo) -> datetime | None:
    """The moment, to the second, at which the clock of `zone` is changed; None if it is the same at both ends."""

    def offset(moment: datetime) -> timedelta | None:
        return moment.astimezone(zone).utcoffset()

    if offset(early) == offset(late):
        return None
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        early, late = (middle, late) if offset(middle) == offset(early) else (early, middle)
    return late


@lru_cache(maxsize=256)
def parse(text: str) -> Windows:
    """The windows written so; empty text is always open. Raises ValueError with a sentence for people."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text.replace("–", "-")) if part.strip()]
    if len(parts) > MOST:
        raise ValueError(f"{len(parts)} windows are too many. {MOST} fit.")
    return Windows(tuple(window_of(part) for part in parts))


def window_of(part: str) -> Window:
    found = re.fullmatch(
        r"(?P<days>[A-Za-z\s-]*?)\s*(?P<begins>[0-9]{1,2}:[0-9]{2})\s*-\s*(?P<ends>[0-9]{1,2}:[0-9]{2})", part
    )
    if found is None:
        raise ValueError(f"“{part[:40]}” is no window. Write days and times: {EXAMPLE}.")
    begins, ends = minutes(found["begins"]), minutes(found["ends"])
    if begins == WHOLE_DAY:
        raise ValueError(f"“{part[:40]}” begins at 24:00. Write 00:00 of the next day.")
    if begins == ends:
        raise ValueError(f"“{part[:40]}” ends when it begins. A whole day is 00:00-24:00.")
    return Window(days_of(found["days"], part), begins, ends)


def minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > WHOLE_DAY:
        raise ValueError(f"{text} is no time of a day. They go from 00:00 to 24:00.")
    return total


def days_of(text: str, part: str) -> tuple[int, ...]:
    """Days as numbers; none named are all. A span may go over the end of the week: Fri-Mon."""
    named = [word for word in re.sub(r"\s*-\s*", "-", text.strip()).split() if word]
    found: set[int] = set()
    for word in named:
        first, dash, last = word.partition("-")
        begin, end = day_of(first, part), day_of(last if dash else first, part)
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return tuple(sorted(found)) or tuple(range(7))


def day_of(word: str, part: str) -> int:
    plain = word.lower()
    for number, name in enumerate(FULL_NAMES):
        if plain in {name, name[:3]}:
            return number
    raise ValueError(f"“{word[:20] or part[:40]}” is no day. Days are {', '.join(DAYS)}.")


def days_in_words(days: tuple[int, ...]) -> str:
    """As short as it can be read back: nothing for all days, Mon-Fri, Mon Wed."""
    if len(days) == 7:
        return ""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    spans = [[DAYS[run[0]], DAYS[run[-1]]] if len(run) > 2 else [] for run in runs]
    return " ".join(
        "-".join(span) if span else " ".join(DAYS[day] for day in run) for run, span in zip(runs, spans, strict=True)
    )


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
