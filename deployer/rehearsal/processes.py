"""The demo's processes: started together, watched, and stopped in order, with no orphan left."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deployer.rehearsal.place import ROOT

PR_SET_PDEATHSIG = 1  # prctl(2)
SHORT = 2.0  # seconds: who ends so soon after its start may well do it again
MOST_SHORT_LIVES = 5
LAST_WORDS = 60.0  # seconds to take down what one has built


@dataclass
class Child:
    """One process, and how long it may take to finish what it does."""

    name: str
    command: list[str]
    process: subprocess.Popen
    patience: float
    began_at: float
    short_lives: int = 0


class Died(Exception):
    """A child ended by itself. The text says which."""


class Troupe:
    """All children, in the order in which they were started."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def start(self, name: str, command: list[str], *, patience: float) -> None:
        """Start one; what it prints goes to our standard error, since our standard output is a promise."""
        self.children.append(Child(name, command, spawned(command), patience, time.monotonic()))

    def must_live(self) -> None:
        """Raise Died when a child has ended."""
        for child in self.children:
            status = child.process.poll()
            if status is not None:
                raise Died(f"The {child.name} ended by itself (exit status {status}).")

    def keep_going(self) -> None:
        """Start again who has ended, as on a real site: a dead worker or cloud must not take the pages down.

        Raise Died for one that ends right after its start, five times running: waiting would not mend that.
        """
        for child in self.children:
            status = child.process.poll()
            if status is None:
                continue
            child.short_lives = child.short_lives + 1 if time.monotonic() - child.began_at < SHORT else 0
            if child.short_lives >= MOST_SHORT_LIVES:
                raise Died(f"The {child.name} ended by itself again and again (exit status {status}).")
            say(f"The {child.name} ended by itself (exit status {status}). It is started again.")
            child.process, child.began_at = spawned(child.command), time.monotonic()

    def stop(self) -> None:
        """The last started first: who asks is stopped before who answers."""
        for child in reversed(self.children):
            end(child)
        self.children.clear()


def spawned(command: list[str]) -> subprocess.Popen:
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
        [sys.executable, *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        start_new_session=True,  # Ctrl-C is for the parent; it stops the others in order
        preexec_fn=dies_with_parent(),  # noqa: PLW1509 - one thread, so nothing can be held here
    )


def end(child: Child) -> None:
    if child.process.poll() is not None:
        return
    child.process.send_signal(signal.SIGTERM)
    ends_at = time.monotonic() + child.patience
    while child.process.poll() is None and time.monotonic() < ends_at:
        time.sleep(0.02)
    if child.process.poll() is None:
        say(f"The {child.name} did not end in {child.patience:.0f} s and is stopped.")
        child.process.kill()
    child.process.wait()


def say(words: str) -> None:
    """News for whoever watches; standard output is for the Ready line alone."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Within, SIGTERM ends us as Ctrl-C does: what was built is taken down on the way out."""

    def asked(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough, and the way out is not to be cut short
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_to_end(command: list[str], **options: Any) -> subprocess.CompletedProcess:
    """As subprocess.run; but when we are ended meanwhile, the command gets the time to take down what it has built."""
    with subprocess.Popen(command, **options) as process:  # noqa: S603 - our own commands
        try:
            out, err = process.communicate()
        except BaseException:
            process.terminate()
            try:
                process.wait(LAST_WORDS)
            finally:
                process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def dies_with_parent() -> Callable[[], None] | None:
    """On Linux a child is told when we are gone, even by kill -9."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # gone already, before we could ask
            os._exit(1)

    return ask
