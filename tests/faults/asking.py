"""What tests of processes ask again and again."""

import time

from tests.faults.judge import finding_of, still_moving
from tests.faults.scene import Scene


def wait_until_settled(*scenes: Scene, seconds: float = 90.0) -> None:
    """Until nothing moves any more, or time is up; the finding tells."""
    ends_at = time.monotonic() + seconds
    targets = [scene.target.pk for scene in scenes]
    while still_moving(targets) and time.monotonic() < ends_at:
        time.sleep(0.2)


def must_be_accepted_once(scene: Scene) -> None:
    """Every deployment of the scene became exactly one service, and no promise was broken."""
    found = finding_of(scene)
    assert found.violations == []
    assert set(found.ends) == {"accepted"}, found.ends
    assert len(found.ends) == len(scene.deployments) == len(scene.deeds().services)
