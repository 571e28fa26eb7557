"""One thread that keeps the deadlines of all exchanges. A thread for each of them cost a tenth of its call."""

import heapq
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


class Deadlines:
    """Does what is to be done when a time is over, unless it was called off before."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """As new: a forked process has the exchanges of its parent in mind, but not the thread."""
        self._news = threading.Condition()
        self._next: list[tuple[float, int]] = []
        self._open: dict[int, Callable[[], None]] = {}
        self._number = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, ends_at: float, expire: Callable[[], None]) -> Iterator[None]:
        """Call `expire`, which must not block, at `ends_at` (time.monotonic()) if we are still inside then."""
        number = self._begin(ends_at, expire)
        try:
            yield
        finally:
            self._open.pop(number, None)  # its place in the heap holds nothing, and is passed by when its time comes

    def _begin(self, ends_at: float, expire: Callable[[], None]) -> int:
        with self._news:
            number = next(self._number)
            self._open[number] = expire
            heapq.heappush(self._next, (ends_at, number))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._keep, name="deadlines of calls", daemon=True)
                self._thread.start()
            elif self._next[0][1] == number:
                self._news.notify()
        return number

    def _keep(self) -> None:
        while True:
            with self._news:
                while not self._next or (left := self._next[0][0] - time.monotonic()) > 0:
                    self._news.wait(min(left, threading.TIMEOUT_MAX) if self._next else None)
                _, number = heapq.heappop(self._next)
            expire = self._open.pop(number, None)
            if expire is None:
                continue
            try:
                expire()
            except Exception:  # the deadlines of others are still to be kept
                log.exception("A call could not be cut at its deadline.")


DEADLINES = Deadlines()
os.register_at_fork(after_in_child=DEADLINES.forget)
