"""How many requests one process has out at the same time.

One thread more than that is at work, so that the next request is made ready while others are out. A slot is taken from
just before the intent until the call is over; nothing else that a sending needs takes one. When the calls of some
targets take long and have all of them, one target more may have a call out.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from deployer.worker.ending import stopping

PATIENCE = 0.5  # seconds that a request which is ready waits for a slot; what was learnt for it is no older then
LONG = 2.0  # seconds after which calls that are out keep a slot from nobody else
AFTER_YOU = 0.02  # seconds that writing down waits at most, so that the slot is soon in use again


class Slots:
    """As many as `most`; without a number, as outside of a worker process, as many as are asked for."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self._news = threading.Condition()
        self._taken = 0
        self._of: Counter[int] = Counter()  # taken by each target
        self._ready: set[int] = set()  # threads whose request is ready, and not on its way
        self._moved_at = time.monotonic()

    def are_stuck(self, target: int = 0) -> bool:
        """Whether all are taken by calls that take long, so that nothing need be made ready for this target."""
        return not self._is_free_for(target) and time.monotonic() - self._moved_at > PATIENCE

    def are_as_many_as(self, most_calls: int) -> bool:
        """Whether a target that allows so many calls is full when all are taken: there is room for the next one only
        when an answer is written down."""
        return self.most is not None and most_calls <= self.most

    @contextmanager
    def one(self, target: int = 0) -> Iterator[bool]:
        """A slot, or False when none came free for a while, or the process is to end."""
        me = threading.get_ident()
        with self._news:
            self._ready.add(me)
            got = self._news.wait_for(lambda: self._is_free_for(target), timeout=PATIENCE) and not stopping.is_set()
            if got:
                self._move(target, 1)
        try:
            yield got
        finally:
            with self._news:
                self._ready.discard(me)
                if got:
                    self._move(target, -1)
                self._news.notify_all()

    def departed(self) -> None:
        """The intent of whoever has a slot is written; its request goes out now."""
        with self._news:
            self._ready.discard(threading.get_ident())
            self._news.notify_all()

    def after_you(self) -> None:
        """Let one that is ready go out first, or give up, for a moment: both would be slowed down by each other."""
        with self._news:
            before = set(self._ready)
            if self.most is not None and before:
                self._news.wait_for(lambda: not before <= self._ready, timeout=AFTER_YOU)

    def _move(self, target: int, step: int) -> None:
        self._taken += step
        self._of[target] += step
        self._moved_at = time.monotonic()

    def _is_free_for(self, target: int) -> bool:
        if self.most is None or self._taken < self.most:
            return True
        others_take_long = not self._of[target] and time.monotonic() - self._moved_at > LONG
        return self._taken == self.most and others_take_long


slots = Slots()
