"""Where a benchmark happens: an empty database that is gone afterwards, and a person who looks at pages."""

import io
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from deployer.models import Person, Target
from deployer.rehearsal.cast import PEOPLE
from deployer.workflow import people

WARM = 10  # times before the clock counts
HOST = "bench.invalid"


@contextmanager
def ground() -> Iterator[None]:
    """A database beside the real one: a file of its own, or a database of its own on the same server."""
    used = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        name = f"bench_{secrets.token_hex(4)}"
        is_file = connection.vendor == "sqlite"
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / f"{name}.sqlite3") if is_file else name
        with redirect_stdout(io.StringIO()):  # it talks of tables it makes
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with override_settings(ROOT_URLCONF="deployer.rehearsal.bench.bare", ALLOWED_HOSTS=[HOST]):
                yield
        finally:
            connection.creation.destroy_test_db(used, verbosity=0)


def looker(name: str = "alice") -> tuple[Person, Client]:
    """One of the demo people, signed in."""
    full_name, roles = PEOPLE[name]
    person, _ = people.save(name, roles=roles, full_name=full_name)
    client = Client(SERVER_NAME=HOST)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person, client


def target() -> Target:
    """A place nobody ever calls."""
    nowhere = "https://nowhere.invalid"
    return Target.objects.create(
        name="bench", endpoint=nowhere, iam_endpoint=nowhere, project_id="bench", username="u", domain_name="d"
    )


def queries(act: Callable[[], object]) -> int:
    """How many questions the database is asked, once everything is warm."""
    act()
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


def side_by_side(one: Callable[[int], object], other: Callable[[int], object], times: int) -> tuple[float, float]:
    """The 95th of a hundred of each, in seconds: taken in turns, so that a slow moment meets both."""
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(-WARM, times):
        for act, found in zip((one, other), took, strict=True):
            began = time.perf_counter()
            act(turn)
            if turn >= 0:
                found.append(time.perf_counter() - began)
    return p95(took[0]), p95(took[1])


def p95(took: list[float]) -> float:
    return sorted(took)[max(0, -(-95 * len(took) // 100) - 1)]
