"""SQLite whose write transactions queue at a file beside the database, threads and processes alike.

Only courtesy: the lock that counts is still SQLite's own, which BEGIN IMMEDIATE takes. Who does not get its turn in
time goes on without it and is told by SQLite what is the matter. The kernel takes the turn back from whoever dies.
"""

import fcntl
import os
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")
MOST = 3.0  # seconds for courtesy
IN_VAIN = 0.02  # the same after it was in vain: a process that stands still in its turn must not slow every write down
SHORTEST, LONGEST = 0.0005, 0.004  # seconds between two tries: all wait alike, so that nobody starves


class Fair:
    """A lock among the threads of this process that goes to whoever has waited longest."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: deque[threading.Lock] = deque()
        self.is_taken = False

    def take(self, seconds: float) -> bool:
        gate = threading.Lock()
        with self.lock:
            if not self.is_taken:
                self.is_taken = True
                return True
            gate.acquire()
            self.waiting.append(gate)
        if gate.acquire(timeout=seconds):
            return True
        with self.lock:
            if gate not in self.waiting:
                return True  # it was given to us in this very moment
            self.waiting.remove(gate)
        return False

    def give(self) -> None:
        with self.lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self.is_taken = False


_among_threads: dict[Path, Fair] = defaultdict(Fair)
os.register_at_fork(after_in_child=_among_threads.clear)


class Turn:
    """One connection's place in the queue for one database file: first among our threads, then among processes."""

    handle, is_first, is_ours = -1, False, False

    def __init__(self, path: Path) -> None:
        self.threads = _among_threads[path]
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    patience = MOST  # of all connections of this process

    def take(self) -> None:
        """Wait for it, not for ever; `is_ours` says whether it came."""
        if self.is_ours:
            return
        ends_at, pause = time.monotonic() + Turn.patience, SHORTEST
        self.is_first = self.threads.take(Turn.patience)
        while not self.got_it():
            if time.monotonic() > ends_at:
                Turn.patience = IN_VAIN
                return
            time.sleep(pause * (0.5 + random.random()))  # noqa: S311 - guards nothing
            pause = min(LONGEST, pause * 1.5)

    def got_it(self) -> bool:
        """Whether there is nothing more to wait for."""
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks
        self.is_ours, Turn.patience = True, MOST
        return True

    def give(self) -> None:
        if self.is_ours:
            self.is_ours = False
            fcntl.flock(self.handle, fcntl.LOCK_UN)
        if self.is_first:
            self.is_first = False
            self.threads.give()

    def __del__(self) -> None:
        self.give()  # a thread ended in the midst of a transaction
        if self.handle >= 0:
            os.close(self.handle)


class Cursor(base.SQLiteCursorWrapper):
    """A single statement that writes is a transaction too."""

    wrapper: "DatabaseWrapper"

    def execute(self, query: Any, params: Any = None) -> Any:
        if self.connection.in_transaction or not str(query).lstrip()[:6].upper().startswith(WRITES):
            return super().execute(query, params)
        with self.wrapper.having_our_turn():
            return super().execute(query, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with a turn for each write transaction."""

    turn: Turn | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    @contextmanager
    def having_our_turn(self) -> Iterator[None]:
        self.take_turn()
        try:
            yield
        finally:
            self.give_turn()

    def take_turn(self) -> None:
        turn = self.my_turn()
        if turn:
            turn.take()

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.give_turn()
            raise

    def my_turn(self) -> Turn | None:
        if self.turn is None and not self.is_in_memory_db():
            try:
                self.turn = Turn(Path(f"{self.settings_dict['NAME']}-turn"))
            except OSError:
                return None  # a folder that cannot be written: SQLite will say so
        return self.turn

    def give_turn(self) -> None:
        if self.turn:
            self.turn.give()

    def _commit(self) -> Any:
        found = super()._commit()
        self.give_turn()
        return found

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self.give_turn()

    def _close(self) -> Any:
        try:
            return super()._close()
        finally:
            self.give_turn()
