"""A restore while others look on, and one that is killed: what waits is never there without being held."""

import contextlib
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.archive.conftest import Site
from tests.archive.test_backup import rewritten

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


STANDS_STILL = 'case "$1" in --list) exec {real} "$@";; esac\ntouch {here}/reached\nexec sleep 30\n'
BREAKS_OFF = """{real} "$@" || exit
for one; do case "$one" in --file=*) echo "SELECT 1/0;" >> "${{one#--file=}}";; esac; done
"""


def with_tool(site: Site, name: str, does: str) -> str:
    """A PATH on which this tool is one that does something else."""
    tools = site.folder / f"tools-{name}"
    tools.mkdir()
    body = does.format(real=shutil.which(name), here=site.folder)
    (tools / name).write_text(f"#!/bin/sh\n{body}")
    (tools / name).chmod(0o755)
    return f"{tools}:{os.environ['PATH']}"


def until(claim: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not claim():
        assert time.monotonic() < end
        time.sleep(0.02)


def schemas(site: Site) -> set[str]:
    return {name for (name,) in site.asked("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_'")}


@pytest.mark.parametrize("tool", ["pg_restore", "psql"])
def test_killed_while_it_loads_what_was_there_outlives_the_next_one_that_fails(on_postgres, tool):
    here = on_postgres()
    here.good("backup", str(here.folder / "b"))
    here.asked(LATE)
    name = here.url.rpartition("/")[2]
    path = with_tool(here, tool, STANDS_STILL)
    with here.start("restore", str(here.folder / "b"), "--replace", name, PATH=path) as process:
        until((here.folder / "reached").exists)
        os.killpg(process.pid, signal.SIGKILL)
    assert here.asked(IS_LATE) == [(1,)]
    bad = rewritten(here.folder / "b", here.folder / "bad", head="f" * 64)
    assert "is not empty" in here.bad("restore", bad)
    assert "Nothing was changed" in here.bad("restore", bad, "--replace", name)
    assert here.asked(IS_LATE) == [(1,)]
    assert schemas(here) == {"public"}


def test_what_cannot_be_loaded_to_its_end_is_not_loaded_at_all(on_postgres):
    here = on_postgres()
    here.good("backup", str(here.folder / "b"))
    here.asked(LATE)
    path = with_tool(here, "pg_restore", BREAKS_OFF)
    said = here.bad("restore", str(here.folder / "b"), "--replace", here.url.rpartition("/")[2], PATH=path)
    assert "division by zero" in said
    assert here.asked(IS_LATE) == [(1,)]
    assert schemas(here) == {"public"}


def test_what_an_earlier_version_put_aside_is_not_dropped_and_can_be_brought_back(on_postgres):
    here = on_postgres()
    here.good("backup", str(here.folder / "b"))
    here.asked(LATE)
    here.asked("ALTER SCHEMA public RENAME TO before_restore")
    here.asked("CREATE SCHEMA public")
    for replace in ([], ["--replace", here.url.rpartition("/")[2]]):
        said = here.bad("restore", str(here.folder / "b"), *replace)
        assert "before_restore holds what was there" in said
        assert schemas(here) == {"public", "before_restore"}
    for statement in re.findall(r"(?:DROP|ALTER) SCHEMA [^;.]+;", said.split("To have it back")[1])[:2]:
        here.asked(statement)
    assert here.asked(IS_LATE) == [(1,)]
    here.good("restore", str(here.folder / "b"), "--replace", here.url.rpartition("/")[2])
    assert here.asked(IS_LATE) == [(0,)]
