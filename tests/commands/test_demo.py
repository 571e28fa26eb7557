"""The demo as a process: one line when it is ready, nothing left behind when it ends, however it ends."""

import contextlib
import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def command(data: Path, port: int, sandbox: int, *more: str) -> list[str]:
    ports = ["--port", str(port), "--sandbox-port", str(sandbox)]
    return [sys.executable, "manage.py", "demo", *ports, "--data", str(data), *more]


def environment() -> dict[str, str]:
    """Somebody's shell with settings of their own, none of which the demo may use."""
    strange = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
        "SECRET_KEY": "x",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYER_", "DJANGO_"))}
    return kept | strange


@contextlib.contextmanager
def running(data: Path, *more: str) -> Iterator[tuple[subprocess.Popen, int, int]]:
    """A demo that said it is ready; killed at the end if it still runs."""
    port, sandbox = free_port(), free_port()
    with (data.parent / f"{data.name}.log").open("a") as log:
        process = subprocess.Popen(
            command(data, port, sandbox, *more),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            ready, _, _ = select.select([process.stdout], [], [], SECONDS)
            assert ready, "the demo did not get ready"
            assert process.stdout.readline() == f"Ready: http://127.0.0.1:{port}/\n"
            yield process, port, sandbox
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=10)


def is_free(port: int, seconds: float = 15.0) -> bool:
    """Whether nobody listens there any more, soon."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) != 0:
                return True
        time.sleep(0.1)
    return False


def children(process: subprocess.Popen) -> dict[str, int]:
    """The demo's children by what they do."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout
    found = {}
    for line in listed.splitlines():
        pid, _, words = line.strip().partition(" ")
        for name in ("sandbox", "worker", "gunicorn"):
            if f" {name} " in f"{words} ":
                found.setdefault(name, int(pid))
    return found


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "demo"


def test_it_starts_stops_and_goes_on_with_its_data(data):
    with running(data) as (process, port, sandbox):
        assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
        assert requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stdout.read() == ""
        assert is_free(port)
        assert is_free(sandbox)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (data / "keys").iterdir()}
    assert modes == {"secret_key": 0o600, "encryption_key": 0o600}
    assert stat.S_IMODE((data / "deployer.sqlite3").stat().st_mode) == 0o600
    began = time.monotonic()
    with running(data) as (process, port, sandbox):
        assert time.monotonic() - began < 30
        facts = requests.get(f"http://127.0.0.1:{sandbox}/_sandbox/services", timeout=5).json()
        assert facts == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_it_walks_the_main_job(data):
    port, sandbox = free_port(), free_port()
    done = subprocess.run(
        command(data, port, sandbox, "--check"),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS * 2,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Ready: http://127.0.0.1:{port}/\n"
    assert is_free(port)


def test_a_killed_demo_leaves_no_orphans(data):
    with running(data, "--workers", "2") as (process, port, sandbox):
        process.kill()
        process.wait(5)
        assert is_free(port)
        assert is_free(sandbox)


@pytest.mark.parametrize("who", ["worker", "sandbox", "gunicorn"])
def test_who_dies_is_named_and_started_again_while_the_pages_stay(data, who):
    with running(data) as (process, port, sandbox):
        dead = children(process)[who]
        os.kill(dead, signal.SIGKILL)
        ends_at = time.monotonic() + SECONDS
        while children(process).get(who, dead) == dead or not all(map(answers, (port, sandbox))):
            assert time.monotonic() < ends_at
            assert process.poll() is None
            if who != "gunicorn":
                assert answers(port), "the pages went down with it"
            time.sleep(0.1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert "ended by itself (exit status -9). It is started again." in (data.parent / "demo.log").read_text()


def answers(port: int) -> bool:
    for name in ("healthz", "v3"):  # the pages know the one, the sandbox the other
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"http://127.0.0.1:{port}/{name}", timeout=5).status_code in (200, 300):
                return True
    return False


def refused(data: Path, port: int, sandbox: int) -> str:
    done = subprocess.run(
        command(data, port, sandbox),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.parametrize("which", ["pages", "sandbox"])
def test_a_port_in_use_is_one_clear_sentence(data, which):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken, free = listener.getsockname()[1], free_port()
        words = refused(data, *((taken, free) if which == "pages" else (free, taken)))
    assert f"Port {taken} is in use." in words
    assert len(words.strip().splitlines()) == 1


def test_two_demos_do_not_share_a_folder(data):
    with running(data):
        assert "Another demo runs on" in refused(data, free_port(), free_port())


def test_the_endpoints_of_its_targets_follow_the_ports(data):
    ports = []
    for _ in range(2):
        with running(data) as (process, _, sandbox):
            ports.append(sandbox)
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    env = {**os.environ, "DEPLOYER_VAR": str(data), "DJANGO_SETTINGS_MODULE": "deployer.settings"}
    env.pop("DATABASE_URL", None)
    ask = "import django; django.setup(); from deployer.models import Target; import json;"
    ask += "print(json.dumps({t.name: t.endpoint for t in Target.objects.all()}))"
    told = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == dict.fromkeys(("dev", "prod"), f"http://127.0.0.1:{ports[1]}")
