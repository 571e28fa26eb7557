"""The sandbox's state on disk: one JSON file, replaced as a whole."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

MARK = "deployer-sandbox-1"


class BadData(ValueError):
    """The data file is not one of ours, was cut short, or cannot be written."""


class Keeper:
    """Writes the state when it has changed, at most once for all changes that wait.

    A change is on disk before its answer leaves, as with the real cloud: whoever was told
    "created" finds the service after a crash. Threads that wait for the file share one write.
    """

    def __init__(self, path: str | Path | None) -> None:
        self.path = Path(path) if path else None
        self._writing = threading.Lock()
        self._changes = 0
        self._written = 0

    def read(self) -> dict[str, Any] | None:
        """The kept state, or None when there is no file yet; raises BadData for anything else."""
        if self.path is None or not self.path.exists():
            return None
        try:
            state = json.loads(self.path.read_text(encoding="utf-8"))
        except (ValueError, OSError, RecursionError) as error:
            raise BadData(f"{self.path} cannot be read as the sandbox's state: {error}. {self._advice}") from error
        if not isinstance(state, dict) or state.get("kind") != MARK:
            raise BadData(f"{self.path} is not a state file of the sandbox. {self._advice}")
        return state

    @property
    def _advice(self) -> str:
        return "Move it away to start as new, or name another file."

    def changed(self) -> None:
        """Note a change; call it while holding the cloud's lock."""
        self._changes += 1

    def write(self, snapshot: Callable[[], str]) -> None:
        """Bring the file up to date; `snapshot` takes the cloud's lock itself."""
        if self.path is None:
            return
        wanted = self._changes
        with self._writing:
            if self._written >= wanted:
                return
            covers = self._changes
            self._replace(self.path, snapshot())
            self._written = covers

    def _replace(self, path: Path, text: str) -> None:
        """The file whole or not at all, also when the process is killed."""
        fresh = path.with_name(path.name + ".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)
        except OSError as error:
            raise BadData(f"{path} cannot be written: {error}. Name another file.") from error
