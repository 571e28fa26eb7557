"""The benchmark runs, in a database of its own, and prints ratios."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def bench(tmp_path, *names: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/real.sqlite3", "DEPLOYER_PLAIN_HTTP": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "manage.py", "bench", *names], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.mark.slow
def test_it_prints_ratios_and_little_else(tmp_path):
    done = bench(tmp_path, "pickers")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^  answer: [\d,]+ bytes at most, [1-8] queries$", done.stdout, re.MULTILINE)
    assert re.search(r"^  ratio: \d+\.\d$", done.stdout, re.MULTILINE)
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.slow
def test_sending_is_measured_with_each_request_sent_once(tmp_path):
    few = "import django; django.setup(); from deployer.rehearsal.bench import sending; sending.WARM = 1; "
    few += "print(sending.here(print, ((2, 4),)))"
    environment = {**os.environ, "DEPLOYER_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/real.sqlite3"}
    environment |= {"DEPLOYER_PLAIN_HTTP": "1", "DEPLOYER_ALLOW_LOCAL_TARGETS": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "deployer.settings"}
    done = subprocess.run([sys.executable, "-c", few], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^  2 at once: +\d+\.\d a second of 40: 0\.\d\d ", done.stdout, re.MULTILINE)


def test_an_unknown_name_is_told(tmp_path):
    done = bench(tmp_path, "nonsense")
    assert done.returncode == 2
    assert "there is no benchmark nonsense; there is pickers, sending" in done.stderr
