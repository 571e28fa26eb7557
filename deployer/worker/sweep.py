"""What the engine forgets: due rows without a task, senders and tasks whose worker died, results nobody reads."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from deployer.domain.lifecycle import Outcome
from deployer.models import CatalogList, Enquiry, Heartbeat, Preflight, Removal, Service, Submission, Watch
from deployer.models.clock import DbNow
from deployer.worker import line
from deployer.worker.room import room
from deployer.workflow import catalog, enquiries, outcome, rounds

MOST_HINTS = 16
DEAD_TASK = timedelta(minutes=5)  # no step takes so long: two deadlines and the record
KEPT = timedelta(hours=1)
DEAD_WORKER = timedelta(minutes=10)


def sweep(worker: str) -> int:
    """Put hints for due rows in the queue. How many.

    Reads only while nothing is due. Two workers may do it at once: a hint too many does no harm, while a lease would
    need a clock all agree on (a worker an hour ahead once kept the others from sweeping for an hour).
    """
    due = due_rows()
    missing = min(due, MOST_HINTS) - DBTaskResult.objects.ready().count() if due else 0
    if missing <= 0:
        return 0
    outcome.reap(worker)
    for _ in range(missing):
        line.hint()
    return missing


def due_rows() -> int:
    """How many rows are due, as far as it matters. Two reads: the line, and in one statement all the rest."""
    submissions = len(Submission.objects.due().values("pk")[:MOST_HINTS])
    kinds = [Watch.objects.due(), Preflight.objects.due(), Enquiry.objects.due(), Removal.objects.due()]
    kinds.append(Submission.objects.due_for_a_late_look())
    if room.has_place():
        kinds.append(CatalogList.objects.due().exclude(target__in=room.targets()))
    first, *others = [rows.order_by().values("pk") for rows in kinds]
    others.append(Service.objects.due().order_by().values("target").distinct())  # one round looks at many
    return submissions + len(first.union(*others, all=True)[:MOST_HINTS])


def keep_catalog() -> None:
    """Lists of targets that have none yet, and questions nobody answered. Two reads while there are none."""
    if catalog.begin_missing():
        line.hint()
    enquiries.expire()


def reap(worker: str) -> int:
    """Rows whose sender died become unknown, to be looked for. Reads only while there are none."""
    overdue = Submission.objects.due().filter(outcome=Outcome.SENDING)
    return outcome.reap(worker) if overdue.exists() else 0


def keep_watch() -> None:
    """Targets that are not watched yet. One read while there are none."""
    if rounds.begin_missing():
        line.hint()


def free_tasks() -> int:
    """A task whose worker died stays RUNNING for ever. It is closed, not repeated: tasks are hints, the rows are
    still due and get a new one. So a task that kills its worker cannot do it again and again."""
    dead = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - DEAD_TASK)
    return dead.update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), exception_class_path="deployer.worker.Died"
    )


def prune(portion: int = 500) -> int:
    """Take away finished tasks and workers long silent, a portion at a time so that no lock is held long."""
    Heartbeat.objects.filter(beat_at__lt=DbNow() - DEAD_WORKER).delete()
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT)
    keys = list(old.order_by().values_list("pk", flat=True)[:portion])
    enquiries.prune()
    return DBTaskResult.objects.filter(pk__in=keys).delete()[0] if keys else 0


def beat(worker: str, *, port: int = 0) -> None:
    """Say that this worker is alive, and at which port of this machine it can be woken."""
    begun = {"beat_at": DbNow(), "port": port}
    Heartbeat.objects.update_or_create(worker=worker, defaults=begun, create_defaults={**begun, "started_at": DbNow()})


def farewell(worker: str) -> None:
    """A worker that ends by itself is not missed."""
    Heartbeat.objects.filter(worker=worker).delete()
