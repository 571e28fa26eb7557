"""The files of deploy/ as far as they can be judged without the machines they are for: what they name exists."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OTHERS = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PATH"}


def text(*parts: str) -> str:
    return DEPLOY.joinpath(*parts).read_text()


def known_settings() -> set[str]:
    """Every name of the environment that the settings ask for."""
    asked = r'(?:flag|words|seconds|choice|environ\.get|db_url|email_url)\(\s*"([A-Z_]+)"'
    return set(re.findall(asked, (ROOT / "deployer" / "settings.py").read_text()))


def files() -> list[Path]:
    return [path for path in DEPLOY.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_commands_that_are_named_exist(path):
    named = re.findall(r"python\"?,? \"?manage\.py\"?,? \"?([a-z_]+)", path.read_text())
    assert set(named) <= set(get_commands())


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_no_file_names_an_index_or_a_secret(path):
    assert not re.search(r"index-url|pypi|trusted-host", path.read_text())
    for key in re.findall(
        r"^(?:SECRET_KEY|DEPLOYER_ENCRYPTION_KEYS|DEPLOYER_METRICS_TOKEN)=(.*)$", path.read_text(), re.M
    ):
        assert key == ""


def test_settings_that_are_named_exist():
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", text("deployer.env.example"), re.M))
    named |= set(re.findall(r"\b(DEPLOYER_[A-Z_]+)\b", text("compose.yaml") + text("Dockerfile")))
    named |= {name for unit in UNITS for name in re.findall(r"^Environment=([A-Z_]+)=", unit.read_text(), re.M)}
    assert {"DATABASE_URL", "SECRET_KEY", "DEPLOYER_ENCRYPTION_KEYS", "ALLOWED_HOSTS"} <= named
    assert named - OTHERS - known_settings() == set()


def test_the_image_runs_as_nobody_special_from_locked_files():
    lines = text("Dockerfile").splitlines()
    assert any("pip install" in line and "--require-hashes -r requirements.txt" in line for line in lines)
    user = next(place for place, line in enumerate(lines) if line == "USER deployer")
    assert all(not line.startswith("RUN") for line in lines[user:])
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line]
    for name in (name for names in copied for name in names):
        assert (ROOT / name).exists(), name
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert ignored[ignored.index("*") + 1 :][0].startswith("!")  # nothing comes along that is not named
    assert {name for names in copied for name in names} <= {line.removeprefix("!") for line in ignored}


def test_compose_waits_for_the_database_and_its_tables():
    """Read as text: no library for YAML is among the requirements."""
    compose = text("compose.yaml")
    assert "\t" not in compose
    services = dict(re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", compose.split("\nservices:\n")[1], re.M))
    assert set(services) >= {"db", "migrate", "web", "worker"}
    assert "condition: service_healthy" in services["migrate"]
    for name in ("web", "worker"):
        assert "condition: service_completed_successfully" in services[name]
        assert "<<: *deployer" in services[name]
    assert "healthcheck" in services["db"]
    assert "healthcheck" in services["web"]
    assert "replicas: 2" in services["worker"]
    volumes = re.findall(r"^  (\w+):$", compose.split("\nvolumes:\n")[1], re.M)
    used = re.findall(r"- (\w+):/", compose)
    assert set(used) == set(volumes)


@pytest.mark.skipif(shutil.which("docker") is None, reason="There is no docker here.")
def test_docker_reads_the_compose_file(tmp_path):
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("This docker knows no compose.")
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    (tmp_path / "deploy" / "deployer.env").write_text("POSTGRES_PASSWORD=x\n")
    done = subprocess.run(
        ["docker", "compose", "-f", "deploy/compose.yaml", "--env-file", "deploy/deployer.env", "config", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_shut_in(unit):
    lines = unit.read_text().splitlines()
    for line in ("User=deployer", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
                 "CapabilityBoundingSet=", "EnvironmentFile=/etc/deployer/deployer.env", "UMask=0077"):  # fmt: skip
        assert line in lines
    assert [line for line in lines if line.startswith("ExecStart=/opt/deployer/.venv/bin/")]


@pytest.fixture
def placed(tmp_path):
    """Units whose programs and folders are those of this machine, so that they can be verified here."""

    def place(unit: Path) -> Path:
        there = tmp_path / unit.name.replace("@.", "@1.")
        words = unit.read_text().replace("/opt/deployer/.venv/bin", str(Path(sys.executable).parent))
        there.write_text(words.replace("/opt/deployer", str(ROOT)).replace("User=deployer", "User=daemon"))
        return there

    return place


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd-analyze here.")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_the_units_and_finds_them_shut(unit, placed):
    there = placed(unit)
    done = subprocess.run(["systemd-analyze", "verify", there], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if unit.name.partition(".")[0].rstrip("@") in line]
    assert complaints == []
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", there]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_web_server_is_set_up_with_what_it_knows():
    from gunicorn.config import Config

    tree = ast.parse(text("gunicorn.conf.py"))
    named = {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets}
    assert {name for name in named if not name.startswith("_")} <= set(Config().settings)


def test_the_manual_names_every_setting_every_figure_and_only_commands_that_exist():
    manual = (ROOT / "docs" / "operate.md").read_text()
    assert {name for name in known_settings() if f"`{name}`" not in manual} == set()
    figures = set(re.findall(r'"(deployer_[a-z_]+)"', (ROOT / "deployer" / "web" / "gauges.py").read_text()))
    assert {name for name in figures if f"`{name}" not in manual} == set()
    assert set(re.findall(r"manage\.py ([a-z_]+)", manual)) <= set(get_commands())
    for link in re.findall(r"\]\((\.\./[^)]+)\)", manual):
        assert (ROOT / "docs" / link).exists(), link
