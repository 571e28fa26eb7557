"""After a restore nothing goes out by itself: a person looks first."""

import json
from datetime import UTC, datetime

import pytest

from deployer.domain.lifecycle import Outcome
from deployer.models import Event, Submission
from deployer.workflow import history, outcome, restored, submission
from tests.browser import world
from tests.factories import real_time_body
from tests.models import rows

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
    assert set(submission.hands_on(olga, row)) == {"send_again", "give_up", "settle_as"}  # it may have been sent
    assert isinstance(history.verify(), int)


def test_what_was_in_the_air_counts_as_lost(deployment_in, dev):
    """Also where a person decides at once: sent again, it is looked for first, and what it made can be adopted."""
    type(dev).objects.filter(pk=dev.pk).update(resends_itself=True)
    deployment_in("submitted")
    row = outcome.read(Submission.objects.get().pk)
    assert row is not None
    assert outcome.begin_sending(row, seconds=60)
    assert restored.hold_what_waits(MADE_AT) == 1
    row.refresh_from_db()
    assert (row.outcome, row.needs_person, row.lost) == (Outcome.UNKNOWN, True, 1)
    assert row.late_look_at is not None


def test_what_was_there_at_the_time_of_the_backup_is_never_adopted(deployment_in, dev):
    deployment = deployment_in("submitted")
    there = rows.service(target=dev, name=deployment.submission.service_name)
    restored.hold_what_waits(MADE_AT)
    assert json.loads(Submission.objects.get().known_before) == [there.service_id]


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
