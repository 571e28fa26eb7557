"""Rounds of looking at what runs in one target. One worker at a time makes them, under the lease of the target's row.

A round is: `claim`, then any number of reports (watching.py, hearing.py), each fenced by `held`, then `finish`. A
worker that dies leaves its lease to end by itself; what it was to look at is then due again. Times are the database's.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from deployer.models import Service, Target, Watch
from deployer.models.clock import DbNow
from deployer.workflow.locking import for_change
from deployer.workflow.outcome import LeaseLost

MOST_DUE = 200  # services one round takes over at most


@dataclass
class Round:
    """The right to look around in a target. `due`: services (keys) that are to be looked at closely, oldest first."""

    target: Target
    lease: str
    seconds: float  # how long the lease lasts
    until: datetime  # what is due is put off until then, in case we die
    due: tuple[int, ...]
    is_whole: bool  # time to list everything
    whole_look_at: datetime
    listed_at: datetime | None
    problem: str
    claimed_at: datetime  # by the database's clock
    since: float = field(default_factory=time.monotonic)
    renewed: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        """The database's time, carried on by our own clock's steps."""
        return self.claimed_at + timedelta(seconds=time.monotonic() - self.since)


def begin_missing() -> int:
    """Begin to watch targets that have a secret and are not watched yet. How many; one read when there are none."""
    lacking = list(Target.objects.exclude(secret="").filter(watch=None).values_list("pk", flat=True))  # noqa: S106
    for pk in lacking:
        begin(pk)
    return len(lacking)


def begin(target: int) -> None:
    """Watch a target from now on; one that is watched already stays as it is."""
    rows = [Watch(target_id=target, next_look_at=DbNow(), whole_look_at=DbNow())]
    Watch.objects.bulk_create(rows, ignore_conflicts=True)


def due_targets(most: int) -> list[int]:
    """Targets (keys) whose list is due, or in which a service is; longest due first."""
    listed = list(Watch.objects.due().values_list("target_id", flat=True)[:most])
    single = Service.objects.due().order_by().values_list("target_id", flat=True).distinct()[:most]
    return list(dict.fromkeys([*listed, *single]))[:most]


@transaction.atomic
def claim(target: int, *, seconds: float) -> Round | None:
    """Take a target that is due for so long, or None if it is not or somebody else has it."""
    rows = Watch.objects.filter(target_id=target)
    watch = rows.annotate(now=DbNow()).select_related("target").first()
    if watch is None:
        if Target.objects.filter(pk=target).exists():
            begin(target)  # due from the next call on
        return None
    now: datetime = vars(watch)["now"]
    keys = Service.objects.filter(target_id=target, next_look_at__lte=now).order_by("next_look_at", "pk")
    due = tuple(keys.values_list("pk", flat=True)[:MOST_DUE])
    if watch.next_look_at > now and not due:
        return None
    lease, until = secrets.token_hex(16), now + timedelta(seconds=seconds)
    free = rows.filter(Q(lease="") | Q(lease_until__lt=now))
    if free.update(lease=lease, lease_until=until, next_look_at=until) != 1:
        return None
    if due:
        Service.objects.filter(pk__in=due).update(next_look_at=until)
    return Round(
        watch.target, lease, seconds, until, due, watch.whole_look_at <= now, watch.whole_look_at, watch.listed_at,
        watch.problem, now,
    )  # fmt: skip


def renew(current: Round) -> None:
    """Hold on to the lease: said before each call, written a few times in its life. Raises LeaseLost."""
    if time.monotonic() - current.renewed < current.seconds / 4:
        return
    until = current.now + timedelta(seconds=current.seconds)
    rows = Watch.objects.filter(target=current.target, lease=current.lease)
    if rows.update(lease_until=until, next_look_at=until) != 1:
        raise LeaseLost(f"watch of {current.target.name}")
    current.renewed = time.monotonic()


@contextmanager
def held(current: Round) -> Iterator[None]:
    """A transaction in which the round is still ours, or LeaseLost."""
    with transaction.atomic():
        row = for_change(Watch.objects.all()).get(target=current.target)
        if row.lease != current.lease:
            raise LeaseLost(f"watch of {current.target.name}")
        yield


def finish(current: Round, *, again_in: float, whole_in: float | None = None, problem: str = "") -> None:
    """Give the target back. `whole_in`: seconds to the next list of everything, where one was tried just now.

    `problem`: why that list could not be read. Raises LeaseLost.
    """
    facts: dict[str, Any] = {"next_look_at": current.now + timedelta(seconds=again_in), "problem": problem[:300]}
    if whole_in is not None:
        facts["whole_look_at"] = current.now + timedelta(seconds=whole_in)
        facts |= {} if problem else {"listed_at": current.now}
    give_back(current, facts)


@transaction.atomic
def put_off(current: Round, *, seconds: float, problem: str) -> None:
    """The cloud could not be asked: what was last seen stays, and all is tried again later. Raises LeaseLost."""
    later = current.now + timedelta(seconds=seconds)
    give_back(current, {"next_look_at": later, "problem": problem[:300]})
    if current.due:  # a wish that came meanwhile is not put off
        Service.objects.filter(pk__in=current.due, next_look_at=current.until).update(next_look_at=later)


def give_back(current: Round, facts: dict[str, Any]) -> None:
    rows = Watch.objects.filter(target=current.target, lease=current.lease)
    if rows.update(lease="", lease_until=None, **facts) != 1:
        raise LeaseLost(f"watch of {current.target.name}")
