"""The matrix: each fault, played with real workers, judged on what the cloud did."""

import statistics
from collections.abc import Iterator

import pytest
from django.test import Client

from deployer.models import Submission
from deployer.sandbox import account
from deployer.sandbox.journal import TOKEN_MARK
from tests.faults import playing, scripts
from tests.faults.judge import Finding, finding_of, leaks
from tests.faults.matrix import FAULTS
from tests.faults.scene import Scene
from tests.worker.processes import wait_for

SECRETS = (account.SECRET_KEY, TOKEN_MARK, scripts.PLANTED)
PROMISED = 10.0  # seconds from the API answering to settled
TOLD = ["/audit/", "/deployments/", "/deployments/export.json", "/deployments/export.csv", "/services/", "/targets/"]


@pytest.fixture(scope="module")
def findings(request, cast, crew) -> Iterator[dict[str, Finding]]:
    """Those rows of the matrix that were asked for, all played at once by two workers."""
    asked = {item.callspec.params.get("fault") for item in request.session.items if hasattr(item, "callspec")}
    faults = [fault for fault in FAULTS if fault.name in asked] or FAULTS
    scenes: dict[str, Scene] = {}
    try:
        hired = [crew.hire(wait=False) for _ in range(2)]
        playing.prepare(faults, crew.folder, cast, scenes)
        wait_for(lambda: all(hand.is_at_work() for hand in hired), 60)
        playing.play(faults, scenes)
        yield {name: finding_of(scene) for name, scene in scenes.items()}
    finally:
        for scene in scenes.values():
            scene.close()


@pytest.mark.parametrize("fault", [fault.name for fault in FAULTS])
def test_the_promises_hold_whatever_breaks(fault, findings):
    asked = next(one for one in FAULTS if one.name == fault)
    found = findings[fault]
    assert found.violations == []
    assert (found.ends, found.effects) == (asked.ends, asked.effects)


def test_what_was_lost_is_settled_within_ten_seconds(findings, note):
    took = {name: found.settling for name, found in findings.items() if found.settling is not None}
    assert took
    worst = max(took, key=took.__getitem__)
    note(f"settled: median {statistics.median(took.values()):.1f} s, worst {took[worst]:.1f} s ({worst})")
    assert {name: round(seconds, 1) for name, seconds in took.items() if seconds > PROMISED} == {}


def test_no_secret_lies_about(findings, crew, cast):
    """In the database, in what the workers said, on pages and in exports."""
    client = Client()
    client.force_login(cast["root"], backend="allauth.account.auth_backends.AuthenticationBackend")
    numbers = Submission.objects.values_list("deployment", flat=True)
    pages = [*TOLD, *(f"/deployments/{number}/" for number in numbers)]
    answers = [client.get(page) for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    texts = [b"".join(answer) if answer.streaming else answer.content for answer in answers]
    assert leaks(SECRETS, crew.folder.glob("*.log"), [text.decode() for text in texts]) == []


def test_no_worker_broke(findings, crew):
    assert [hand.process.poll() for hand in crew.hands] == [None] * len(crew.hands)
    assert not any("Traceback" in hand.says for hand in crew.hands)
