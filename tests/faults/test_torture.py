"""Random kills: a few rounds in each run of the tests, on the database they run on."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployer.rehearsal import postgres
from tests.worker.processes import ROOT

ROUNDS = 5


def test_a_few_rounds_of_random_kills_break_no_promise(tmp_path, note):
    """DATABASE_URL stays as it is: the command makes a database of its own beside it."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "deployer.settings", "DEPLOYER_VAR": str(tmp_path)}
    command = [sys.executable, "manage.py", "torture", "--rounds", str(ROUNDS), "--workers", "4"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = re.search(r"rounds (\d+), kills (\d+), jobs (\d+)", done.stdout)
    assert figures
    assert int(figures[1]) == ROUNDS
    note(f"random kills: {done.stdout.strip().splitlines()[-1]}")


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A server's socket in it has a path that is short enough."""
    folder = Path(tempfile.mkdtemp(prefix="dt"))
    folder.chmod(0o755)  # the server may belong to somebody else
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc, which only Linux has")
def test_ended_by_sigterm_it_leaves_neither_a_server_nor_a_worker_nor_a_file(short_folder, tmp_path):
    env = os.environ | {"DEPLOYER_VAR": str(tmp_path), "TMPDIR": str(short_folder), "PYTHONUNBUFFERED": "1"}
    env["DJANGO_SETTINGS_MODULE"] = "deployer.settings"
    words = ["torture", "--rounds", "100", *(["--postgres"] if postgres.programs() else [])]
    command = [sys.executable, "manage.py", *words]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("seed ")
        time.sleep(3.0)
        assert running_in(short_folder)
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 128 + signal.SIGTERM
    assert not running_in(short_folder)
    assert not list(short_folder.iterdir())


def running_in(folder: Path) -> list[str]:
    """Processes that know this folder: as a place to work, for their own files, or by their command."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            said = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in said:
            found.append(f"{place.name}: {said[:200]!r}")
    return found
