"""A wrong setting is a system check with an id and a hint, never a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployer import checks

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("setting", "value", "part", "id"),
    [
        ("SECRET_KEY", "short", checks.secret_key, "deployer.E003"),
        ("SECRET_KEY", "a" * 64, checks.secret_key, "deployer.E003"),
        ("ENCRYPTION_KEYS", ["not a key"], checks.encryption_keys, "deployer.E004"),
        ("CSRF_TRUSTED_ORIGINS", ["deployer.example.com"], checks.addresses, "deployer.E005"),
        ("ALLOWED_HOSTS", ["https://deployer.example.com/"], checks.addresses, "deployer.E006"),
        ("ALLOWED_HOSTS", ["*"], checks.addresses, "deployer.W002"),
        ("ALLOWED_CLOUD_HOSTS", ["https://iam.example.com"], checks.cloud_hosts, "deployer.E009"),
        ("ALLOWED_CLOUD_HOSTS", ["iam.example.com:443"], checks.cloud_hosts, "deployer.E009"),
        ("ALLOWED_CLOUD_HOSTS", ["*"], checks.cloud_hosts, "deployer.E009"),
        ("ALLOWED_CLOUD_HOSTS", ["iam.*.example.com"], checks.cloud_hosts, "deployer.E009"),
        ("METRICS_TOKEN", "guess", checks.metrics, "deployer.E008"),
    ],
)
def test_a_senseless_value_is_named_with_a_hint(settings, setting, value, part, id):
    setattr(settings, setting, value)
    found = list(part())
    assert [message.id for message in found] == [id]
    assert found[0].hint


@pytest.mark.parametrize("host", ["iam.example.com", "*.otc.t-systems.com", "localhost", "127.0.0.1", "::1"])
def test_hosts_of_clouds_are_names_or_all_names_below_one(settings, host):
    settings.ALLOWED_CLOUD_HOSTS = [host]
    assert list(checks.cloud_hosts()) == []


def test_a_key_that_cannot_be_read_is_told_by_its_place_and_never_quoted(settings):
    settings.ENCRYPTION_KEYS = [settings.ENCRYPTION_KEYS[0], "hush-hush-not-a-key"]
    (message,) = checks.encryption_keys()
    assert "Key 2" in message.msg
    assert "hush" not in message.msg + (message.hint or "")


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("DATABASE_URL", "mysql://somebody@127.0.0.1/deployer", "deployer.E001"),
        ("DATABASE_URL", "nonsense", "deployer.E001"),
        ("EMAIL_URL", "pigeon://coop", "deployer.E001"),
        ("DEBUG", "perhaps", "deployer.E001"),
        ("DEPLOYER_PLAIN_HTTP", "maybe", "deployer.E001"),
        ("DEPLOYER_TIME_ZONE", "Mars/Olympus", "deployer.E001"),
        ("DEPLOYER_MODELS_FRESH", "often", "deployer.E001"),
        ("DEPLOYER_POOLS_FRESH", "0", "deployer.E001"),
        ("DEPLOYER_LOG_FORMAT", "xml", "deployer.E001"),
        ("DEPLOYER_LOG_LEVEL", "loud", "deployer.E001"),
        ("DEPLOYER_ACCESS_LOG", "perhaps", "deployer.E001"),
    ],
)
def test_a_value_that_cannot_be_read_stops_no_command_with_a_trace(tmp_path, name, value, id):
    done = check(tmp_path, {name: value})
    assert done.returncode == 1
    assert id in done.stderr
    assert "HINT" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_any_setting_everything_makes_sense(tmp_path):
    done = check(tmp_path, {})
    assert done.returncode == 0, done.stderr


def check(folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    base = {name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYER_", "DJANGO_"))}
    for gone in ("DATABASE_URL", "SECRET_KEY", "DEBUG", "EMAIL_URL"):
        base.pop(gone, None)
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**base, "DEPLOYER_VAR": str(folder), **env},
        capture_output=True,
        text=True,
        check=False,
    )
