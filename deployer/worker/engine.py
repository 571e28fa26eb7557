"""The loop of a worker process: runners that take tasks, and a housekeeper that beats, sweeps and rings the bell.

Built on the worker of django-tasks-db, whose own loop ends when the database is lost, and knows neither heartbeat,
sweep nor pruning. The housekeeper alone asks for new tasks, by one cheap read, when somebody calls (wakeups.py) or a
second is over; runners sleep until it rings.
"""

import logging
import random
import signal
import sys
import threading
import time
from collections.abc import Callable

from django.db import connection
from django_tasks_db.compat import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from deployer.worker import ending, sweep, wakeups
from deployer.worker.ending import stopping
from deployer.worker.records import AWAY
from deployer.worker.shares import shares
from deployer.worker.slots import slots
from deployer.workflow import lapsing

log = logging.getLogger(__name__)

TICK = 0.1  # seconds between two looks at whether we are to end, while the database is away
POLL = 1.0  # seconds between two looks into the queue when nobody calls
TURNS = 0.0005  # seconds a thread may go on while another waits; whoever holds a lock of the database is not kept long
NOT_SOONER = 0.02  # seconds between two looks however often somebody calls
LONGEST_PAUSE = 10.0


class Pause:
    """A growing, jittered wait while the database is away, cut short when we are to end."""

    def __init__(self, is_over: Callable[[], bool]) -> None:
        self.seconds = 0.25
        self.is_over = is_over

    def after(self, error: Exception) -> None:
        connection.close()
        log.warning("The database is away (%s). Trying again in %.1f s.", type(error).__name__, self.seconds)
        ends_at = time.monotonic() + self.seconds * (0.75 + random.random() / 2)  # noqa: S311 - spreads workers
        while time.monotonic() < ends_at and not self.is_over():
            time.sleep(TICK)
        self.seconds = min(LONGEST_PAUSE, self.seconds * 2)

    def over(self) -> None:
        self.seconds = 0.25


class Runner(Worker):
    """One thread that takes tasks and does them, and outlives a lost database."""

    def __init__(self, name: str, bell: threading.Event) -> None:
        super().__init__(
            queue_names=[DEFAULT_TASK_QUEUE_NAME],
            interval=TICK,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        )
        self.bell = bell
        self.thread = threading.Thread(target=self.run, name=f"runner of {name}", daemon=True)

    def run(self) -> None:
        pause = Pause(stopping.is_set)
        while not stopping.is_set():
            try:
                self.do_what_waits()
                pause.over()
            except AWAY as error:
                pause.after(error)
            except Exception:  # a task that cannot be read must not end the thread
                log.exception("A task could not be run.")
                stopping.wait(1.0)
            self.bell.wait(5.0)
        connection.close()

    def do_what_waits(self) -> None:
        while not stopping.is_set():
            found = self.taken()
            if found is None:
                self.bell.clear()
                return
            self.run_task(found)

    def taken(self) -> DBTaskResult | None:
        """The next task, claimed for us."""
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not ready.order_by().exists():
            return None  # on SQLite a claim takes the write lock, so it is not tried in vain
        with exclusive_transaction(ready.db):
            found = ready.get_locked()
            if found is not None:
                found.claim(self.worker_id)
        return found


class Engine:
    """One worker process: its housekeeper, which is the main thread, and its runners."""

    def __init__(self, calls: int) -> None:
        """`calls`: requests that it has out at once, at most."""
        self.name = wakeups.own_name()
        self.bell = threading.Event()
        slots.most, shares.most = calls, max(1, calls // 2)
        self.runners = [Runner(self.name, self.bell) for _ in range(calls + 1)]
        self.ears = wakeups.Ears()
        self.knock = self.ears.own_knock()
        self.signals = 0
        self.duties = [
            Duty(5.0, lambda: sweep.beat(self.name, port=self.ears.port)),
            Duty(POLL, lambda: sweep.sweep(self.name)),
            Duty(5.0, lambda: sweep.reap(self.name)),
            Duty(10.0, sweep.keep_watch),
            Duty(30.0, sweep.free_tasks),
            Duty(30.0, sweep.keep_catalog),
            Duty(60.0, sweep.prune),
            Duty(30.0, lapsing.lapse),
        ]

    def run(self) -> None:
        """Work until asked to end; then finish the steps at hand."""
        sys.setswitchinterval(TURNS)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.asked_to_end)
        signal.set_wakeup_fd(self.knock.fileno(), warn_on_full_buffer=False)
        for runner in self.runners:
            runner.thread.start()
        log.info("Worker %s is at work.", self.name)
        pause = Pause(lambda: self.signals > 0)
        while not self.signals:
            try:
                self.keep_house()
                pause.over()
            except AWAY as error:
                pause.after(error)
            except Exception:  # housekeeping is repeated anyway; the runners go on meanwhile
                log.exception("Housekeeping broke.")
                time.sleep(1.0)
        self.end()

    def keep_house(self) -> None:
        for duty in self.duties:
            duty.do_if_due()
        if DBTaskResult.objects.ready().order_by().exists():
            self.bell.set()
        self.ears.listen()
        if self.ears.wait(self.seconds_to_next()):
            time.sleep(NOT_SOONER)

    def seconds_to_next(self) -> float:
        """Until the next duty; a signal that came while we worked is heard at once, since it knocked too."""
        return min(POLL, *(duty.next_at - time.monotonic() for duty in self.duties))

    def asked_to_end(self, number: int, frame: object) -> None:
        """Nothing here may take a lock, which the interrupted code may hold: the news is a plain number."""
        self.signals += 1
        if self.signals > 1:
            sys.exit(1)  # asked twice: a call in flight is left unknown, and looked for by others

    def end(self) -> None:
        stopping.set()
        self.bell.set()
        for runner in self.runners:
            ending.wait_for(runner.thread)
        try:
            ending.give_back()
            sweep.farewell(self.name)
        except AWAY:
            log.warning("The database is away; our heartbeat will be pruned.")
        connection.close()
        signal.set_wakeup_fd(-1)
        self.knock.close()
        self.ears.close()
        log.info("Worker %s has ended.", self.name)


class Duty:
    """Something to be done every so many seconds."""

    def __init__(self, seconds: float, do: Callable[[], object]) -> None:
        self.seconds = seconds
        self.do = do
        self.next_at = 0.0

    def do_if_due(self) -> None:
        if time.monotonic() >= self.next_at:
            self.do()
            self.next_at = time.monotonic() + self.seconds
