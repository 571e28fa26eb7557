"""From a clean clone, with an interpreter that has nothing: the demo starts, walks the main job once, and stops."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def bare_python() -> str:
    """The interpreter behind the virtual environment."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return str(Path(sys.base_prefix) / "bin" / name)


@pytest.mark.clean_clone
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository: this is an export of it")
def test_the_demo_walks_the_main_job_from_a_clean_clone(tmp_path):
    clone = tmp_path / "clone"
    git = shutil.which("git") or "git"
    subprocess.run([git, "clone", "--quiet", str(ROOT), str(clone)], check=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYER_", "DJANGO_", "PYTEST"))}
    for name in ("DATABASE_URL", "SECRET_KEY", "VIRTUAL_ENV", "PYTHONPATH"):
        env.pop(name, None)
    ports = ["--port", str(free_port()), "--sandbox-port", str(free_port())]
    command = [bare_python(), "manage.py", "demo", "--check", *ports, "--data", str(tmp_path / "data")]
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Ready: http://127.0.0.1:" in done.stdout
