"""Workers that are asked to end, or are many; and clocks that are an hour off."""

import pytest

from deployer.models import Heartbeat
from tests.faults.asking import must_be_accepted_once, wait_until_settled
from tests.faults.matrix import Order

JOBS = 16


@pytest.fixture
def idle(crew):
    """Nobody works at first, and nobody is left at work."""
    crew.go_home()
    yield crew
    crew.go_home()


def test_asked_to_end_it_finishes_its_step(idle, scene_of):
    scene = scene_of("asked to end", Order("delayed", seconds=1.2))
    worker = idle.hire()
    scene.submit(scene.deployments[0])
    scene.until(lambda: scene.deeds().services)
    worker.process.terminate()
    assert worker.process.wait(20) == 0
    must_be_accepted_once(scene)
    assert not Heartbeat.objects.filter(worker__endswith=f":{worker.process.pid}").exists()


def test_several_workers_on_many_jobs(idle, scene_of):
    scene = scene_of(
        "many jobs", *(Order(kind) for kind in ("reset-after", "504-after", "429", "no-id")), deployments=JOBS
    )
    for hand in [idle.hire(wait=False) for _ in range(3)]:
        scene.until(hand.is_at_work)
    for deployment in scene.deployments:
        scene.submit(deployment)
    wait_until_settled(scene)
    must_be_accepted_once(scene)
    assert len(scene.deeds().bodies()) == JOBS + 1  # one was told to come back later


@pytest.mark.parametrize("clocks", [(3600,), (-3600,), (0, 3600, -3600)], ids=["ahead", "behind", "apart"])
def test_a_clock_an_hour_off_changes_nothing(clocks, idle, scene_of):
    scene = scene_of(f"clocks {clocks}", Order("reset-after"), Order("hang-after"), Order("429"), deployments=5)
    for hand in [idle.hire(wait=False, clock=seconds) for seconds in clocks]:
        scene.until(hand.is_at_work)
    for deployment in scene.deployments:
        scene.submit(deployment)
    wait_until_settled(scene, seconds=90)  # whoever went by its own clock would take an hour, or for ever
    must_be_accepted_once(scene)
