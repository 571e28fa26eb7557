"""People in a hurry: double clicks, the back button, a reloaded POST. One service, whatever they press."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from deployer.models import Submission
from tests.faults.asking import must_be_accepted_once, wait_until_settled

CLICKS = 6


@pytest.fixture(scope="module")
def worker(crew):
    return crew.hire()


@pytest.fixture
def alice(cast) -> Client:
    client = Client()
    client.force_login(cast["alice"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def press(client: Client, deployment) -> int:
    form = {"seen": deployment.seen, "comment": ""}
    return client.post(reverse("submission-submit", args=[deployment.pk]), form).status_code


def test_a_double_click_sends_once(worker, scene_of, alice, cast):
    scene = scene_of("double click")
    (deployment,) = scene.deployments
    start, statuses = threading.Barrier(CLICKS), []

    def click():
        client = Client()
        client.cookies = alice.cookies
        start.wait()
        statuses.append(press(client, deployment))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [302] + [409] * (CLICKS - 1)
    wait_until_settled(scene)
    must_be_accepted_once(scene)
    assert Submission.objects.filter(target=scene.target).count() == 1


def test_back_and_submit_again_sends_once(worker, scene_of, alice):
    scene = scene_of("back and submit again")
    (deployment,) = scene.deployments
    assert press(alice, deployment) == 302
    wait_until_settled(scene)
    assert press(alice, deployment) == 409
    wait_until_settled(scene)
    must_be_accepted_once(scene)
    assert len(scene.deeds().bodies()) == 1


def test_a_reloaded_post_sends_once(worker, scene_of, alice):
    scene = scene_of("reload")
    (deployment,) = scene.deployments
    assert [press(alice, deployment) for _ in range(3)] == [302, 409, 409]
    wait_until_settled(scene)
    must_be_accepted_once(scene)
    assert Submission.objects.filter(target=scene.target).count() == 1
