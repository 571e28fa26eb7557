"""Locks and set-up: what a fresh clone rests on."""

import re
from pathlib import Path

import pytest

from deployer import bootstrap, keys

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(i|f|-index-url|-extra-index-url|-find-links)\b", text, re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_has_a_version_and_a_hash(name):
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+", entry), entry
        assert "--hash=sha256:" in entry


def test_the_lock_for_tests_holds_the_one_for_running():
    pins = [set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS]
    assert pins[0] <= pins[1]


def test_every_dependency_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text().partition("[tool.")[0].splitlines()
    listed = [line for line in lines if re.match(r'\s+"[a-z][a-z0-9\[\],-]+(>=[^"]*)?",', line)]
    assert len(listed) > 20
    assert [line for line in listed if "#" not in line] == []


def test_a_stamp_of_another_lock_is_not_up_to_date(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.txt"
    lock.write_text("one==1\n")
    monkeypatch.setattr(bootstrap, "HOME", tmp_path)
    assert not bootstrap.up_to_date(lock)
    (tmp_path / "lock.sha256").write_text(bootstrap.digest(lock))
    assert bootstrap.up_to_date(lock)
    lock.write_text("one==2\n")
    assert not bootstrap.up_to_date(lock)


def test_a_kept_key_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "keys" / "secret_key"
    first = keys.kept(path, keys.new_secret)
    assert keys.kept(path, keys.new_secret) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret_key"]
