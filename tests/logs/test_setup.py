"""What a process says, seen from outside: every line is an object, also that of its end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BREAKS = """
import threading
from deployer import logs
import logging.config
logging.config.dictConfig(logs.configured({form!r}))
logs.always(worker="here:1")
logs.catch_all()
def broken():
    raise RuntimeError("password=hunter2-planted")
thread = threading.Thread(target=broken)
thread.start()
thread.join()
broken()
"""


def said(code: str, **env: str) -> str:
    base = {name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYER_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**base, **env}, capture_output=True, text=True, check=False
    )
    return done.stderr


def test_what_nobody_caught_is_a_record_too():
    first, second = [json.loads(line) for line in said(BREAKS.format(form="json")).splitlines()]
    assert (first["level"], first["exception"], first["worker"]) == ("critical", "RuntimeError", "here:1")
    assert second["exception"] == "RuntimeError"
    assert "hunter2" not in json.dumps([first, second])


def test_a_trace_for_people_tells_no_secret_either():
    assert "hunter2" not in said(BREAKS.format(form="text"))


SETTINGS = "import django; django.setup(); from django.conf import settings; import sys; print({0}, file=sys.stderr)"


@pytest.mark.parametrize(("env", "form"), [({}, "json"), ({"DEPLOYER_LOG_FORMAT": "text"}, "text")])
def test_without_a_terminal_it_is_json_unless_somebody_said_text(tmp_path, env, form):
    code = SETTINGS.format("settings.LOG_FORMAT")
    env = {"DEPLOYER_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "deployer.settings", **env}
    assert said(code, **env).strip() == form
