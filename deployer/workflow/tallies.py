"""Numbers of long tables, counted once and kept, for whoever asks often. No table is read from end to end.

Submissions are counted in portions of their keys: those in which something may still move, or that had keys to come
when they were counted, are counted again each time, one of the others in turn, so that a number put right by hand
shows within the hour. Attempts are append-only: what was counted stays counted.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, Model
from django.utils import timezone

from deployer.domain.lifecycle import IN_THE_LINE
from deployer.models import Attempt, Submission, Tally

PORTION = 10_000  # keys of submissions counted together
AT_ONCE = 2_000  # attempts read together
BUDGET = 0.25  # seconds for what was never counted; the rest follows when asked again
AGED = timedelta(seconds=30)  # on PostgreSQL a lower key may be committed after a higher one, but never so late
RESTED = timedelta(seconds=60)  # a calm portion is not counted again sooner
STEPS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds, upper ends of the classes of durations


@dataclass
class Standing:
    """Submissions by (outcome, key of the target), those that need a person, and keys that are not counted yet."""

    numbers: Counter[tuple[str, int]] = field(default_factory=Counter)
    needs_person: int = 0
    behind: int = 0


@dataclass
class Calls:
    """Calls by (key of the target, kind): how they ended, how long they took (seconds), how many came again."""

    ended: Counter[tuple[int, str, str]] = field(default_factory=Counter)  # target, kind, outcome
    classes: Counter[tuple[int, str, int]] = field(default_factory=Counter)  # target, kind, place in STEPS
    seconds: defaultdict[tuple[int, str], float] = field(default_factory=lambda: defaultdict(float))
    again: Counter[int] = field(default_factory=Counter)  # target: sent although something was tried before
    behind: int = 0

    def add(self, row: tuple[int, str, str, int, datetime, datetime]) -> None:
        target, kind, outcome, number, began, ended = row
        took = max(0.0, (ended - began).total_seconds())
        self.ended[target, kind, outcome] += 1
        self.classes[target, kind, next((at for at, most in enumerate(STEPS) if took <= most), len(STEPS))] += 1
        self.seconds[target, kind] += took
        if kind == "send" and number > 1:
            self.again[target] += 1


def standing() -> Standing:
    """How many submissions there are of each outcome and target, from kept numbers and the portions that move."""
    newest = largest(Submission)
    if not newest:
        return Standing()
    kept = {row.portion: row for row in Tally.objects.filter(name="submissions")}
    ends_at = time.monotonic() + BUDGET
    for portion in to_count(kept, newest // PORTION):
        if time.monotonic() > ends_at and portion not in kept:
            break
        kept[portion] = counted(portion, kept.get(portion), newest)
    found = Standing(behind=PORTION * max(0, newest // PORTION + 1 - len(kept)))
    for row in kept.values():
        for outcome, target, needs_person, number in json.loads(row.numbers):
            found.numbers[outcome, target] += number
            found.needs_person += number if needs_person else 0
    return found


def to_count(kept: dict[int, Tally], last: int) -> list[int]:
    """Portions in which something may have moved, newest first; then one of the others; then those never counted."""
    moving = sorted((n for n, row in kept.items() if n == last or may_move(row) or has_room(row)), reverse=True)
    lately = timezone.now() - RESTED
    calm = [row for n, row in kept.items() if n not in moving and row.counted_at < lately]
    calm = sorted(calm, key=lambda row: row.counted_at)[:1]
    missing = [n for n in range(last, -1, -1) if n not in kept]
    return [*moving, *(row.portion for row in calm), *missing]


def may_move(row: Tally) -> bool:
    return any(outcome in IN_THE_LINE for outcome, *_ in json.loads(row.numbers))


def has_room(row: Tally) -> bool:
    """There were keys to come when it was counted; they may have come since, and others after them."""
    return row.upto < (row.portion + 1) * PORTION - 1


def counted(portion: int, before: Tally | None, newest: int) -> Tally:
    """One portion, by the primary key; written down where it is news, or a calm one whose turn it was."""
    keys = {"pk__gte": portion * PORTION, "pk__lt": (portion + 1) * PORTION}
    rows = Submission.objects.filter(**keys).values_list("outcome", "target_id", "needs_person").order_by()
    groups = rows.annotate(n=Count("pk"))
    numbers = json.dumps(sorted(groups))
    row = before or Tally(name="submissions", portion=portion)
    is_news = row.pk is None or row.numbers != numbers or not may_move(row) or has_room(row)
    row.numbers, row.upto, row.counted_at = numbers, newest, timezone.now()
    if is_news:
        facts = {"numbers": numbers, "upto": newest, "counted_at": row.counted_at}
        keep(lambda: Tally.objects.update_or_create(name=row.name, portion=portion, defaults=facts))
    return row


def calls() -> Calls:
    """Every call ever written down: what is kept, and what came since."""
    kept = Tally.objects.filter(name="calls").first() or Tally(name="calls", numbers="{}")
    found = as_calls(json.loads(kept.numbers))
    ends_at, seen, aged = time.monotonic() + BUDGET, kept.upto, timezone.now() - AGED
    settled: tuple[int, str] | None = None
    for rows in portions(kept.upto):
        for key, row in rows:
            if settled is None and row[-1] > aged:
                settled = seen, as_text(found)  # from here on it is counted anew the next time
            found.add(row)
            seen = key
        if time.monotonic() > ends_at:
            break
    upto, numbers = settled or (seen, as_text(found))
    if upto - kept.upto >= AT_ONCE // 4:
        keep(lambda: replace(kept, upto, numbers))
    found.behind = max(0, largest(Attempt) - seen)
    return found


def portions(after: int) -> Iterator[list[tuple[int, Any]]]:
    """Attempts behind this key: (key, facts)."""
    facts = ("submission__target_id", "kind", "outcome", "number", "started_at", "finished_at")
    while True:
        rows = Attempt.objects.filter(pk__gt=after).order_by("pk").values_list("pk", *facts)[:AT_ONCE]
        portion = [(key, tuple(row)) for key, *row in rows]
        yield portion
        if len(portion) < AT_ONCE:
            return
        after = portion[-1][0]


def as_calls(kept: dict[str, Any]) -> Calls:
    found = Calls()
    for name, rows in kept.items():
        numbers = getattr(found, name)
        for *key, number in rows:
            numbers[tuple(key) if len(key) > 1 else key[0]] = number
    return found


def as_text(found: Calls) -> str:
    names = ("ended", "classes", "seconds", "again")
    flat = {name: [[*(key if isinstance(key, tuple) else (key,)), n] for key, n in getattr(found, name).items()]
            for name in names}  # fmt: skip
    return json.dumps(flat)


def replace(kept: Tally, upto: int, numbers: str) -> None:
    """Only if nobody counted further meanwhile."""
    Tally.objects.bulk_create([Tally(name="calls", counted_at=timezone.now())], ignore_conflicts=True)
    behind = Tally.objects.filter(name="calls", upto=kept.upto)
    behind.update(upto=upto, numbers=numbers, counted_at=timezone.now())


def keep(write: Callable[[], object]) -> None:
    """A number that could not be kept is counted again; whoever asked gets it anyway."""
    with suppress(DatabaseError), transaction.atomic():
        write()


def largest(model: type[Model]) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
