"""The database goes away while a worker works: it waits, and goes on by itself when the database is back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployer.rehearsal import postgres
from tests.worker.processes import ROOT, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL: apt-get install postgresql"),
]


def control(url: str, *words: str) -> None:
    folder = Path(url.removeprefix("postgres://deployer@/")).parent
    home = postgres.programs()
    user = "nobody" if os.geteuid() == 0 else None
    options = f"{postgres.HASTY} -k {folder}"
    command = [home / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", *words]
    command += ["-o", options] if words[0] == "start" else []
    subprocess.run([str(word) for word in command], user=user, cwd=folder, capture_output=True, check=True)


def run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_a_worker_outlives_its_database(tmp_path, sandbox):
    with postgres.server() as url:
        env = os.environ | {"DATABASE_URL": url, "DEPLOYER_VAR": str(tmp_path), "DEPLOYER_TARGET_SECRET": "demo"}
        env["DJANGO_SETTINGS_MODULE"] = "deployer.settings"
        places = ["--endpoint", sandbox.url, "--iam-endpoint", sandbox.url, "--username", "demo", "--domain", "demo"]
        made = run(env, "target", "dev", *places, "--project-id", "5a0d80b5c0de4c0fa11ab1e5eed00001")
        assert made.returncode == 0, made.stderr
        command = [sys.executable, "manage.py", "worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
        try:
            submit_and_wait(env)
            control(url, "stop", "-m", "immediate")
            with pytest.raises(subprocess.TimeoutExpired):
                worker.wait(3)
            control(url, "start")
            submit_and_wait(env)
            worker.terminate()
            assert worker.wait(20) == 0
        finally:
            worker.kill()
            _, said = worker.communicate()
    assert "The database is away" in said
    assert "Traceback" not in said


def submit_and_wait(env: dict[str, str]) -> None:
    done = run(env, "rehearse", "--deployments", "2", "--target", "dev")
    assert done.returncode == 0, done.stderr
    wait_for(lambda: all('"accepted"' in line for line in run(env, "submissions", "--json").stdout.splitlines()), 30)
