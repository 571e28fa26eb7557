"""`manage.py sandbox` as a program: one line, a clean end, one sentence when the port is taken."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]


def begin(*arguments):
    command = [sys.executable, "manage.py", "sandbox", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_when_told(tmp_path, number):
    process = begin("--port", "0", "--data", str(tmp_path / "cloud.json"), "--speed", "50")
    try:
        line = process.stdout.readline().strip()
        assert line.startswith("Sandbox: http://127.0.0.1:")
        with requests.Session() as session:
            session.trust_env = False
            url = line.partition(" ")[2]
            assert session.get(f"{url}v3", timeout=5).status_code == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "", "")


def test_a_port_in_use_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = begin("--port", str(port))
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert str(port) in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [["--speed", "0"], ["--port", "70000"], ["--port", "x"]])
def test_senseless_arguments_are_refused_in_words(arguments):
    process = begin(*arguments)
    out, err = process.communicate(timeout=20)
    assert process.returncode != 0
    assert "Traceback" not in err


def test_a_broken_data_file_is_one_sentence(tmp_path):
    path = tmp_path / "cloud.json"
    path.write_text("{")
    process = begin("--port", "0", "--data", str(path))
    out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Move it away" in err
    assert "Traceback" not in err
