"""The one place that puts tasks into the queue, so that the engine can be changed here alone."""

from typing import Any

from deployer.models import CatalogEntry
from deployer.worker import wakeups
from deployer.workflow.catalog import detail_asked
from deployer.workflow.submission import became_due


def hint() -> None:
    """Say that something is due. In the caller's transaction: a change that is rolled back leaves no task."""
    from deployer.worker import tasks

    tasks.advance.enqueue()
    wakeups.call()


def fetch_detail(entry: int) -> None:
    """Ask for what the page of this entry of a catalog says."""
    from deployer.worker import tasks

    tasks.fetch_detail.enqueue(entry)
    wakeups.call()


def answer(sender: Any, **_: Any) -> None:
    """A row became due in the transaction we stand in."""
    hint()


def answer_detail(sender: Any, entry: CatalogEntry, **_: Any) -> None:
    """Somebody picked an entry in the transaction we stand in."""
    fetch_detail(entry.pk)


def connect() -> None:
    """Called once, when the app is ready."""
    became_due.connect(answer, dispatch_uid="deployer.worker.line")
    detail_asked.connect(answer_detail, dispatch_uid="deployer.worker.line.detail")
