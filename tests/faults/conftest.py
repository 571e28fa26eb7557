"""A world for faults: one database per module, real workers on it, nothing left behind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from deployer.models import guards
from tests import factories
from tests.faults.hands import Crew
from tests.faults.matrix import Order
from tests.faults.scene import Scene


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture
def note(record_property) -> Callable[[str], None]:
    """Figures for whoever runs the tests, told at the end, also by two processes."""
    return lambda words: record_property("figures", words)


def pytest_terminal_summary(terminalreporter) -> None:
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    words = [value for one in reports for name, value in getattr(one, "user_properties", []) if name == "figures"]
    if words:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(words))


@pytest.fixture(scope="module")
def db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """In place of the fixture of this name: rows are committed and seen by every process, and swept out afterwards."""
    with django_db_blocker.unblock():
        yield
        connection.close()
        guards.lower_guards(connection)
        call_command("flush", verbosity=0, interactive=False)  # its migrate signal raises the guards again
        connection.close()


@pytest.fixture(scope="module")
def cast(db) -> dict[str, object]:
    return {name: factories.demo_person(name) for name in factories.DEMO_PEOPLE}


@pytest.fixture(scope="module")
def crew(db, tmp_path_factory) -> Iterator[Crew]:
    """Nobody works yet; whoever is hired goes home at the end."""
    crew = Crew(tmp_path_factory.mktemp("workers"))
    try:
        yield crew
    finally:
        crew.go_home()


@pytest.fixture(scope="module")
def scene_of(cast, crew) -> Iterator[Callable[..., Scene]]:
    """A scene by its title, with so many approved deployments; orders are given to its sandbox first."""
    scenes: list[Scene] = []

    def begin(title: str, *orders: Order, deployments: int = 1, quiet: int = 25) -> Scene:
        scene = Scene(title, crew.folder)
        scenes.append(scene)
        scene.settle_in(1000 + len(scenes), cast, quiet=quiet)
        scene.door("quotas", {"real-time": None})
        for order in orders:
            scene.fault(**order.as_json())
        for number in range(deployments):
            scene.approve(f"{scene.name}-{number}" if deployments > 1 else "")
        return scene

    try:
        yield begin
    finally:
        for scene in scenes:
            scene.close()
