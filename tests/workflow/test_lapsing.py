"""Approvals that lapse by the clock, or with the role of who gave them, lead back to review."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from deployer.models import Deployment, Event
from deployer.workflow import history, lapsing, review, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def hasty(dev):
    dev.approval_hours = 4
    dev.save()
    return dev


def five_hours_ago():
    return time_machine.travel(timezone.now() - timedelta(hours=5), tick=False)


def state_of(deployment) -> str:
    return Deployment.objects.get(pk=deployment.pk).state


def test_an_approval_that_lapsed_asks_again_and_can_be_given_again(hasty, bob, deployment_in):
    with five_hours_ago():
        deployment = deployment_in("approved", target=hasty)
    assert lapsing.lapse() == 1
    assert state_of(deployment) == "in_review"
    event = Event.objects.first()
    assert (event.action, event.by_key) == ("approval_stale", "")
    again = review.decide(deployment, "approve", seen=deployment.seen, by=bob)
    assert again.state == "approved"
    assert lapsing.lapse() == 0
    assert history.verify() == Event.objects.count()


def test_no_clock_of_a_worker_takes_an_approval_back(hasty, deployment_in):
    """One that is hours ahead, or behind: the time is the database's."""
    held = deployment_in("approved", target=hasty)
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        assert lapsing.lapse() == 0
    assert state_of(held) == "approved"
    with five_hours_ago():
        lapsed = deployment_in("approved", target=hasty)
        assert lapsing.lapse() == 1
    assert state_of(lapsed) == "in_review"


def test_who_is_no_approver_any_more_no_longer_carries(dev, bob, deployment_in):
    deployment = deployment_in("approved")
    bob.groups.clear()
    assert lapsing.lapse() == 1
    assert state_of(deployment) == "in_review"


def test_what_carries_is_left_alone_in_a_fixed_number_of_queries(deployment_in, django_assert_max_num_queries):
    for _ in range(5):
        deployment_in("approved")
    with django_assert_max_num_queries(5):
        assert lapsing.lapse() == 0


def test_what_was_sent_meanwhile_is_not_called_back(hasty, alice, deployment_in):
    with five_hours_ago():
        deployment = deployment_in("approved", target=hasty)
        submission.submit(deployment, seen=deployment.seen, by=alice)
    assert not lapsing.back_to_review(deployment, timezone.now())
    assert state_of(deployment) == "submitted"


def test_a_sending_that_came_back_is_past_once_it_is_asked_again(olga, alice, bob, deployment_in):
    deployment = deployment_in("submitted")
    deployment = submission.by_hand(deployment, "cancel", seen=deployment.submission.pk, by=olga, comment="Later")
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    assert (deployment.state, deployment.submission) == ("approved", None)
    assert deployment.submissions.count() == 1
