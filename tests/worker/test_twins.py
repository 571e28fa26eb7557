"""A second service of a name of ours is a twin only where its content is ours and no sending may still claim it."""

import json
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from deployer.models import Event, Service, Submission
from deployer.workflow import watching
from tests import factories
from tests.worker.watching import go_round, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(submission, step, cloud) -> Service:
    """The service of an accepted submission; the cloud takes its name twice."""
    requests.post(f"{cloud.url}/_sandbox/twins", json={"on": True}, timeout=5).raise_for_status()
    return look(step(submission).deployment.service)


@pytest.fixture
def sent(ours) -> dict:
    return json.loads(Submission.objects.get().version.payload)


def found(here) -> None:
    go_round(here, whole=True)
    go_round(here)


def test_a_service_of_our_name_and_content_is_a_twin(ours, sent, here, cloud):
    key = cloud.create(sent, here)
    found(here)
    twin = Service.objects.get(service_id=key)
    assert twin.twin_of == ours
    event = Event.objects.get(action="twin_found")
    assert event.deployment.service == ours
    assert event.facts == {"service_id": key, "brother": ours.service_id}
    look(twin)
    assert Event.objects.filter(action="twin_found").count() == 1


def test_other_content_is_no_twin(ours, sent, here, cloud):
    cloud.create({**sent, "config": [factories.entry("another-model", 100)]}, here)
    found(here)
    assert not Service.objects.exclude(twin_of=None).exists()


def test_another_name_is_no_twin(ours, sent, here, cloud):
    cloud.create({**sent, "service_name": "another"}, here)
    found(here)
    assert not Service.objects.exclude(twin_of=None).exists()


def test_what_was_there_before_the_sending_is_no_twin(ours, sent, here, cloud):
    key = cloud.create(sent, here)
    Submission.objects.update(known_before=json.dumps([key]))
    found(here)
    assert not Service.objects.exclude(twin_of=None).exists()


def test_what_was_seen_before_the_submission_is_no_twin(ours, sent, here, cloud):
    cloud.create(sent, here)
    Submission.objects.update(created_at=timezone.now() + timedelta(hours=1))
    found(here)
    assert not Service.objects.exclude(twin_of=None).exists()


def test_a_brother_that_is_gone_has_no_twin(ours, sent, here, cloud):
    cloud.create(sent, here)
    Service.objects.filter(pk=ours.pk).update(status="deleted", next_look_at=None, is_settled=True)
    Service.objects.filter(pk=ours.pk).update(service_id="gone-id")
    Submission.objects.update(service_id="gone-id")
    found(here)
    assert not Service.objects.exclude(twin_of=None).exists()


def test_while_a_sending_of_the_name_is_unknown_nothing_is_judged(ours, sent, here, cloud, submitted, step):
    cloud.next_time("reset-after")
    unknown = step(submitted(ours.name))
    assert unknown.outcome == "unknown"
    found(here)
    twin = Service.objects.exclude(pk=ours.pk).get()
    assert twin.twin_of is None
    Submission.objects.filter(pk=unknown.pk).update(
        outcome="given_up", settled_at=timezone.now(), next_action_at=None, needs_person=False
    )
    look(twin)
    assert twin.twin_of == ours


def test_the_service_of_a_deployment_is_nobodys_twin(ours):
    assert not watching.twin(ours, ours)
    assert ours.twin_of is None
