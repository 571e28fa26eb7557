"""The demo's stage: one folder for one demo, two free ports, everything started and ready."""

import fcntl
import http.client
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deployer.rehearsal.place import ROOT
from deployer.rehearsal.processes import Troupe

LOOPBACK = "127.0.0.1"


class Cannot(Exception):
    """Why the demo cannot start, in one sentence."""


@dataclass(frozen=True)
class Stage:
    """What this start of the demo uses."""

    folder: Path
    port: int
    sandbox_port: int
    workers: int

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/"

    @property
    def sandbox(self) -> str:
        return f"http://{LOOPBACK}:{self.sandbox_port}"


def taken(folder: Path) -> IO[str]:
    """The folder for ourselves, as long as the file returned stays open. Raises Cannot."""
    file = (folder / "demo.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise Cannot(f"Another demo runs on {folder}. Stop it, or choose another --data.") from None
    return file


def check_ports(stage: Stage) -> None:
    """Raise Cannot when a port is no port, or in use."""
    for option, port in (("--port", stage.port), ("--sandbox-port", stage.sandbox_port)):
        if not 1 <= port <= 65535:
            raise Cannot(f"{option} {port} is no port. Choose one from 1024 to 65535.")
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((LOOPBACK, port))
            except OSError as error:
                why = "in use" if not isinstance(error, PermissionError) else "not ours to use"
                raise Cannot(f"Port {port} is {why}. Choose another one with {option}.") from None
    if stage.port == stage.sandbox_port:
        raise Cannot(f"Pages and sandbox cannot share port {stage.port}. Choose another --sandbox-port.")


def enter(troupe: Troupe, stage: Stage) -> None:
    """Start everybody: who answers before who asks."""
    manage = str(ROOT / "manage.py")
    data = str(stage.folder / "sandbox.json")
    troupe.start("sandbox", [manage, "sandbox", "--port", str(stage.sandbox_port), "--data", data], patience=5)
    for _ in range(stage.workers):
        troupe.start("worker", [manage, "worker"], patience=20)
    troupe.start("web server", gunicorn(stage), patience=10)


def gunicorn(stage: Stage) -> list[str]:
    """One process with threads: it starts fast, and SQLite has one writer anyway."""
    return [
        "-m", "gunicorn", "deployer.wsgi:application", "--bind", f"{LOOPBACK}:{stage.port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", "8", "--timeout", "60",
        "--graceful-timeout", "5", "--keep-alive", "5", "--log-level", "warning", "--no-control-socket",
        "--umask", "63",
    ]  # fmt: skip


def wait_until_ready(troupe: Troupe, stage: Stage, *, seconds: float = 60.0) -> None:
    """Until pages and sandbox answer. Raises Died or Cannot."""
    ends_at = time.monotonic() + seconds
    waiting = [(stage.port, "/readyz"), (stage.sandbox_port, "/v3")]
    while waiting:
        troupe.must_live()
        waiting = [place for place in waiting if not answers(*place)]
        if time.monotonic() > ends_at:
            raise Cannot(f"The pages did not get ready in {seconds:.0f} s. What was printed above may say why.")
        if waiting:
            time.sleep(0.05)


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status in (200, 300)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
