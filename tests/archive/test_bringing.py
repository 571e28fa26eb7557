"""A restore while others look on, and one that is killed: what waits is never there without being held."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.archive.conftest import Site

pytestmark = pytest.mark.slow

SENT_BY_ITSELF = "SELECT count(*) FROM deployer_submission WHERE outcome = 'waiting' AND NOT needs_person"
HELD = "SELECT count(*) FROM deployer_submission WHERE outcome = 'waiting' AND needs_person"
EVENTS = "SELECT count(*) FROM deployer_event"


def test_nothing_is_brought_under_workers_that_stand_on_an_empty_database(site):
    here, there = site("here"), site("there", empty=True)
    here.good("backup", str(here.folder / "b"))
    there.good("migrate", "--verbosity", "0")
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00:00" if "postgres" in there.url else "")
    there.asked(f"INSERT INTO deployer_heartbeat (worker, started_at, beat_at, port) VALUES ('w', '{now}', '{now}', 0)")
    assert "Workers are at work" in there.bad("restore", str(here.folder / "b"))
    assert there.asked(EVENTS) == [(0,)]


@contextlib.contextmanager
def watched(site: Site) -> Iterator[set[int]]:
    """How many rows a worker would send, asked again and again from a connection of its own."""
    seen: set[int] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.005):
            with contextlib.suppress(Exception):  # no tables yet
                seen.add(site.asked(SENT_BY_ITSELF)[0][0])

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def test_no_worker_ever_sees_a_row_that_waits_and_is_not_held(site):
    here, there = site("here"), site("there", empty=True)
    here.good("backup", str(here.folder / "b"))
    there.good("migrate", "--verbosity", "0")
    with watched(there) as seen:
        there.good("restore", str(here.folder / "b"))
    assert seen == {0}
    assert there.asked(HELD) == [(1,)]


KILLED = """
import os
from django.core.management import call_command
from deployer.archive import bringing, postgres, sqlite
done = {room}.{step}
def killed(*given):
    if {after}:
        done(*given)
    os.kill(os.getpid(), 9)
{room}.{step} = killed
call_command("restore", {file!r}, replace={name!r})
"""
LATE = "UPDATE deployer_person SET username = 'late' WHERE username = 'ann'"
IS_LATE = "SELECT count(*) FROM deployer_person WHERE username = 'late'"


def killed_at(site: Site, room: str, step: str, *, after: bool = False) -> None:
    name = site.url.rpartition("/")[2]
    code = KILLED.format(room=room, step=step, after=after, file=str(site.folder / "b"), name=name)
    assert site.run("shell", "--no-imports", "-c", code).returncode == -9


def test_killed_at_any_moment_all_is_as_it_was_or_what_waits_is_held(site):
    here = site()
    here.good("backup", str(here.folder / "b"))
    here.asked(LATE)
    room = "postgres" if "postgres" in here.url else "sqlite"
    for step in ("bringing.must_be_whole", "bringing.must_hold", f"{room}.put_in_place"):
        killed_at(here, *step.split("."))
        assert here.asked(IS_LATE) == [(1,)], step
        assert here.asked(SENT_BY_ITSELF) == [(1,)]
    killed_at(here, room, "put_in_place", after=True)
    assert here.asked(IS_LATE) == [(0,)]
    assert (here.asked(SENT_BY_ITSELF), here.asked(HELD)) == ([(0,)], [(1,)])
    here.good("restore", str(here.folder / "b"), "--replace", here.url.rpartition("/")[2])
    assert "The chain holds" in here.good("verify_audit")
