"""Commands as processes on databases of their own: SQLite in a folder, PostgreSQL in a private server."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from deployer import keys
from deployer.rehearsal import postgres

ROOT = Path(__file__).resolve().parents[2]
SIGNING = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
SECRET = "planted-secret-of-a-target"  # noqa: S105 - looked for where it must not be


@dataclass(frozen=True)
class Site:
    """One installation: its address, its keys, its folder."""

    url: str
    folder: Path
    key: str

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        with self.start(*command, **env) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def start(self, *command: str, **env: str) -> subprocess.Popen[str]:
        """In a group of its own, to be killed with all its children."""
        base = {name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYER_", "DJANGO_"))}
        own = {
            "DATABASE_URL": self.url,
            "DEPLOYER_VAR": str(self.folder / "var"),
            "DEPLOYER_ENCRYPTION_KEYS": self.key,
            "SECRET_KEY": SIGNING,
            "DEPLOYER_ALLOW_LOCAL_TARGETS": "1",
        }
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**base, **own, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def good(self, *command: str, **env: str) -> str:
        done = self.run(*command, **env)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bad(self, *command: str, **env: str) -> str:
        """What it says when it refuses: sentences, never a stack."""
        done = self.run(*command, **env)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr

    def asked(self, query: str) -> list[tuple]:
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as there, there:
                return there.execute(query).fetchall()
        with psycopg.connect(dsn(self.url), autocommit=True) as there, there.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []


def dsn(url: str) -> str:
    folder, _, name = url.removeprefix("postgres://deployer@/").rpartition("/")
    return f"host={folder} user=deployer dbname={name}"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if postgres.programs() is None:
        pytest.skip("There is no PostgreSQL here: apt-get install postgresql")
    with postgres.server() as url:
        yield url


MADE = """
import os
from deployer.models import *
from deployer.rehearsal.past import writing
from deployer.workflow import people, targets
from django.utils import timezone
writing.seed(30, 7)
people.save("ann", roles=["admin"], password="a-long-enough-password", full_name="")
targets.save("prod", secret="planted-secret-of-a-target", security_token="", endpoint="http://127.0.0.1:9",
             iam_endpoint="http://127.0.0.1:9", project_id="p1", login="password", username="u", domain_name="d")
row = Submission.objects.filter(outcome="accepted").order_by("-pk").first()
row.outcome, row.service_id, row.settled_at, row.next_action_at = "waiting", None, None, timezone.now()
row.save()
"""
KEY = keys.new_fernet()


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory) -> Site:
    """With a past, a person, a target whose secret is encrypted, and one submission in the line. Only copied."""
    folder = tmp_path_factory.mktemp("lived-in")
    site = Site(f"sqlite:///{folder}/deployer.sqlite3", folder, KEY)
    site.good("migrate", "--verbosity", "0")
    site.good("shell", "--no-imports", "-c", MADE)
    return site


@pytest.fixture(scope="session")
def lived_in_on_postgres(lived_in, server) -> str:
    """The same on PostgreSQL: the name of a database to make others from."""
    name = made(server, "lived_in")
    lived_in.good("to_postgres", f"{server.rpartition('/')[0]}/{name}")
    return name


def made(server: str, name: str, *, like: str = "template0") -> str:
    with psycopg.connect(dsn(server), autocommit=True) as there:
        there.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    return name


@pytest.fixture
def on_sqlite(tmp_path, lived_in) -> Callable[..., Site]:
    def make(name: str = "site", key: str = KEY, *, empty: bool = False) -> Site:
        folder = tmp_path / name
        folder.mkdir()
        if not empty:
            with (
                closing(sqlite3.connect(lived_in.url.removeprefix("sqlite:///"))) as source,
                closing(sqlite3.connect(folder / "deployer.sqlite3")) as there,
            ):
                source.backup(there)
        return Site(f"sqlite:///{folder}/deployer.sqlite3", folder, key)

    return make


@pytest.fixture
def on_postgres(tmp_path, server, request) -> Callable[..., Site]:
    def make(name: str = "site", key: str = KEY, *, empty: bool = False) -> Site:
        folder = tmp_path / f"{name}-pg"
        folder.mkdir()
        like = "template0" if empty else request.getfixturevalue("lived_in_on_postgres")
        database = made(server, f"d{uuid4().hex[:12]}", like=like)
        return Site(f"{server.rpartition('/')[0]}/{database}", folder, key)

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def site(request) -> Callable[..., Site]:
    """Both databases, one after the other."""
    return request.getfixturevalue(f"on_{request.param}")


COUNTED = "SELECT count(*) FROM {0}"
TOLD = ("deployer_deployment", "deployer_version", "deployer_event", "deployer_attempt", "deployer_version_editors")


def rows_of(site: Site) -> dict[str, int]:
    return {table: site.asked(COUNTED.format(table))[0][0] for table in TOLD}
