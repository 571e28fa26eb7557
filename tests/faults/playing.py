"""Playing many rows of the matrix at once, against the same workers."""

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from django.db import connection

from deployer.models import Person
from tests.faults.judge import still_moving
from tests.faults.matrix import Fault
from tests.faults.scene import PATIENCE, Scene


def prepare(faults: Iterable[Fault], folder: Path, cast: dict[str, Person], scenes: dict[str, Scene]) -> None:
    """Add a scene for each, its deployments approved."""
    for number, fault in enumerate(faults):
        scene = scenes[fault.name] = Scene(fault.name, folder, front=fault.front, twins=fault.twins)
        scene.settle_in(number, cast, quiet=fault.quiet, **dict(fault.facts))
        for order in fault.orders:
            scene.fault(**order.as_json())
        if fault.before:
            fault.before(scene)
        for _ in fault.ends:
            scene.approve()


def play(faults: Iterable[Fault], scenes: dict[str, Scene]) -> None:
    """Submit all, let the scripts run, wait until nothing moves any more or time is up."""
    threads = [threading.Thread(target=act, args=(fault, scenes[fault.name])) for fault in faults]
    for fault in faults:
        scenes[fault.name].submit(scenes[fault.name].deployments[0])
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE + 10)
    targets = [scene.target.pk for scene in scenes.values()]
    ends_at = time.monotonic() + PATIENCE
    while still_moving(targets) and time.monotonic() < ends_at:
        time.sleep(0.25)


def act(fault: Fault, scene: Scene) -> None:
    try:
        if fault.script:
            fault.script(scene)
    except Exception as trouble:  # told by the finding
        scene.trouble = trouble
    finally:
        connection.close()
