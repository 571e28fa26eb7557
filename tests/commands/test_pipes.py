"""A reader that has seen enough ends a command without a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_closed_pipe_is_no_news(tmp_path):
    env = {**os.environ, "DEPLOYER_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/past.sqlite3"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "manage.py"]
    subprocess.run([*command, "seed_history", "--deployments", "600"], cwd=ROOT, env=env, check=True)
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [*command, "submissions", "--json"], cwd=ROOT, env=env, stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    os.close(reading)  # gone before the first line
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert process.returncode == 0
