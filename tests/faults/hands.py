"""Real worker processes: started, killed, stopped in the middle, their clock and their disk taken away."""

import os
import resource
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.worker.processes import ROOT, database_url, wait_for

NO_LIMIT = resource.RLIM_INFINITY


@dataclass
class Hand:
    """One worker process. What it says goes to a file, by way of a pipe: its own disk may be full."""

    process: subprocess.Popen
    log: Path

    def __post_init__(self) -> None:
        self.log.touch()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        with self.log.open("wb") as file:
            for line in self.process.stderr:
                file.write(line)
                file.flush()

    @property
    def says(self) -> str:
        return self.log.read_text(errors="replace")

    def is_at_work(self) -> bool:
        return "is at work" in self.says

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def disk_is_full(self, is_full: bool) -> None:
        """From now on no file of this process grows beyond its first byte, or all may again."""
        _, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (1 if is_full else NO_LIMIT, hard))

    def end(self, patience: float = 20.0) -> int:
        """Ask it to end, as systemd does; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.kill()
        self.reader.join(5)
        self.process.stderr.close()
        return self.process.returncode


class Crew:
    """The workers of one database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hands: list[Hand] = []

    def hire(self, *, threads: int = 8, wait: bool = True, **world: object) -> Hand:
        """Start one and wait until it works. `world`: `clock` (launch.py), `lock` (settings.py)."""
        env = os.environ | {
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DEPLOYER_VAR": str(self.folder),
            "DEPLOYER_ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
            "FAULTS_NAMES": str(self.folder),
        }
        env |= {f"FAULTS_{name.upper()}": str(value) for name, value in world.items()}
        command = [sys.executable, "-m", "tests.faults.launch", "--threads", str(threads)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE)
        hand = Hand(process, self.folder / f"worker-{len(self.hands)}.log")
        self.hands.append(hand)
        if wait:
            wait_for(hand.is_at_work, 60)
        return hand

    def go_home(self) -> None:
        for hand in self.hands:
            if hand.process.poll() is None:
                hand.process.send_signal(signal.SIGCONT)
                hand.process.terminate()
        for hand in self.hands:
            hand.end()
        self.hands.clear()
