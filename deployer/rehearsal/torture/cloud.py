"""The sandbox of a torture, as a process of its own, and its doors."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from deployer.rehearsal.place import ROOT
from deployer.rehearsal.processes import dies_with_parent
from deployer.rehearsal.torture.judge import Deeds


class Doors:
    """What a running sandbox can be told and asked."""

    def __init__(self, url: str) -> None:
        self.url = url

    def door(self, name: str, body: Any = None) -> Any:
        """Read without a body, used with one."""
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self.url}/_sandbox/{name}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def deeds(self) -> Deeds:
        """Services first: what is made in between is then in the journal at least."""
        return Deeds(self.door("services"), self.door("journal"))


@contextlib.contextmanager
def sandbox(folder: Path) -> Iterator[Doors]:
    """One sandbox on a free port. Names may be taken twice there, so that a request that came twice shows."""
    command = [sys.executable, str(ROOT / "manage.py"), "sandbox", "--port", "0"]
    with (folder / "sandbox.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
            start_new_session=True, preexec_fn=dies_with_parent(),  # noqa: PLW1509 - nothing of ours is held then
        )  # fmt: skip
    try:
        assert process.stdout
        said = process.stdout.readline()  # "Sandbox: http://127.0.0.1:40123/"
        doors = Doors(said.partition(": ")[2].strip().rstrip("/"))
        doors.door("twins", {"on": True})
        yield doors
    finally:
        process.terminate()
        process.communicate()
