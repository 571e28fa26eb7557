"""One row of the matrix as it is played: a sandbox of its own, a target, one or two deployments."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import requests

from deployer.models import Deployment, Person, Target
from deployer.rehearsal.torture.judge import Deeds
from deployer.sandbox.server import Sandbox
from deployer.workflow import drafting, review, submission
from tests import factories
from tests.faults.fronts import FRONTS, Front

T = TypeVar("T")
PATIENCE = 60.0


class Scene:
    """Its sandbox runs until `close`; `strangers` made services there that are not ours."""

    def __init__(self, title: str, folder: Path, *, front: str = "", twins: bool = True) -> None:
        self.title = title
        self.sandbox = Sandbox(port=0).start()
        self.front: Front | None = FRONTS[front](self.sandbox.url, folder) if front else None
        self.strangers: set[str] = set()
        self.foreign: set[str] = set()
        self.deployments: list[Deployment] = []
        self.answering_at: float | None = None
        self.trouble: Exception | None = None
        self.door("twins", {"on": twins})

    # The cloud's side.

    def door(self, name: str, body: Any = None) -> Any:
        """A door of the sandbox: read without a body, used with one."""
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self.sandbox.url}/_sandbox/{name}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def fault(self, **order: object) -> None:
        self.door("faults", order)

    def mend(self) -> None:
        self.door("mend", {})

    def deeds(self) -> Deeds:
        return Deeds(self.door("services"), self.door("journal"), set(self.strangers))

    def create_as_a_stranger(self) -> None:
        body = json.dumps(self.body(0))
        project, signed = self.target.project_id, {"X-Auth-Token": self.token()}
        made = requests.post(f"{self.sandbox.url}/v1/{project}/services", body, headers=signed, timeout=20).json()
        self.strangers.add(made["service_id"])
        self.foreign.add(body)

    def token(self) -> str:
        who = {"name": "demo", "password": "demo", "domain": {"name": "demo"}}
        identity = {"methods": ["password"], "password": {"user": who}}
        scope = {"project": {"id": self.target.project_id}}
        ask = {"auth": {"identity": identity, "scope": scope}}
        return requests.post(f"{self.sandbox.url}/v3/auth/tokens", json=ask, timeout=20).headers["X-Subject-Token"]

    # Our side.

    def settle_in(self, number: int, people: dict[str, Person], *, quiet: int, **facts: object) -> None:
        """The target and its deployments up to approved."""
        self.name, self.people, self.operator = f"fault-{number}", people, people["olga"]
        place = self.front.url if self.front else self.sandbox.url
        self.target: Target = factories.TargetFactory(
            name=self.name, endpoint=place, iam_endpoint=self.sandbox.url, quiet_seconds=quiet, **facts
        )

    def body(self, version: int, name: str = "") -> dict[str, Any]:
        """Two of one name differ in what they say of themselves, so that each has its own fingerprint."""
        return factories.real_time_body(service_name=name or self.name, description=f"number {version}")

    def approve(self, name: str = "") -> Deployment:
        """One more deployment, of the scene's name unless another is given, approved."""
        alice, bob = self.people["alice"], self.people["bob"]
        text = json.dumps(self.body(len(self.deployments), name))
        deployment = drafting.begin_from_text(self.target, text, by=alice)
        deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
        deployment = review.decide(deployment, "approve", seen=deployment.seen, by=bob)
        self.deployments.append(deployment)
        return deployment

    def submit(self, deployment: Deployment) -> None:
        submission.submit(deployment, seen=deployment.seen, by=self.people["alice"])

    def answers_again(self, later: float = 0.0) -> None:
        """From now (or so many seconds later) on a look can find what happened."""
        self.answering_at = time.time() + later

    def until(self, claim: Callable[[], T]) -> T:
        """Wait until it is so, and give what made it so."""
        ends_at = time.monotonic() + PATIENCE
        while not (found := claim()):
            assert time.monotonic() < ends_at, f"{self.title}: it did not come true in time"
            time.sleep(0.1)
        return found

    def close(self) -> None:
        if self.front:
            self.front.close()
        self.sandbox.stop()
