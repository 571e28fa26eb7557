"""What was sent lately, drawn by the server: bars as SVG attributes, and the same figures as a table."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from deployer.models import Event

DAYS = 14
NEWEST = 2000  # of each outcome: a page never reads further back
STEP, BAR, FLOOR, ROOM = 20, 12, 56, 46  # in units of the drawing: 280 wide, 72 high


@dataclass(frozen=True)
class Day:
    """One day's figures and the two bars that draw them."""

    day: date
    accepted: int
    refused: int
    x: int
    ok_y: float
    ok_height: float
    no_y: float
    no_height: float


@dataclass(frozen=True)
class Sent:
    """Two weeks, oldest first. `is_cut`: there was more than is counted here."""

    days: list[Day]
    is_cut: bool

    @property
    def accepted(self) -> int:
        return sum(day.accepted for day in self.days)

    @property
    def refused(self) -> int:
        return sum(day.refused for day in self.days)

    @property
    def total(self) -> int:
        return self.accepted + self.refused

    @property
    def words(self) -> str:
        """The drawing in a sentence, for those who do not see it."""
        if not self.total:
            return "Nothing was sent in two weeks."
        most = max(self.days, key=lambda day: day.accepted + day.refused)
        top = most.accepted + most.refused
        return (
            f"{self.accepted} accepted and {self.refused} refused in two weeks; "
            f"the most on one day were {top}, on {most.day.day} {most.day:%B}."
        )


def sent_lately() -> Sent:
    """How many creates the cloud accepted and refused on each of the last 14 days of the reader's zone."""
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    accepted, cut_a = by_day("accepted", first)
    refused, cut_r = by_day("refused", first)
    days = [first + timedelta(days=place) for place in range(DAYS)]
    most = max((accepted[day] + refused[day] for day in days), default=0) or 1
    drawn = [draw(place, day, accepted[day], refused[day], most) for place, day in enumerate(days)]
    return Sent(drawn, cut_a or cut_r)


def by_day(action: str, first: date) -> tuple[Counter[date], bool]:
    """Events of one action a day, by the index on actions, newest first; whether the reading stopped early."""
    moments = list(Event.objects.filter(action=action).order_by("-number").values_list("at", flat=True)[: NEWEST + 1])
    days = [timezone.localdate(at) for at in moments[:NEWEST]]
    cut = len(moments) > NEWEST and min(days) >= first
    return Counter(day for day in days if day >= first), cut


def draw(place: int, day: date, accepted: int, refused: int, most: int) -> Day:
    """Refused on top of accepted, with a gap between; a bar that is there is never too low to see."""
    ok = round(max(ROOM * accepted / most, 2), 1) if accepted else 0
    no = round(max(ROOM * refused / most, 2), 1) if refused else 0
    top = FLOOR - ok - (2 if ok else 0)
    return Day(day, accepted, refused, place * STEP + 2, round(FLOOR - ok, 1), ok, round(top - no, 1), no)
