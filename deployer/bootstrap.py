"""Bring `.venv` up to the lock file and run there. Standard library only: nothing is installed yet.

`venv --without-pip` and the outer pip work where a plain `pip install` is forbidden (PEP 668)
and where ensurepip is missing. A stamp holds the hash of the lock, a file lock lets two first runs
wait for each other. Inside a virtual environment, or with DEPLOYER_SYSTEM_PYTHON set, nothing is done.
"""

from __future__ import annotations  # so that an older Python gets as far as the sentence below

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"


def bring_up(arguments: list[str]) -> None:
    """Return inside an interpreter that has every requirement, or leave with one sentence."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what says so
        sys.exit(f"Deployer needs Python 3.11 or newer. This is {sys.version.split()[0]}.")
    if sys.prefix != sys.base_prefix or os.environ.get("DEPLOYER_SYSTEM_PYTHON"):
        say_what_is_missing()
        return
    testing = arguments[1:2] == ["test"]
    lock = ROOT / ("requirements-dev.txt" if testing else "requirements.txt")
    python = HOME / "bin" / "python"
    with alone():
        if not up_to_date(lock):
            install(lock, python)
    os.execv(python, [str(python), *arguments])  # noqa: S606 - our own interpreter, our own arguments


def say_what_is_missing() -> None:
    try:
        import django  # noqa: F401 - only asked whether it is there
        import django_tasks_db  # noqa: F401 - the same
    except ImportError as error:
        sys.exit(f"{error.name} is missing in this Python: pip install --require-hashes -r requirements-dev.txt")


def up_to_date(lock: Path) -> bool:
    """The larger lock contains the smaller one, so either stamp will do for a plain run."""
    stamp = HOME / "lock.sha256"
    known = stamp.read_text().split() if stamp.exists() else []
    return digest(lock) in known


def install(lock: Path, python: Path) -> None:
    print(f"Setting up .venv from {lock.name} (once) …", file=sys.stderr, flush=True)  # noqa: T201 - for who waits
    steps = [
        [sys.executable, "-m", "venv", "--without-pip", str(HOME)],
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check"]
        + ["--require-hashes", "-r", str(lock)],
    ]
    for step in steps:
        if subprocess.run(step, stdout=sys.stderr, check=False).returncode:  # noqa: S603 - fixed commands
            sys.exit(f"Setting up .venv failed at: {' '.join(step[1:4])}. Is there a network, and pip for this Python?")
    covered = [lock] if lock.name == "requirements.txt" else [lock, ROOT / "requirements.txt"]
    (HOME / "lock.sha256").write_text("\n".join(map(digest, covered)))


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


@contextlib.contextmanager
def alone():
    """Two first runs at once: the second one waits for the first."""
    with (ROOT / ".venv.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
