"""What a worker costs: little at rest, and little more under an answer of a quarter of a gigabyte."""

import re
import sys
import time
from pathlib import Path

import pytest

from tests.faults.asking import must_be_accepted_once, wait_until_settled
from tests.faults.matrix import Order

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc, which only Linux has")

MB = 1024
REST, GROWTH = 120, 50
HUGE = ("huge", "bomb")


def resident(pid: int, what: str = "VmRSS") -> float:
    """MB of memory in use; VmHWM: at most until now."""
    found = re.search(rf"^{what}:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) / MB


def test_memory_at_rest_and_under_huge_answers(crew, scene_of, note):
    worker = crew.hire(threads=4)  # as many as by default
    warm = scene_of("warm")
    warm.submit(warm.deployments[0])
    wait_until_settled(warm)
    time.sleep(2)
    rest = resident(worker.process.pid)
    scenes = [scene_of(kind, *(Order(kind) for _ in range(3)), deployments=3) for kind in HUGE]
    for scene in scenes:
        for deployment in scene.deployments:
            scene.submit(deployment)
    wait_until_settled(*scenes)
    for scene in scenes:
        must_be_accepted_once(scene)
        assert len(scene.deeds().bodies()) == 3
    peak = resident(worker.process.pid, "VmHWM")
    note(f"a worker: {rest:.0f} MB at rest, {peak:.0f} MB at most under huge answers")
    assert rest < REST
    assert peak - rest < GROWTH
