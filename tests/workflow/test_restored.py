"""After a restore nothing goes out by itself: a person looks first."""

from datetime import UTC, datetime

import pytest

from deployer.domain.lifecycle import Outcome
from deployer.models import Event, Submission
from deployer.workflow import history, restored, submission
from tests.browser import world
from tests.factories import real_time_body

pytestmark = pytest.mark.django_db

MADE_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_what_waited_is_left_to_a_person_with_a_reason_and_an_event(deployment_in, olga):
    deployment = deployment_in("submitted")
    assert restored.hold_what_waits(MADE_AT) == 1
    row = Submission.objects.get()
    assert (row.outcome, row.needs_person, row.next_action_at) == (Outcome.WAITING, True, None)
    assert "backup of 2026-11-01 12:00 UTC" in row.reason
    assert not Submission.objects.due().exists()
    assert Event.objects.filter(action="needs_person", deployment=deployment).count() == 1
    assert "send_again" in submission.hands_on(olga, row)
    assert isinstance(history.verify(), int)


def test_a_second_time_changes_nothing(deployment_in):
    deployment_in("submitted")
    restored.hold_what_waits(MADE_AT)
    assert restored.hold_what_waits(MADE_AT) == 0
    assert Event.objects.filter(action="needs_person").count() == 1


def test_what_is_unknown_is_looked_for_unless_its_target_would_send_it_again(deployment_in, dev):
    named = real_time_body(service_name="lost")
    world.in_limbo(deployment_in("submitted", body=named), person=False)
    assert restored.hold_what_waits(MADE_AT) == 0
    type(dev).objects.filter(pk=dev.pk).update(resends_itself=True)
    assert restored.hold_what_waits(MADE_AT) == 1
    row = Submission.objects.get()
    assert (row.outcome, row.needs_person) == (Outcome.UNKNOWN, True)


def test_what_has_come_to_an_end_stays_so(deployment_in):
    world.in_the_cloud(deployment_in("submitted"), "running")
    assert restored.hold_what_waits(MADE_AT) == 0
