"""A submission that waits at a running sandbox, and the sandbox's own doors."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from django.utils import timezone

from deployer.models import Submission, Target
from deployer.worker import before, clouds, shelf
from deployer.worker.send import send
from deployer.worker.settle import settle
from tests import factories

WAITED_OUT = {"hang-before", "hang-after", "slow", "slow-head", "delayed"}


@dataclass
class Cloud:
    """The sandbox as a test sees it: the truth, and how to make it misbehave."""

    url: str
    settings: Any

    def has_little_time(self, deadline: float = 1.5) -> None:
        """Calls are cut off soon, where that is what a test is about; elsewhere a busy machine may take its time."""
        self.settings.CLOUD_TIMEOUT, self.settings.CLOUD_DEADLINE = (deadline, deadline), deadline
        clouds.forget()

    def next_time(self, fault: str, match: str = "POST /v1/*/services", times: int = 1, seconds: float = 5) -> None:
        if fault in WAITED_OUT or (times > 9 and match.startswith("GET")):  # a read is tried until time is up
            self.has_little_time()
        order = {"match": match, "fault": fault, "times": times, "seconds": seconds}
        requests.post(f"{self.url}/_sandbox/faults", json=order, timeout=5).raise_for_status()

    def forgive(self) -> None:
        """No misbehaviour waits any more."""
        requests.post(f"{self.url}/_sandbox/mend", timeout=5).raise_for_status()

    def services(self) -> list[dict[str, Any]]:
        return requests.get(f"{self.url}/_sandbox/services", timeout=5).json()

    def count(self, method: str, end: str) -> int:
        journal = requests.get(f"{self.url}/_sandbox/journal", timeout=5).json()
        return sum(row["method"] == method and row["path"].split("?")[0].endswith(end) for row in journal)

    def advance(self, seconds: float) -> None:
        requests.post(f"{self.url}/_sandbox/advance", json={"seconds": seconds}, timeout=5).raise_for_status()

    def create(self, body: dict[str, Any], target: Target) -> str:
        """A service somebody else makes."""
        created = clouds.of(target).create_service(json.dumps(body))
        return created.service_id


@pytest.fixture(autouse=True)
def no_kept_clients(settings, tmp_path):
    """Keys of rows come again after a rollback, so what is kept by key must not outlive a test; nor must a login."""
    settings.TOKENS = tmp_path / "tokens"
    yield
    clouds.forget()
    before.forget()
    shelf.forget()


@pytest.fixture
def cloud(sandbox, settings) -> Cloud:
    settings.CLOUD_TIMEOUT, settings.CLOUD_DEADLINE = (5, 10), 15.0
    return Cloud(sandbox.url, settings)


@pytest.fixture
def here(cloud, dev, at_sandbox) -> Target:
    """The target `dev`, at the sandbox."""
    return at_sandbox(dev)


@pytest.fixture
def submission(here, deployment_in) -> Submission:
    deployment = deployment_in("submitted", target=here)
    factories.preflight_passed(deployment)  # so that the submission alone is due
    return deployment.submission


@pytest.fixture
def submitted(here, deployment_in) -> Callable[[str], Submission]:
    return lambda name: (
        deployment_in("submitted", target=here, body=factories.real_time_body(service_name=name)).submission
    )


@pytest.fixture
def step() -> Callable[[Submission], Submission]:
    """One step of whichever kind the row wants, as if its time had come; gives the row as it is then."""

    def now(row: Submission) -> Submission:
        Submission.objects.filter(pk=row.pk, next_action_at__isnull=False).update(next_action_at=timezone.now())
        Target.objects.update(paused_until=None)
        row.refresh_from_db()
        {"waiting": send, "unknown": settle}[row.outcome](row.pk, "tester:1")
        row.refresh_from_db()
        return row

    return now
