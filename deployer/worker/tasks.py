"""The tasks as the engine knows them. They carry no facts: whoever runs one reads the rows."""

from django_tasks import TaskContext, task

from deployer.worker import details, steps


@task(takes_context=True)
def advance(context: TaskContext) -> int:
    """Do what is due, and say how many rows that were."""
    return steps.advance(worker_of(context))


@task
def fetch_detail(entry: int) -> bool:
    """Read the page of one entry of a catalog, and say whether that could be done."""
    return details.fetch(entry)


def worker_of(context: TaskContext) -> str:
    names = context.task_result.worker_ids
    return names[-1] if names else "worker"
