"""Writing down how a call went, also when the database is away for a moment."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model

from deployer.modelarts.errors import ModelArtsError
from deployer.workflow.outcome import Tried

log = logging.getLogger(__name__)
T = TypeVar("T")

AWAY = (OperationalError, InterfaceError)
"""The database is gone, locked for long, or full: none of it is the row's fault."""

OUR_FAULT = "Something broke on our side. The log of the worker says what."


def insist(report: Callable[[], T], *, about: Model, seconds: float) -> T:
    """Report, again and again while the database is away. The cloud's answer is worth waiting for.

    After so many seconds the lease is over and others will look for what we could not write down. `about`: the row;
    what a report that was not kept has changed of it in memory, its lease above all, is as before when it is repeated.
    """
    ends_at, pause, before = time.monotonic() + seconds, 0.2, dict(vars(about))
    while True:
        try:
            return report()
        except AWAY as error:
            vars(about).update(before)
            if connection.in_atomic_block or time.monotonic() + pause > ends_at:
                raise
            log.warning("The database is away (%s); the outcome is kept and written again.", type(error).__name__)
            connection.close()
            time.sleep(pause)
            pause = min(5.0, pause * 2)


def tried(kind: str, worker: str, started_at: datetime, detail: str, trouble: Exception | None = None) -> Tried:
    """What the attempt's row will say."""
    if not isinstance(trouble, ModelArtsError):
        return Tried(kind, worker, started_at, detail)
    return Tried(
        kind,
        worker,
        started_at,
        detail,
        http_status=trouble.http_status,
        request_id=printable(trouble.request_id),
        answer=printable(trouble.raw),
    )


def words(trouble: Exception) -> str:
    """The trouble as a sentence for people."""
    return trouble.for_people() if isinstance(trouble, ModelArtsError) else OUR_FAULT


def printable(text: str) -> str:
    """Without what a database refuses."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
