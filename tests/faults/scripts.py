"""What happens beside the workers while a fault is met: doors open, lists fail, strangers and people act."""

import time

from deployer.models import Submission
from deployer.sandbox import account
from deployer.workflow import submission as hands
from tests.faults.scene import Scene

PLANTED = "planted-password-9f8e7d"
KEYS = (("login", "keys"), ("access_key", account.ACCESS_KEY), ("secret", account.SECRET_KEY))
WRONG_PASSWORD = (("secret", PLANTED),)
LIST = "GET /v1/*/services"


def open_later(seconds: float, scene: Scene) -> None:
    time.sleep(seconds)
    scene.front.open()
    scene.answers_again()


def note_effect(scene: Scene, later: float = 0.0) -> None:
    """From when on a look can find it."""
    scene.until(lambda: scene.deeds().services)
    scene.answers_again(later)


def the_list_fails(scene: Scene, kind: str = "503") -> None:
    scene.until(lambda: scene.deeds().services)
    scene.fault(match=LIST, fault=kind, times=500)
    time.sleep(4)
    scene.mend()
    scene.answers_again()


def a_stranger_was_here(scene: Scene) -> None:
    """Somebody else made a service of this very name and content."""
    scene.create_as_a_stranger()


def another_of_the_name(scene: Scene) -> None:
    """A second deployment of the same name is submitted while the first is in the air."""
    scene.until(lambda: scene.deeds().services)
    scene.submit(scene.deployments[1])


def send_again_and_show(scene: Scene) -> None:
    """An operator sends again what was not found; the first call's effect takes the name and shows afterwards."""
    row = scene.until(lambda: Submission.objects.filter(target=scene.target, needs_person=True).first())
    hands.by_hand(row.deployment, "send_again", seen=row.pk, by=scene.operator, comment="It is not there.")
    scene.until(lambda: len(scene.deeds().bodies()) == 2)
    scene.door("advance", {"seconds": 700})
    scene.answers_again()
