"""The sender everybody writes first: try, on any trouble try again, up to five times, follow redirects.

It is here to be caught. Each of its habits is in use: the vendor's Terraform provider repeats a create up to five
times, and the cloud's own SDK follows redirects with token and body (the issue this proof was made for).
"""

import threading
import time
from dataclasses import dataclass, field

import requests

from tests import factories
from tests.faults.matrix import Fault
from tests.faults.scene import Scene
from tests.faults.scripts import PLANTED, send_again_and_show

TRIES = 5
LONGEST = 20.0  # a call of three seconds and what the promises allow besides


def send(scene: Scene, body: dict) -> str | None:
    """The id of the service, or None after five failures."""
    place = scene.front.url if scene.front else scene.sandbox.url
    for attempt in range(TRIES):
        try:
            token = scene.token()
            url = f"{place}/v1/{scene.target.project_id}/services"
            answer = requests.post(url, json=body, headers={"X-Auth-Token": token}, timeout=2)
            answer.raise_for_status()
            return answer.json()["service_id"]
        except Exception:
            time.sleep(0.2 * 2**attempt)
    return None


@dataclass
class Tried:
    """What the naive sender says it did."""

    ids: list[str | None] = field(default_factory=list)
    over: bool = True


def can_play(fault: Fault) -> bool:
    """Where people act in between, there is nobody to act on; and names are taken away from workers alone."""
    return (
        fault.front != "nameless"
        and fault.script is not send_again_and_show
        and PLANTED not in dict(fault.facts).values()
    )


class NaiveScene(Scene):
    """The same cloud and the same doors; no row, no worker."""

    def move_in(self, number: int) -> None:
        self.name = f"fault-{number}"
        self.target = factories.TargetFactory.build()
        self.deployments = [0, 1]
        self.tried = Tried()
        self.threads: list[threading.Thread] = []

    def submit(self, version: int) -> None:
        thread = threading.Thread(target=lambda: self.tried.ids.append(send(self, self.body(version))), daemon=True)
        self.threads.append(thread)
        thread.start()

    def wait(self, until: float) -> None:
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))
            self.tried.over &= not thread.is_alive()


def caught(fault: Fault, scene: NaiveScene) -> str:
    """Which promise it broke, or an empty text."""
    effects = [one["service_id"] for one in scene.deeds().effects(scene.name)]
    told = [one for one in scene.tried.ids if one]
    if scene.front and scene.front.stranger and scene.front.stranger.heard:
        return "I8 token and body went to another origin"
    if fault.name.startswith("redirect") and effects:
        return "I8 it followed a redirect"
    if len(effects) > len(scene.threads):
        return f"I1 {len(effects)} effects of {len(scene.threads)}"
    if set(told) - set(effects):
        return "I2 told as made, and not there"
    if set(effects) - set(told):
        return "I3 an effect that is in no history" if scene.tried.over else "I4 it does not come to an end"
    if not told and "accepted" in fault.ends:
        return "I4 given up, though the cloud came back"
    return ""
