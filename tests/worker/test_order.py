"""The line: order among those of one name, so many calls at once, pauses the cloud asks for, clocks that are wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Submission, Target
from deployer.worker import steps, waits
from deployer.worker.send import send
from deployer.worker.settle import settle
from deployer.workflow import intent, outcome, scheduling, targets
from deployer.workflow import submission as hands
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(submitted):
    """Two rows of one name, in the order they were submitted."""
    return submitted("mine"), submitted("mine")


def again(row: Submission) -> Submission:
    row.refresh_from_db()
    return row


def test_rows_of_one_name_go_out_in_the_order_they_were_submitted(twice, cloud):
    first, second = twice
    assert send(second.pk, "tester:1") is False
    assert again(second).outcome == "waiting"
    assert f"Deployment {first.deployment_id} was submitted before it" in second.reason
    assert second.next_action_at > timezone.now() + timedelta(seconds=20)
    assert cloud.count("POST", "/services") == 0
    assert second.tries.count() == 0


def test_the_end_of_the_older_one_wakes_the_younger(twice, cloud):
    first, second = twice
    send(second.pk, "tester:1")
    send(first.pk, "tester:1")
    assert again(first).outcome == "accepted"
    assert again(second).next_action_at <= timezone.now() + timedelta(seconds=1)
    send(second.pk, "tester:1")
    assert again(second).outcome == "refused"  # the name is taken, by ourselves


def test_an_older_one_that_needs_a_person_holds_the_younger_and_says_so(twice, cloud, olga):
    first, second = twice
    Submission.objects.filter(pk=first.pk).update(needs_person=True, reason="Wrong password.", next_action_at=None)
    assert send(second.pk, "tester:1") is False
    assert "A person has to decide that one first." in again(second).reason
    hands.by_hand(first.deployment, "cancel", seen=first.pk, by=olga, comment="Not needed.")
    assert send(again(second).pk, "tester:1") is True
    assert again(second).outcome == "accepted"


def test_another_name_is_not_held(submitted, cloud):
    first, other = submitted("mine"), submitted("other")
    assert send(other.pk, "tester:1") is True
    assert (again(first).outcome, again(other).outcome) == ("waiting", "accepted")


def test_two_targets_of_one_project_share_its_names(here, submitted, deployment_in, cloud):
    twin = factories.TargetFactory(name="dev-too", endpoint=here.endpoint, iam_endpoint=here.iam_endpoint)
    first = submitted("mine")
    body = factories.real_time_body(service_name="mine")
    second = deployment_in("submitted", target=twin, body=body).submission
    assert first.site == second.site
    assert send(second.pk, "tester:1") is False
    assert "was submitted before it" in again(second).reason


def test_a_target_has_so_many_calls_out_at_most(here, submitted, cloud):
    Target.objects.filter(pk=here.pk).update(most_calls=1)
    first, second = submitted("one"), submitted("two")
    out = outcome.read(first.pk)
    assert out is not None
    assert outcome.begin_sending(out, seconds=60)
    assert send(second.pk, "tester:1") is False
    assert (again(second).outcome, again(second).lease) == ("waiting", "")
    assert second.pk not in {row.pk for row in steps.can_move()}
    assert cloud.count("POST", "/services") == 0
    outcome.put_back(out, outcome.Tried("send", "w", timezone.now(), "No."), reason="No.", seconds=60)
    assert second.pk in {row.pk for row in steps.can_move()}
    assert send(second.pk, "tester:1") is True


def test_what_was_lost_is_looked_for_while_the_target_is_busy(here, submitted, cloud):
    Target.objects.filter(pk=here.pk).update(most_calls=1)
    lost = submitted("lost")
    cloud.next_time("reset-after")
    send(lost.pk, "tester:1")
    busy = outcome.read(submitted("busy").pk)
    assert outcome.begin_sending(busy, seconds=60)
    Submission.objects.filter(pk=lost.pk).update(next_action_at=timezone.now())
    assert lost.pk in {row.pk for row in steps.can_move()}


def test_a_pause_that_the_cloud_asks_for_holds_the_whole_target(here, submitted, deployment_in, cloud):
    first, second = submitted("one"), submitted("two")
    cloud.next_time("429", seconds=40)
    send(first.pk, "tester:1")
    now = timezone.now()
    for row in (first, second):
        assert again(row).outcome == "waiting"
        assert timedelta(seconds=35) < row.next_action_at - now < timedelta(seconds=60)
    assert "asked for a pause" in second.reason
    later = submitted("three")  # submitted during the pause
    assert later.next_action_at - now > timedelta(seconds=35)
    Submission.objects.update(next_action_at=now)
    assert send(second.pk, "tester:1") is False
    assert again(second).next_action_at - now > timedelta(seconds=30)
    assert cloud.count("POST", "/services") == 1
    Target.objects.update(paused_until=now)
    Submission.objects.update(next_action_at=now)
    assert send(second.pk, "tester:1") is True


def test_a_pause_has_an_end_whatever_the_cloud_says():
    assert waits.pause_for(10.0**9) == waits.LONGEST_PAUSE
    assert waits.pause_for(None) is None
    assert waits.before_sending_again(0, asked=10.0**9, chance=1.0) <= waits.LONGEST_PAUSE + 5


def test_a_frozen_target_puts_its_rows_off_in_words(here, submission, cloud, olga):
    from deployer.workflow import freezing

    freezing.begin(here, "Quarter end", timezone.now() + timedelta(hours=2), olga)
    assert send(submission.pk, "tester:1") is False
    row = again(submission)
    assert (row.outcome, row.tries.count()) == ("waiting", 0)
    assert "is frozen" in row.reason
    assert "Quarter end" in row.reason
    assert row.next_action_at - timezone.now() > timedelta(minutes=100)


def test_a_freeze_without_an_end_is_asked_about_again(here, submission, cloud, olga):
    from deployer.workflow import freezing

    freeze = freezing.begin(None, "Incident", None, olga)
    assert send(submission.pk, "tester:1") is False
    assert again(submission).next_action_at - timezone.now() <= timedelta(seconds=intent.FROZEN + 1)
    freezing.lift(freeze, olga, "Over.")
    assert send(submission.pk, "tester:1") is True
    assert again(submission).outcome == "accepted"


def test_a_chosen_time_is_kept(here, deployment_in, cloud):
    approved = deployment_in("approved", target=here)
    at = timezone.now() + timedelta(hours=3)
    row = hands.submit(approved, seen=approved.seen, by=approved.author, not_before=at).submission
    assert row.next_action_at == at
    assert send(row.pk, "tester:1") is False
    Submission.objects.filter(pk=row.pk).update(next_action_at=timezone.now())  # somebody woke it
    assert send(row.pk, "tester:1") is False
    assert abs(again(row).next_action_at - at) < timedelta(seconds=1)
    assert cloud.count("POST", "/services") == 0


def test_a_worker_an_hour_ahead_keeps_to_a_freeze(here, submission, cloud, olga, monkeypatch):
    from deployer.workflow import freezing

    freezing.begin(here, "Quarter end", timezone.now() + timedelta(minutes=30), olga)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=1))
    assert send(submission.pk, "ahead:1") is False
    assert "Quarter end" in again(submission).reason
    assert cloud.count("POST", "/services") == 0


def test_what_waited_for_a_window_is_looked_at_when_the_target_changes(here, submission, cloud):
    """It was agreed under the old windows: the people hear at once that it has to be agreed anew, not on Monday."""
    in_two_hours = timezone.now() + timedelta(hours=2)
    Submission.objects.update(next_action_at=in_two_hours, reason="dev is sent to Mon-Fri 08:00-18:00 only.")
    targets.save(here.name, windows="Sat 10:00-12:00")
    assert again(submission).next_action_at <= timezone.now() + timedelta(seconds=1)
    assert send(submission.pk, "tester:1") is False
    assert again(submission).outcome == "cancelled"
    assert "Ask for review again" in submission.reason


def test_a_worker_an_hour_ahead_cancels_nothing_for_an_approval_that_holds(here, deployment_in, cloud, monkeypatch):
    Target.objects.filter(pk=here.pk).update(approval_hours=1)
    here.refresh_from_db()
    submission = deployment_in("submitted", target=here).submission
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(minutes=90))
    assert send(submission.pk, "ahead:1") is True
    assert again(submission).outcome == "accepted"


def test_a_time_chosen_while_it_is_made_ready_is_kept(submission, cloud, olga):
    """A row that is only read may be given another time; then it must not go out now."""
    read = outcome.read(submission.pk)
    at = timezone.now() + timedelta(hours=3)
    scheduling.reschedule(submission.deployment, seen=submission.pk, by=olga, not_before=at, comment="Later.")
    assert outcome.begin_sending(read, seconds=60) is False
    assert (again(submission).outcome, submission.next_action_at, submission.not_before) == ("waiting", at, at)


def test_a_time_chosen_meanwhile_is_not_put_off_by_what_was_read(here, submission, cloud, olga):
    at = timezone.now() + timedelta(hours=3)
    scheduling.reschedule(submission.deployment, seen=submission.pk, by=olga, not_before=at, comment="Later.")
    Submission.objects.update(next_action_at=timezone.now())  # woken by the end of a freeze
    read = outcome.read(submission.pk)
    scheduling.reschedule(again(submission).deployment, seen=submission.pk, by=olga, not_before=None, comment="Now.")
    assert outcome.begin_sending(read, seconds=60) is False
    assert again(submission).next_action_at <= timezone.now() + timedelta(seconds=1)


def test_a_busy_target_gives_back_what_was_claimed(here, submitted, cloud):
    """What was lost and is sent again is claimed while it is looked for: it must not stay so for a minute."""
    Target.objects.filter(pk=here.pk).update(most_calls=1)
    busy, lost = outcome.read(submitted("busy").pk), submitted("lost")
    Submission.objects.filter(pk=lost.pk).update(lost=1)
    claimed = outcome.claim(lost.pk, outcome="waiting", seconds=60)
    assert outcome.begin_sending(busy, seconds=60)
    assert outcome.begin_sending(claimed, seconds=60) is False
    assert (again(lost).lease, lost.next_action_at <= timezone.now() + timedelta(seconds=1)) == ("", True)


def test_our_own_clock_decides_nothing(submission, cloud, monkeypatch):
    """A worker an hour behind sends what is due; one an hour ahead takes no lease away and looks no earlier."""
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(hours=1))
    cloud.next_time("reset-before")
    assert send(submission.pk, "behind:1") is True
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=1))
    row = again(submission)
    assert row.outcome == "unknown"
    assert abs(row.next_action_at - real()) < timedelta(seconds=10)
    Submission.objects.filter(pk=row.pk).update(next_action_at=real())
    assert settle(row.pk, "ahead:1") is True
    assert (again(row).outcome, row.needs_person) == ("unknown", False)  # the quiet period is not over
    held = outcome.claim(row.pk, outcome="unknown", seconds=60)
    assert held is None or outcome.claim(row.pk, outcome="unknown", seconds=60) is None
    assert outcome.reap("ahead:1") == 0


def test_a_send_costs_few_statements_and_two_commits(submitted, cloud):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    rows = [submitted(f"number-{number}") for number in range(3)]
    for row in rows[:2]:
        send(row.pk, "tester:1")
    with CaptureQueriesContext(connection) as seen:
        assert send(rows[2].pk, "tester:1")
    told = [query["sql"] for query in seen.captured_queries]
    plain = [sql for sql in told if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(plain) <= 16, "\n".join(plain)
    assert sum(sql.startswith(("SAVEPOINT", "BEGIN")) for sql in told) <= 2
