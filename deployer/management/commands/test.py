"""`manage.py test [pytest arguments] [--ci]`: the tests, as pytest runs them.

Without arguments: everything on SQLite, then every room that meets the database on a private PostgreSQL where one is
installed.
With arguments: one run of pytest with them, on DATABASE_URL or SQLite. With --ci: all of it, lint, types and a clean
clone besides, the time of each part printed; the last line is pytest's own.
"""

import importlib.util
import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand

from deployer.rehearsal import postgres
from deployer.rehearsal.processes import ended_by_sigterm, run_to_end

ROOT = Path(__file__).resolve().parents[3]
PYTEST = [sys.executable, "-m", "pytest"]
NOT_LAST = "not clean_clone and not faults"
# Real faults take real time, and real processes: a part of their own, whose files are shared out between two.
FAULTS = [*PYTEST, "-q", "-n", "2", "--dist", "loadfile", "-m", "faults", "tests/faults"]
# Of the faults, what needs no database, or has its own.
ONCE = [f"--ignore=tests/faults/test_{name}.py" for name in ("naive", "memory", "database_away")]
# What domain, modelarts and sandbox do cannot depend on the database: they never meet one. The demo has its own.
MEET_THE_DATABASE = [f"tests/{room}" for room in ("models", "workflow", "worker", "web")]
MEET_THE_DATABASE += [f"tests/commands/test_{name}.py" for name in ("person", "target", "lists", "trials")]


class Command(BaseCommand):
    help = "Run the tests: pytest arguments, or none for everything; --ci adds lint, types and a clean clone."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        if importlib.util.find_spec("pytest") is None:
            sys.exit("pytest is missing in this Python: pip install --require-hashes -r requirements-dev.txt")
        arguments = argv[2:]
        os.chdir(ROOT)
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
        with ended_by_sigterm():
            if "--ci" in arguments:
                sys.exit(everything([word for word in arguments if word != "--ci"]))
            sys.exit(run([*PYTEST, *arguments]) if arguments else both_databases())


def both_databases() -> int:
    """Two processes for each part."""
    apart = [*PYTEST, "-q", "-n", "2", "-m", f"{NOT_LAST} and not browser"]
    statuses = [run(apart), run([*PYTEST, "-q", "-n", "2", "-m", "browser"]), on_postgres([*apart, *MEET_THE_DATABASE])]
    statuses += [run(FAULTS), on_postgres([*FAULTS, *ONCE])]
    return 1 if any(statuses) else 0


def everything(arguments: list[str]) -> int:
    """Each part runs even if an earlier one failed, so that one run tells all. 1 if any did."""
    os.environ["CI"] = "true"
    python = sys.executable
    parts = {
        "lint": lambda: run([python, "-m", "ruff", "check", "."]),
        "format": lambda: run([python, "-m", "ruff", "format", "--check", "."]),
        "types": lambda: run([python, "-m", "mypy"]),
        "checks": lambda: run([python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], **as_deployed()),
        "migrations": lambda: run([python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        "suite on SQLite, without a browser": lambda: run(
            [*PYTEST, "-q", "-n", "2", "-m", f"{NOT_LAST} and not browser", *arguments]
        ),
        "suite on SQLite, in the browser": lambda: run([*PYTEST, "-q", "-n", "2", "-m", "browser", *arguments]),
        "suite on PostgreSQL, without a browser": lambda: on_postgres(
            [*PYTEST, "-q", "-n", "2", "-m", f"{NOT_LAST} and not browser", *MEET_THE_DATABASE, *arguments]
        ),
        "one road on PostgreSQL, in the browser": lambda: on_postgres(
            [*PYTEST, "-q", "-m", "browser", "tests/browser/test_road.py", *arguments]
        ),
        "faults on SQLite": lambda: run([*FAULTS, *arguments]),
        "faults on PostgreSQL": lambda: on_postgres([*FAULTS, *ONCE, *arguments]),
    }
    failed = [name for name, part in parts.items() if timed(name, part)]
    print("Failed before the last part: " + (", ".join(failed) or "nothing") + ".", flush=True)
    last = timed("a clean clone", lambda: run([*PYTEST, "-m", "clean_clone", "tests/commands/test_clean_clone.py"]))
    return 1 if failed or last else 0


def timed(name: str, part) -> int:
    print(f"== {name}", flush=True)
    begun = time.monotonic()
    status = part()
    if name != "a clean clone":  # pytest's own closing line stays the last one
        print(f"== {name}: {'failed' if status else 'good'}, {time.monotonic() - begun:.0f} s", flush=True)
    return status


def as_deployed() -> dict:
    """Settings as a real site would have them, for `check --deploy`."""
    values = {
        "SECRET_KEY": "".join(chr(33 + (7 * n) % 90) for n in range(64)),
        "ALLOWED_HOSTS": "deployer.example.com",
        "DJANGO_SETTINGS_MODULE": "deployer.settings",
    }
    return {"env": {**os.environ, **values}}


def on_postgres(command: list[str]) -> int:
    if postgres.programs() is None and not os.environ.get("CI"):
        print("The PostgreSQL half is skipped: no initdb here. apt-get install postgresql", flush=True)
        return 0
    given = os.environ.get("DEPLOYER_TEST_DATABASE_URL")
    with nullcontext(given) if given else postgres.server() as url:
        return run(command, env={**os.environ, "DATABASE_URL": url})


def run(command: list[str], **options) -> int:
    return run_to_end(command, cwd=ROOT, **options).returncode
