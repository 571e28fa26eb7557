"""The clock of the services' lives: it may run faster than the wall, and jump ahead.

Lives are computed on this clock, answers are given in wall time. The two are joined by a list of
bends (wall, life, speed): what has happened keeps its wall time after a jump, and what lies
ahead (an auto-stop) moves nearer, which is what a person looking at a real clock expects.
All times are whole milliseconds, so that a moment answers the same number each time.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable

BENDS_KEPT = 2000


class Clock:
    """Life time for services, wall time for everything else."""

    def __init__(self, speed: float = 1.0, now: Callable[[], float] | None = None) -> None:
        if not speed > 0:
            raise ValueError("The speed of the sandbox must be greater than 0.")
        self.speed = speed
        self._now = now or time.time
        self.bends: list[tuple[int, int, float]] = []
        self.reset()

    def reset(self) -> None:
        wall = self.wall()
        self.bends = [(wall, wall, self.speed)]

    def wall(self) -> int:
        """Milliseconds since 1970 on the wall clock."""
        return int(self._now() * 1000)

    def now(self) -> int:
        """Milliseconds on the clock of the lives."""
        wall, life, speed = self.bends[-1]
        return life + max(0, int((self.wall() - wall) * speed))

    def advance(self, seconds: float) -> None:
        """Let time pass for the lives alone."""
        self._bend(self.now() + int(seconds * 1000))

    def wall_of(self, life: int) -> int:
        """The wall time at which the lives' clock showed, or will show, `life`."""
        place = max(0, bisect_right(self.bends, life, key=lambda bend: bend[1]) - 1)
        wall, began, speed = self.bends[place]
        at = wall + int((life - began) / speed)
        if place + 1 < len(self.bends):
            at = min(at, self.bends[place + 1][0])
        return at

    def as_json(self) -> list[list[float]]:
        return [list(bend) for bend in self.bends]

    def load(self, bends: list[list[float]]) -> None:
        """Go on from a kept clock: time has passed while nobody served, at the speed of then."""
        self.bends = [(int(wall), int(life), float(speed)) for wall, life, speed in bends]
        if self.bends[-1][2] != self.speed:
            self._bend(self.now())

    def _bend(self, life: int) -> None:
        self.bends.append((self.wall(), life, self.speed))
        if len(self.bends) > BENDS_KEPT:
            del self.bends[: BENDS_KEPT // 2]
