"""The processes of a torture: a sandbox, and workers that are killed and replaced."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from deployer.rehearsal.place import NOT_OURS, OURS, PROXIES, ROOT
from deployer.rehearsal.processes import dies_with_parent

YOUNG = 1.5  # seconds in which a worker is still getting up; killing it then again and again would stop the line


def database_url() -> str:
    """The database we stand in, as a child finds it."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    host = str(facts["HOST"])  # a folder where the server listens on a socket, or a name
    place = f"/{host}" if host.startswith("/") else host + (f":{facts['PORT']}" if facts["PORT"] else "")
    secret = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    return f"postgres://{facts['USER']}{secret}@{place}/{facts['NAME']}"


def environment(folder: Path) -> dict[str, str]:
    """Of the children: our database, a folder of their own, nothing else of ours."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    env = {name: value for name, value in env.items() if name.lower() not in PROXIES}
    return env | OURS | {
        "DATABASE_URL": database_url(),
        "DEPLOYER_VAR": str(folder),
        "DEPLOYER_ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        "DJANGO_SETTINGS_MODULE": "deployer.rehearsal.torture.settings",
    }  # fmt: skip


@dataclass
class Worker:
    process: subprocess.Popen
    began_at: float


class Hands:
    """So many workers at any time; each that is killed is replaced at once."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.env = environment(folder)
        self.kills = 0
        self.hired = 0
        self.workers = [self.hire() for _ in range(number)]

    def hire(self) -> Worker:
        self.hired += 1
        with (self.folder / f"worker-{self.hired:05}.log").open("wb") as log:
            return Worker(self.start("worker", output=log), time.monotonic())

    def start(self, *words: str, output) -> subprocess.Popen:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
            command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, preexec_fn=dies_with_parent(),  # noqa: PLW1509 - nothing of ours is held then
        )  # fmt: skip

    def kill_some(self, chance: random.Random) -> None:
        """Kill -9 one worker or more, whatever they are doing."""
        grown = [one for one in self.workers if time.monotonic() - one.began_at > YOUNG]
        for worker in chance.sample(grown, k=chance.randint(1, len(grown))) if grown else []:
            worker.process.kill()
            worker.process.wait()
            self.kills += 1
            self.workers[self.workers.index(worker)] = self.hire()

    def fallen(self) -> list[int]:
        """Exit statuses of workers that ended by themselves, which none should."""
        return [one.process.returncode for one in self.workers if one.process.poll() is not None]

    def go_home(self) -> None:
        for worker in self.workers:
            worker.process.send_signal(signal.SIGTERM)
        for worker in self.workers:
            try:
                worker.process.wait(20)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
