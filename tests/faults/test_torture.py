"""Random kills: a few rounds in each run of the tests, on the database they run on."""

import os
import re
import subprocess
import sys

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
