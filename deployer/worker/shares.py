"""How many threads of one process are at one target to learn something: a cloud that hangs must not keep all of them.

To make a request ready, and to look for what a lost call made, the cloud is asked first. Of one target at most half of
the threads do that at the same time; the calls themselves have slots (slots.py).
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from deployer.worker.ending import stopping

PATIENCE = 0.5  # seconds that one more waits for its turn; who learns quickly is done long before


class Shares:
    """At most `most` threads at one target; without a number, as outside of a worker process, as many as like."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self._news = threading.Condition()
        self._inside: Counter[int] = Counter()
        self._moved_at: dict[int, float] = {}

    def are_stuck(self, target: int) -> bool:
        """Whether all of this target's threads take long, so that no other need try."""
        return not self._has_room(target) and time.monotonic() - self._moved_at[target] > PATIENCE

    @contextmanager
    def one(self, target: int) -> Iterator[bool]:
        """A share, or False when none came free for a while, or the process is to end."""
        with self._news:
            got = self._news.wait_for(lambda: self._has_room(target), timeout=PATIENCE) and not stopping.is_set()
            self._move(target, int(got))
        try:
            yield got
        finally:
            with self._news:
                self._move(target, -int(got))

    def _move(self, target: int, step: int) -> None:
        if step:
            self._inside[target] += step
            self._moved_at[target] = time.monotonic()
            self._news.notify_all()

    def _has_room(self, target: int) -> bool:
        return self.most is None or self._inside[target] < self.most


shares = Shares()
