"""Misbehaviour on request: which faults wait, and for which requests."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from .refusals import DoorRefusal

# Done, then the answer is spoiled.
AFTER = {"reset-after", "hang-after", "500-after", "504-after", "malformed", "truncated", "huge", "slow"}
AFTER |= {"array", "no-id", "bomb", "slow-head", "504-hidden", "delayed"}  # hidden for so many seconds, answered after
AFTER |= {"no-config"}  # for the detail of a service: it shows nothing of its content
# Not done.
BEFORE = {"reset-before", "hang-before", "500-before", "401", "404", "429", "502", "503", "redirect"}
# Answered at once, done so many seconds later.
LATE = {"504-late"}
KINDS = AFTER | BEFORE | LATE


@dataclass
class Fault:
    """One kind of misbehaviour, waiting for `times` more requests that match."""

    method: str
    segments: list[str]
    kind: str
    times: int
    seconds: float | None

    @property
    def happens_after(self) -> bool:
        return self.kind in AFTER

    @property
    def happens_late(self) -> bool:
        return self.kind in LATE

    @property
    def wait(self) -> float:
        """Seconds to hang, to hide, or to come too late."""
        return 5.0 if self.seconds is None else self.seconds

    def fits(self, method: str, segments: list[str]) -> bool:
        return (
            self.method in ("*", method)
            and len(self.segments) == len(segments)
            and all(mine in ("*", theirs) for mine, theirs in zip(self.segments, segments, strict=True))
        )

    def as_json(self) -> dict[str, Any]:
        match = f"{self.method} /{'/'.join(self.segments)}"
        return {"match": match, "fault": self.kind, "times": self.times, "seconds": self.wait}


def segments_of(path: str) -> list[str]:
    """A path as its decoded segments; a slash at the end does not count."""
    return [unquote(segment) for segment in path.strip("/").split("/")]


def read_fault(body: Any) -> Fault:
    """A fault from the body of the door, or a sentence on what is wrong with it."""
    if not isinstance(body, dict):
        raise DoorRefusal("Send an object with match, fault, and if you like times and seconds.")
    unknown = set(body) - {"match", "fault", "times", "seconds"}
    if unknown:
        raise DoorRefusal(f"Unknown key {sorted(unknown)[0]!r}. The keys are match, fault, times, seconds.")
    method, path = _read_match(body.get("match"))
    kind = body.get("fault")
    if not isinstance(kind, str) or kind not in KINDS:
        raise DoorRefusal(f"fault must be one of: {', '.join(sorted(KINDS))}.")
    times = body.get("times", 1)
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise DoorRefusal("times must be a whole number of at least 1.")
    seconds = body.get("seconds")
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if seconds is not None and not (number and 0 <= seconds <= 3600):
        raise DoorRefusal("seconds must be a number from 0 to 3600.")
    return Fault(method, segments_of(path), kind, times, seconds)


def _read_match(match: Any) -> tuple[str, str]:
    method, _, path = match.partition(" ") if isinstance(match, str) else ("", "", "")
    if not (method == "*" or method.isalpha()) or not path.startswith("/"):
        raise DoorRefusal('match must be a method and a path, such as "POST /v1/*/services".')
    if path.startswith("/_sandbox"):
        raise DoorRefusal("The doors under /_sandbox/ do not misbehave.")
    return method.upper(), path.partition("?")[0]


class Faults:
    """The faults that wait, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that fits, used up by one; None when the request may go well."""
        segments = segments_of(path)
        with self._lock:
            for fault in self._waiting:
                if fault.fits(method, segments):
                    fault.times -= 1
                    if fault.times == 0:
                        self._waiting.remove(fault)
                    return fault
        return None

    def remaining(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_json() for fault in self._waiting]

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
