"""The one place that puts tasks into the queue, so that the engine can be changed here alone."""

from typing import Any

from deployer.workflow.submission import became_due


def hint() -> None:
    """Say that something is due. In the caller's transaction: a change that is rolled back leaves no task."""
    from deployer.worker import tasks

    tasks.advance.enqueue()


def take_stock(target: int) -> None:
    """Ask for a look at everything that runs in this target."""
    from deployer.worker import tasks

    tasks.take_stock.enqueue(target)


def answer(sender: Any, **_: Any) -> None:
    """A row became due in the transaction we stand in."""
    hint()


def connect() -> None:
    """Called once, when the app is ready."""
    became_due.connect(answer, dispatch_uid="deployer.worker.line")
