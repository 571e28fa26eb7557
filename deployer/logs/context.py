"""What the work at hand is about: each record said meanwhile carries it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_now: ContextVar[dict[str, Any] | None] = ContextVar("about", default=None)
_always: dict[str, Any] = {}


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Within this block every record of this thread carries these facts too: `request_id`, `deployment` …"""
    token = _now.set({**(_now.get() or {}), **facts})
    try:
        yield
    finally:
        _now.reset(token)


def add(**facts: Any) -> None:
    """Something more about what the block around us is about. Without a block around it, nothing."""
    held = _now.get()
    if held is not None:
        held.update(facts)


def always(**facts: Any) -> None:
    """What every record of this process carries, in all its threads: `worker`."""
    _always.update(facts)


def facts() -> dict[str, Any]:
    return {**_always, **(_now.get() or {})}
