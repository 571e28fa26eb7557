"""How many requests a line sends a second when the cloud takes 50 ms to answer, with 1, 4 and 8 calls at once.

The ratio is to what so many calls could do at best. The database is as durable as in production; every request must
have gone out exactly once by the books of the cloud, else there is no figure.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max, Min

from deployer.models import Attempt, Heartbeat, Preflight, Submission, Target
from deployer.models.clock import DbNow
from deployer.rehearsal import postgres
from deployer.rehearsal.bench import ground
from deployer.rehearsal.drill import APPROVERS, AUTHOR, play, player
from deployer.rehearsal.place import ROOT
from deployer.rehearsal.processes import dies_with_parent, run_to_end
from deployer.rehearsal.torture import cloud
from deployer.rehearsal.torture.cloud import Doors
from deployer.rehearsal.torture.hands import environment
from deployer.worker import line, wakeups
from deployer.workflow import targets

ANSWER = 0.05  # seconds the cloud takes
PROCESSES = os.cpu_count() or 1  # at most; a process has several calls out at once
ROUNDS = ((1, 60), (4, 160), (8, 190))  # calls at once, requests: few enough for one list of the project
WARM = 16  # requests for each call at once that go first, elsewhere: each thread's statements are compiled and planned
PROJECTS = {"bench": "region-1", "bench-warm": "region-1_prod"}  # targets, and the sandbox's names for their projects
PATIENCE = 120.0
DURABLE = "-c listen_addresses= -c max_connections=60"  # a real server's own defaults: fsync and synchronous_commit on


def run(say: Callable[[str], None], *, rounds: tuple[tuple[int, int], ...] = ROUNDS) -> list[float]:
    """Measure on the database we are set up for, then, from SQLite, on a private PostgreSQL server if there is one."""
    found = here(say, rounds)
    if connection.vendor == "sqlite" and rounds is ROUNDS:
        on_postgres(say)
    return found


def here(say: Callable[[str], None], rounds: tuple[tuple[int, int], ...]) -> list[float]:
    say(f"sending: the cloud answers in {ANSWER * 1000:.0f} ms, {connection.vendor}, {os.cpu_count()} cores")
    ratios = []
    with tempfile.TemporaryDirectory() as name, ground.ground(), cloud.sandbox(Path(name)) as doors:
        measured, warm = (place(doors.url, *one) for one in enumerate(PROJECTS, start=1))
        cast = {who: player(who) for who in (AUTHOR, *APPROVERS)}
        for most, jobs in rounds:
            doors.door("reset", {})
            first = prepare(warm, cast, most, WARM * most)
            rows = prepare(measured, cast, most, jobs)
            doors.door("faults", slow(WARM * most + jobs))
            rate, busy = sent_in(Path(name), most, first, rows)
            must_be_sent_once(doors, [*first.values(), *rows.values()])
            ratios.append(rate / (most / ANSWER))
            say(
                f"  {most} at once: {rate:5.1f} a second of {most / ANSWER:.0f}: {ratios[-1]:.2f} "
                f"({busy * 1000:.1f} ms of a processor each)"
            )
    return ratios


def place(url: str, number: int, name: str) -> Target:
    kept = targets.save(
        name, endpoint=url, iam_endpoint=url, project_id=f"5a0d80b5c0de4c0fa11ab1e5eed0000{number}", region="region-1",
        project_name=PROJECTS[name], username="demo", domain_name="demo", secret="demo",  # noqa: S106 - the sandbox's
        approvals=1, most_calls=16,
    )  # fmt: skip
    return kept.target


def slow(jobs: int) -> dict[str, object]:
    return {"match": "POST /v1/*/services", "fault": "delayed", "times": jobs, "seconds": ANSWER}


def prepare(target: Target, cast: dict, most: int, jobs: int) -> dict[int, str]:
    """By the real verbs; nobody is there yet to send them. What else is due would only stand in the way. Keys and names
    of what is to be sent."""
    for number in range(jobs):
        play(target, f"{target.name}-{most}-{number:05}", cast, lambda pk, worker: False)
    Preflight.objects.filter(finished_at__isnull=True).delete()
    rows = Submission.objects.filter(outcome="waiting", target=target)
    rows.update(next_action_at=None, needs_person=True, reason="Not yet.")
    return dict(rows.values_list("pk", "service_name"))


def sent_in(folder: Path, most: int, first: Collection[int], measured: Collection[int]) -> tuple[float, float]:
    """How many a second, from the first attempt to the end of the last, once all workers are up and warm; what they ask
    of this target first is within. And how many seconds of a processor each took in the workers."""
    with workers(folder, most) as started:
        send(first)
        time.sleep(1.0)  # the last is written down, nothing is on its way
        before = busy_seconds(started)
        send(measured)
        busy = busy_seconds(started) - before
    tries = Attempt.objects.filter(submission__in=measured, kind="send")
    ends = tries.aggregate(first=Min("started_at"), last=Max("finished_at"))
    seconds = (ends["last"] - ends["first"]).total_seconds()
    return len(measured) / seconds, busy / len(measured)


def send(keys: Collection[int]) -> None:
    """Let these go, with a hint for each as if it were submitted just now, and wait for the last."""
    rows = Submission.objects.filter(pk__in=keys)
    wakeups.forget()
    with transaction.atomic():
        rows.update(next_action_at=DbNow(), needs_person=False, reason="")
        for _ in keys:
            line.hint()
    wait_until(lambda: not rows.exclude(outcome="accepted").exists())


def busy_seconds(processes: list[subprocess.Popen]) -> float:
    """What they have used of the processors; 0 where /proc does not tell."""
    ticks = 0
    for process in processes:
        with contextlib.suppress(OSError):
            facts = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(facts[11]) + int(facts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def workers(folder: Path, most: int) -> Iterator[list[subprocess.Popen]]:
    number = max(n for n in range(1, min(PROCESSES, most) + 1) if most % n == 0)
    env = environment(folder) | {"DJANGO_SETTINGS_MODULE": "deployer.settings"}
    command = [sys.executable, str(ROOT / "manage.py"), "worker", "--threads", str(most // number)]
    with (folder / f"workers-{most}.log").open("wb") as log:
        started = [
            subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=dies_with_parent(),  # noqa: PLW1509 - nothing of ours is held then
            )
            for _ in range(number)
        ]  # fmt: skip
    try:
        wait_until(lambda: Heartbeat.objects.count() == number)
        time.sleep(2.0)  # what they do first is done
        yield started
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(30)


def wait_until(claim: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE
    while not claim():
        if time.monotonic() > ends_at:
            raise RuntimeError("The line was not sent in time.")
        time.sleep(0.2)


def must_be_sent_once(doors: Doors, wanted: Collection[str]) -> None:
    """By the cloud's own books."""
    names = Counter(service["service_name"] for service in doors.deeds().services)
    wrong = [name for name in wanted if names[name] != 1]
    if wrong:
        raise RuntimeError(f"{len(wrong)} requests did not go out exactly once: {wrong[:3]}")


def on_postgres(say: Callable[[str], None]) -> None:
    """The same in a process of its own, on a server of its own."""
    if postgres.programs() is None:
        say("There is no PostgreSQL here: apt-get install postgresql")
        return
    with postgres.server(DURABLE) as url:
        command = [sys.executable, str(ROOT / "manage.py"), "bench", "sending"]
        env = os.environ | {"DATABASE_URL": url}
        done = run_to_end(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    say(done.stdout.rstrip() or done.stderr[-2000:])
