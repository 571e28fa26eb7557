"""Workers as real processes, on the database of the tests."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The test database, as a child finds it."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    host = str(facts["HOST"])  # a folder where the server listens on a socket
    place = f"/{host}" if host.startswith("/") else host + (f":{facts['PORT']}" if facts["PORT"] else "")
    return f"postgres://{facts['USER']}@{place}/{facts['NAME']}"


@contextlib.contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen]:
    """One worker; killed at the end if it has not ended."""
    env = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "deployer.settings"}
    command = [sys.executable, str(ROOT / "manage.py"), "worker", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(claim: Callable[[], object], seconds: float = 90.0) -> None:
    """Until it is so, or fail. A busy machine may take its time; who waits for what comes true waits no longer."""
    ends_at = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < ends_at, "it did not come true in time"
        time.sleep(0.05)
