"""What was learnt of a target a moment ago, so that a busy line asks once for all its rows."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deployer.domain.preflight import Unknown

NO_TIME = Unknown("There was no time left to ask the cloud.", for_now=True)
"""Says nothing of the cloud, so it is kept for nobody else."""

FRESH = 30.0  # seconds for which an answer serves other rows
MOST = 2_000  # answers kept of one target


@dataclass
class Shelf:
    """Answers by question, each with its time. One row asks at a time, the others wait and use it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: dict[str, tuple[float, Any]] = field(default_factory=dict)

    def get(self, question: str, ask: Callable[[], Any], *, fresh: float) -> Any:
        """The answer of the last so many seconds, else a new one. That it could not be learnt is kept as well."""
        known = self.answers.get(question)
        if known and time.monotonic() - known[0] < fresh:
            return known[1]
        answer = ask()
        if answer is NO_TIME:
            return answer
        if len(self.answers) >= MOST:
            self.answers.clear()
        # What could not be asked for, nobody else need try at once; a good answer is not pushed out by a failure.
        if not (isinstance(answer, Unknown) and known and time.monotonic() - known[0] < FRESH):
            self.answers[question] = (time.monotonic(), answer)
        return answer


_shelves: dict[str, Shelf] = defaultdict(Shelf)
MOST_TARGETS = 200


def of(mark: str) -> Shelf:
    """The shelf of a target as it is now; `mark` changes with its place and credentials."""
    if len(_shelves) > MOST_TARGETS:
        _shelves.clear()
    return _shelves[mark]


def forget() -> None:
    """Nothing is remembered any more."""
    _shelves.clear()
