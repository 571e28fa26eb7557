"""Backup and restore, on both databases: there and back, and every way in which it is refused."""

import json
import stat
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deployer import keys
from deployer.archive import Cannot, manifest
from tests.archive.conftest import SECRET, SIGNING, rows_of

pytestmark = pytest.mark.slow

REFUSED = "append-only"


def test_there_and_back_with_guards_chain_and_keys(site):
    here = site("here")
    before = rows_of(here)
    file, kept = here.folder / "backup", here.folder / "keys"
    said = here.good("backup", str(file), "--keys", str(kept))
    assert f"{before['deployer_event']} events among them" in said
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert here.key in kept.read_text()

    there = site("there", empty=True)
    said = there.good("restore", str(file))
    assert "1 submission waits for a person" in said
    assert "See In flight." in said
    found = rows_of(there)
    assert found.pop("deployer_event") == before.pop("deployer_event") + 1  # that it waits for a person
    assert found == before
    assert "The chain holds" in there.good("verify_audit")
    waiting = "SELECT needs_person, reason FROM deployer_submission WHERE outcome = 'waiting'"
    ((waits, reason),) = there.asked(waiting)
    assert waits
    assert "may have been sent since" in reason
    with pytest.raises(Exception, match=REFUSED):
        there.asked("DELETE FROM deployer_event")
    assert there.good("rotate_keys").startswith("1 value lies")


def test_the_keys_and_who_is_signed_in_are_not_in_it(site):
    here = site()
    signed_in = "sign-in-of-ann-0123456789"
    here.asked(f"INSERT INTO django_session VALUES ('{signed_in}', 'x', '2030-01-01 00:00:00+00:00')")
    file = here.folder / "backup"
    said = here.good("backup", str(file))
    assert "The keys are not in it" in said
    with zipfile.ZipFile(file) as parts:
        inside = b"".join(parts.read(name) for name in parts.namelist())
    for secret in (here.key, SECRET, signed_in, SIGNING):
        assert secret.encode() not in inside


LATE = "UPDATE deployer_person SET username = 'late' WHERE username = 'ann'"


def test_what_is_not_empty_is_replaced_only_by_its_name(site):
    here = site("here")
    file = str(here.folder / "backup")
    here.good("backup", file)
    name = here.url.rpartition("/")[2]
    here.asked(LATE)
    assert "is not empty" in here.bad("restore", file)
    assert "is not empty" in here.bad("restore", file, "--replace", "something-else")
    assert "is not empty" in here.bad("restore", file, "--replace")  # asked, and nobody answers
    assert here.asked("SELECT count(*) FROM deployer_person WHERE username = 'late'") == [(1,)]
    here.good("restore", file, "--replace", name)
    assert here.asked("SELECT count(*) FROM deployer_person WHERE username = 'late'") == [(0,)]
    assert "The chain holds" in here.good("verify_audit")


def test_nothing_is_replaced_under_workers(site):
    here = site()
    file = str(here.folder / "backup")
    here.good("backup", file)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00:00" if "postgres" in here.url else "")
    here.asked(f"INSERT INTO deployer_heartbeat (worker, started_at, beat_at, port) VALUES ('w', '{now}', '{now}', 0)")
    assert "Workers are at work" in here.bad("restore", file, "--replace", here.url.rpartition("/")[2])


def rewritten(file, into, **facts) -> str:
    """The same backup with another manifest."""
    with zipfile.ZipFile(file) as parts, zipfile.ZipFile(into, "w") as made:
        made.writestr("manifest.json", json.dumps({**json.loads(parts.read("manifest.json")), **facts}))
        made.writestr("data", parts.read("data"))
    return str(into)


DAMAGED = {
    "does not have the checksum": {"sha256": "0" * 64},
    "not as long": {"bytes": 1},
    "another version of Deployer": {"format": 99},
    "damaged, or no backup": {"strange": 1},
}


@pytest.fixture(scope="module")
def backup(lived_in, tmp_path_factory):
    """A backup of SQLite."""
    file = tmp_path_factory.mktemp("backup") / "backup"
    lived_in.good("backup", str(file))
    return file


@pytest.mark.parametrize("words", DAMAGED)
def test_what_is_damaged_is_not_unpacked(backup, tmp_path, words):
    with pytest.raises(Cannot, match=words):
        manifest.unpack(Path(rewritten(backup, tmp_path / "b", **DAMAGED[words])), tmp_path)


def test_a_cut_backup_is_not_unpacked(backup, tmp_path):
    (tmp_path / "b").write_bytes(backup.read_bytes()[:-200])
    with pytest.raises(Cannot, match="damaged"):
        manifest.unpack(tmp_path / "b", tmp_path)


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("made by a newer version", lambda told: {"migrations": [*told["migrations"], "deployer.9999_to_come"]}),
        ("rows, and 1 were", lambda told: {"tables": {**told["tables"], "deployer_event": 1}}),
        ("does not end where", lambda told: {"head": "f" * 64}),
    ],
)
def test_what_does_not_fit_is_refused_and_everything_is_as_it_was(site, words, change):
    here = site()
    file = here.folder / "backup"
    here.good("backup", str(file))
    here.asked(LATE)
    with zipfile.ZipFile(file) as parts:
        facts = change(json.loads(parts.read("manifest.json")))
    said = here.bad("restore", rewritten(file, here.folder / "b", **facts), "--replace", here.url.rpartition("/")[2])
    assert words in said
    assert "Nothing was changed" in said
    assert here.asked("SELECT count(*) FROM deployer_person WHERE username = 'late'") == [(1,)]
    with pytest.raises(Exception, match=REFUSED):
        here.asked("DELETE FROM deployer_event")


def test_files_that_are_no_backup_are_named(on_sqlite):
    here = on_sqlite(empty=True)
    (here.folder / "text").write_text("hello")
    assert "no backup" in here.bad("restore", str(here.folder / "text"))
    assert "There is no file" in here.bad("restore", str(here.folder / "none"))


def test_a_backup_replaces_nothing(on_sqlite):
    here = on_sqlite()
    here.good("backup", str(here.folder / "b"))
    assert "is there already" in here.bad("backup", str(here.folder / "b"))
    assert "is there already" in here.bad("backup", str(here.folder / "c"), "--keys", str(here.folder / "b"))
    assert not (here.folder / "c").exists()
    assert "cannot be written" in here.bad("backup", str(here.folder / "no" / "b"))
    assert [path.name for path in here.folder.iterdir() if path.name.startswith(".")] == []


def test_a_backup_while_others_write_is_of_one_moment(on_sqlite):
    here, there = on_sqlite("here"), on_sqlite("there", empty=True)
    writer = threading.Thread(target=lambda: here.good("seed_history", "--deployments", "1000", "--seed", "8"))
    writer.start()
    files = []
    while writer.is_alive():
        files.append(str(here.folder / f"b{len(files)}"))
        here.good("backup", files[-1])
    writer.join()
    assert files
    said = there.good("restore", files[len(files) // 2])  # counts and chain are compared on the way
    assert "The chain holds" in said


def test_another_database_is_named_with_the_way_to_it(on_sqlite, on_postgres):
    here, there = on_sqlite(empty=True), on_postgres(empty=True)
    here.good("backup", str(here.folder / "b"))
    assert "to_postgres" in there.bad("restore", str(here.folder / "b"))


def test_without_the_tools_of_postgresql_it_is_one_sentence(on_postgres):
    here = on_postgres()
    said = here.bad("backup", str(here.folder / "b"), PATH=str(here.folder))
    assert "pg_dump is missing on this machine" in said
    assert not (here.folder / "b").exists()


def test_a_key_that_is_missing_afterwards_is_told_by_the_target(site):
    here, there = site("here"), site("there", key=keys.new_fernet(), empty=True)
    here.good("backup", str(here.folder / "b"))
    assert "No key opens the credentials of prod" in there.good("restore", str(here.folder / "b"))
