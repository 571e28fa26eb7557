"""Can the matrix see? A naive sender goes through it and must be caught in at least half of its rows."""

import threading
import time

from tests.faults import naive
from tests.faults.matrix import FAULTS


def test_the_matrix_catches_a_naive_sender(tmp_path, note):
    faults = [fault for fault in FAULTS if naive.can_play(fault)]
    scenes = [naive.NaiveScene(fault.name, tmp_path, front=fault.front, twins=fault.twins) for fault in faults]
    try:
        scripts = [
            begun(fault, scene, number) for number, (fault, scene) in enumerate(zip(faults, scenes, strict=True))
        ]
        ends_at = time.monotonic() + naive.LONGEST
        for script in scripts:
            script.join(naive.LONGEST)
        for scene in scenes:
            scene.wait(ends_at)
        found = {fault.name: naive.caught(fault, scene) for fault, scene in zip(faults, scenes, strict=True)}
    finally:
        for scene in scenes:
            scene.close()
    seen = {name: broken for name, broken in found.items() if broken}
    note(f"a naive sender is caught in {len(seen)} of {len(FAULTS)} rows:")
    for name, broken in seen.items():
        note(f"  {name}: {broken}")
    assert len(seen) >= len(FAULTS) / 2
    assert not found["no fault at all"]


def begun(fault, scene, number) -> threading.Thread:
    """Its orders are given, it sends, and the script runs beside it."""
    scene.move_in(number)
    for order in fault.orders:
        scene.fault(**order.as_json())
    if fault.before:
        fault.before(scene)
    scene.submit(0)
    script = threading.Thread(target=fault.script or (lambda _: None), args=(scene,), daemon=True)
    script.start()
    return script
