"""Answering questions about a cloud, with the real sandbox: what is found, what is wrong, and that nothing leaks."""

import json
import logging
import socket
import time

import pytest

from deployer.models import Enquiry, Target
from deployer.worker import enquire as answering
from deployer.worker import steps
from deployer.worker.enquire import enquire
from deployer.workflow import enquiries

pytestmark = pytest.mark.django_db

PLANTED = "planted-secret-8"


@pytest.fixture
def facts(cloud) -> dict[str, str]:
    return {
        "endpoint": cloud.url,
        "iam_endpoint": cloud.url,
        "project_id": "5a0d80b5c0de4c0fa11ab1e5eed00001",
        "login": "password",
        "username": "demo",
        "domain_name": "demo",
        "secret": "demo",
        "region": "region-1",
    }


KEYS = {"login": "keys", "access_key": "SANDBOXACCESSKEY", "secret": "sandbox-secret-key", "username": ""}


def answered(enquiry: Enquiry) -> dict:
    assert enquire(enquiry.pk, "tester:1")
    enquiry.refresh_from_db()
    assert (enquiry.question, enquiry.next_action_at) == ("", None)
    assert enquiry.answered_at
    return enquiry.said


def states(said: dict) -> dict[str, str]:
    return {step["id"]: step["state"] for step in said["steps"]}


def test_a_good_target_passes_every_step(here, root):
    said = answered(enquiries.ask_connection(here, by=root))
    assert set(states(said).values()) == {"ok"}
    assert list(states(said))[-2:] == ["services", "networks"]
    assert {"name", "state", "cause", "words", "way_out"} <= said["steps"][0].keys()


def test_what_is_typed_can_be_tried_before_it_is_saved(facts, root):
    assert "failed" not in states(answered(enquiries.ask_connection_of(facts, by=root))).values()
    assert not Target.objects.exists()


def test_keys_are_tried_too(facts, root):
    said = answered(enquiries.ask_connection_of({**facts, **KEYS}, by=root))
    assert states(said)["services"] == "ok"
    assert "failed" not in states(said).values()


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ({"secret": PLANTED}, "login"),
        ({"project_id": "5a0d80b5c0de4c0fa11ab1e5eed0ffff"}, "project"),
        ({"iam_endpoint": "http://127.0.0.1:9"}, "iam"),
        ({"endpoint": "http://127.0.0.1:9"}, "modelarts"),
        ({**KEYS, "secret": PLANTED}, "login"),
    ],
)
def test_what_is_wrong_is_told_apart_with_a_way_out(facts, root, typed, step):
    said = answered(enquiries.ask_connection_of({**facts, **typed}, by=root))
    failed = [one for one in said["steps"] if one["state"] == "failed"]
    assert failed[0]["id"] == step
    assert failed[0]["words"]
    assert failed[0]["way_out"]
    assert PLANTED not in json.dumps(said)


def test_networks_out_of_reach_only_warn(facts, root):
    said = answered(enquiries.ask_connection_of({**facts, "vpc_endpoint": "http://127.0.0.1:9"}, by=root))
    assert states(said)["networks"] == "warn"
    assert states(said)["services"] == "ok"


def test_the_projects_of_a_login_are_found_without_any_id(facts, root):
    said = answered(enquiries.ask_projects({**facts, "project_id": ""}, by=root))
    assert said["problem"] == ""
    assert said["projects"][0] == {"id": "5a0d80b5c0de4c0fa11ab1e5eed00001", "name": "region-1", "enabled": True}
    assert len(said["projects"]) == 2


def test_the_projects_of_a_key_are_found(facts, root):
    said = answered(enquiries.ask_projects({**facts, **KEYS, "project_id": ""}, by=root))
    assert {one["name"] for one in said["projects"]} == {"region-1", "region-1_prod"}


def test_a_wrong_password_finds_no_projects_and_says_so(facts, root, caplog):
    caplog.set_level(logging.DEBUG)
    said = answered(enquiries.ask_projects({**facts, "secret": PLANTED}, by=root))
    assert said.get("problem")
    assert "projects" not in said
    assert PLANTED not in json.dumps(said) + caplog.text


def test_without_a_secret_nobody_is_asked(here, root, cloud):
    Target.objects.update(secret="")
    said = answered(enquiries.ask_connection(here, by=root))
    assert "secret is missing" in said["problem"]
    assert cloud.count("POST", "/auth/tokens") == 0


def test_our_own_fault_is_an_answer_that_quotes_nothing(facts, root, monkeypatch, caplog):
    def breaks(*_, **__):
        raise ValueError(PLANTED)

    monkeypatch.setattr(answering, "diagnose", breaks)
    said = answered(enquiries.ask_connection_of(facts, by=root))
    assert "our side" in said["problem"]
    assert PLANTED not in caplog.text + json.dumps(said)
    assert "ValueError" in caplog.text


def test_a_cloud_that_never_answers_is_given_up_in_time(facts, root, monkeypatch):
    monkeypatch.setattr(answering, "A_STEP", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        nowhere = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        typed = {**facts, "iam_endpoint": nowhere, "endpoint": nowhere}
        said = answered(enquiries.ask_connection_of(typed, by=root))
        assert time.monotonic() - began < 15  # six steps of half a second; without a limit each takes half a minute
    assert states(said)["iam"] == "failed"


def test_questions_come_before_lists_and_services(facts, root):
    enquiries.ask_projects(facts, by=root)
    assert steps.advance("tester:1") == 1
    assert Enquiry.objects.get().answered_at


def test_a_question_is_answered_once(facts, root):
    asked = enquiries.ask_projects(facts, by=root)
    assert enquire(asked.pk, "one:1")
    assert not enquire(asked.pk, "two:1")
