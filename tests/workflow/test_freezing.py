"""Freezes and times: who may stop the line, what it holds, and when a row may go out."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from deployer.models import Event, Freeze, Submission
from deployer.workflow import freezing
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def row(deployment_in) -> Submission:
    return deployment_in("submitted").submission


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "victor"])
def test_only_operators_and_admins_freeze_and_lift(name, people, dev):
    with pytest.raises(NotAllowed, match="operators and administrators"):
        freezing.begin(dev, "Cleaning.", None, people[name])
    freeze = freezing.begin(dev, "Cleaning.", None, people["olga"])
    with pytest.raises(NotAllowed):
        freezing.lift(freeze, people[name], "Clean.")
    assert freezing.in_force(dev) == freeze
    freezing.lift(freeze, people["root"], "Clean.")
    assert freezing.in_force(dev) is None


def test_both_are_in_the_history_with_their_reasons(dev, olga, root):
    ends_at = timezone.now() + HOUR
    freeze = freezing.begin(dev, " Cleaning. ", ends_at, olga)
    freezing.lift(freeze, root, "Clean.")
    begun, lifted = Event.objects.order_by("number")
    assert (begun.action, begun.by_key, begun.comment, begun.target_name) == (
        "freeze_begun",
        "olga",
        "Cleaning.",
        "dev",
    )
    assert begun.facts == {"freeze": freeze.pk, "place": "dev", "ends_at": ends_at.isoformat()}
    assert (lifted.action, lifted.by_key, lifted.comment) == ("freeze_lifted", "root", "Clean.")


def test_a_reason_is_needed_and_an_end_lies_ahead(dev, olga):
    for reason, ends_at, place in [
        ("  ", None, "reason"),
        ("x" * 2001, None, "reason"),
        ("Cleaning.", timezone.now(), "ends_at"),
    ]:
        with pytest.raises(HasProblems) as refused:
            freezing.begin(dev, reason, ends_at, olga)
        assert [problem.path for problem in refused.value.problems] == [place]
    with pytest.raises(HasProblems):
        freezing.lift(freezing.begin(dev, "Cleaning.", None, olga), olga, "")
    assert Freeze.objects.in_force().count() == 1


def test_a_second_one_is_told_of_the_first(dev, prod, olga, root):
    freeze = freezing.begin(dev, "Cleaning.", None, olga)
    with pytest.raises(MovedOn, match="Olga Marin froze dev meanwhile, until it is lifted."):
        freezing.begin(dev, "Me too.", None, root)
    freezing.begin(prod, "Another place.", None, root)
    freezing.begin(None, "All of it.", None, root)
    with pytest.raises(MovedOn, match="froze all targets"):
        freezing.begin(None, "All of it.", None, olga)
    freezing.lift(freeze, olga, "Clean.")
    with pytest.raises(MovedOn, match="Olga Marin lifted the freeze of dev meanwhile."):
        freezing.lift(freeze, root, "Clean.")


def test_one_that_ended_by_itself_is_not_lifted(dev, olga):
    freeze = freezing.begin(dev, "Cleaning.", timezone.now() + HOUR, olga)
    early = timezone.now() - 2 * HOUR
    Freeze.objects.filter(pk=freeze.pk).update(begun_at=early, ends_at=early + HOUR)
    with pytest.raises(MovedOn, match="ended by itself"):
        freezing.lift(freeze, olga, "Clean.")
    assert freezing.in_force(dev) is None


def test_one_that_is_in_force_by_the_database_is_lifted_whatever_our_clock_says(dev, olga):
    freeze = freezing.begin(dev, "Cleaning.", timezone.now() + HOUR, olga)
    with time_machine.travel(timezone.now() + 2 * HOUR):
        freezing.lift(freeze, olga, "Clean.")
    assert freezing.in_force(dev) is None


def test_what_is_free_goes_at_once(row):
    now = timezone.now()
    assert freezing.when_to_send(row, now) == now
    assert freezing.why_it_waits(row, now) == ""


def test_a_freeze_with_an_end_holds_until_then_and_one_without_for_good(row, dev, prod, olga):
    now = timezone.now()
    freezing.begin(prod, "Another place.", None, olga)
    assert freezing.when_to_send(row, now) == now
    ends_at = now + HOUR
    freezing.begin(None, "The network is mended.", ends_at, olga)
    assert freezing.when_to_send(row, now) == ends_at
    why = freezing.why_it_waits(row, now)
    assert why == f"Sending to all targets is frozen until {freezing.said(ends_at, dev)}: “The network is mended.”"
    freezing.begin(dev, "Cleaning.", None, olga)
    assert freezing.when_to_send(row, now) is None
    assert freezing.why_it_waits(row, now) == "Sending to dev is frozen until it is lifted: “Cleaning.”"
    assert freezing.in_force(dev).reason == "Cleaning."


def test_a_reason_without_a_period_does_not_run_into_the_next_sentence(row, dev, olga):
    freezing.begin(dev, "incident 42", None, olga)
    why = freezing.why_it_waits(row, timezone.now())
    assert why == "Sending to dev is frozen until it is lifted: “incident 42”."


def test_a_freeze_that_ends_before_the_chosen_time_holds_nothing_up(row, dev, olga):
    now = timezone.now()
    freezing.begin(dev, "Cleaning.", now + HOUR, olga)
    row.not_before = now + 2 * HOUR
    found = freezing.going(row, now, freezing.freezes_of(dev))
    assert (found.at, found.freeze) == (row.not_before, None)
    assert "the time that was chosen" in found.why


def test_the_time_that_was_chosen_and_the_next_window_count_as_well(row, dev, olga):
    now = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # a Friday, 18:30 in Berlin
    dev.windows, dev.zone = "Mon-Fri 08:00-18:00", "Europe/Berlin"
    row.target = dev
    monday = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert freezing.when_to_send(row, now) == monday
    assert freezing.why_it_waits(row, now) == (
        "dev is sent to Mon-Fri 08:00-18:00 (Europe/Berlin) only: it goes out at 08:00 CET on Mon 23 Nov."
    )
    row.not_before = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert freezing.when_to_send(row, now) == row.not_before
    assert freezing.why_it_waits(row, now) == "It goes out at 13:00 CET on Tue 24 Nov, the time that was chosen."
    row.not_before = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert freezing.when_to_send(row, now) == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert freezing.when_to_send(row, row.not_before + 12 * HOUR) == row.not_before + 12 * HOUR


@pytest.mark.parametrize(("windows", "zone"), [("nonsense", "UTC"), ("08:00-09:00", "Nowhere/Land"), ("1:00-2:00", "")])
def test_windows_that_cannot_be_read_stay_closed(windows, zone, row, dev):
    dev.windows, dev.zone = windows, zone
    row.target = dev
    assert freezing.when_to_send(row, timezone.now()) is None
    assert "cannot be read" in freezing.why_it_waits(row, timezone.now())


def test_lifting_wakes_what_it_held_and_nothing_else(row, dev, prod, deployment_in, olga):
    throttled = deployment_in("submitted").submission
    elsewhere = deployment_in("submitted", target=prod).submission
    later = timezone.now() + HOUR
    freeze = freezing.begin(dev, "Cleaning.", later, olga)
    for one, reason in (
        (row, freezing.why_it_waits(row, timezone.now())),
        (throttled, "The cloud is busy and asked us to wait."),
        (elsewhere, "Sending to prod is frozen until it is lifted: “Mended.”"),
    ):
        Submission.objects.filter(pk=one.pk).update(reason=reason, next_action_at=later)
    freezing.lift(freeze, olga, "Clean.")
    due = set(Submission.objects.due().values_list("pk", flat=True))
    assert due == {row.pk}
    assert freezing.when_to_send(row, timezone.now()) <= timezone.now()


def test_all_that_is_frozen_in_one_query(dev, prod, olga, django_assert_num_queries):
    for target in (dev, prod, None):
        freezing.begin(target, "Cleaning.", None, olga)
    with django_assert_num_queries(1):
        found = [(freezing.place_of(one), str(one.begun_by)) for one in freezing.every_in_force()]
    assert found == [("all targets", "Olga Marin"), ("dev", "Olga Marin"), ("prod", "Olga Marin")]
