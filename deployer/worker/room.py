"""How many lists one process reads at the same time: a slow cloud must leave threads to send and to watch."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

ON_THE_CLOCK = 2
IN_ALL = 3  # with those a person waits for


class Room:
    """Who is in. Of one target one list at a time is read on its clock, so that a dead cloud keeps one thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside: Counter[int] = Counter()

    def has_place(self) -> bool:
        """Whether a list on its clock might get in now."""
        return self._inside.total() < ON_THE_CLOCK

    def targets(self) -> list[int]:
        """Of which lists are being read."""
        with self._lock:
            return [target for target, number in self._inside.items() if number]

    @contextmanager
    def place(self, target: int, *, asked: bool) -> Iterator[bool]:
        """A place for a list of this target, or False."""
        with self._lock:
            inside = self._inside.total()
            got = inside < IN_ALL if asked else inside < ON_THE_CLOCK and not self._inside[target]
            if got:
                self._inside[target] += 1
        try:
            yield got
        finally:
            if got:
                with self._lock:
                    self._inside[target] -= 1


room = Room()
