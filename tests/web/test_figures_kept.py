"""The figures of /metrics: true from the first call on, and as cheap after years as on the first day."""

import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.models import Attempt, Submission, Tally
from deployer.rehearsal.past import writing
from deployer.workflow import tallies
from tests.browser import world
from tests.factories import real_time_body
from tests.web.test_scale import reads_whole_tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(settings):
    """The lines of /metrics."""
    settings.METRICS_OPEN = True
    return lambda: Client().get("/metrics").content.decode().splitlines()


def sent(deployment_in, name: str, *, lost: bool = False) -> Submission:
    deployment = deployment_in("submitted", body=real_time_body(service_name=name))
    done = world.in_limbo(deployment, person=False) if lost else world.in_the_cloud(deployment, "running")
    return done.submission


def test_calls_are_told_by_target_kind_and_outcome_with_their_durations(figures, deployment_in):
    sent(deployment_in, "a")
    sent(deployment_in, "b", lost=True)
    lines = figures()
    for line in (
        'deployer_calls_total{kind="send",outcome="accepted",target="dev"} 1.0',
        'deployer_calls_total{kind="send",outcome="unknown",target="dev"} 1.0',
        'deployer_call_seconds_count{kind="send",target="dev"} 2.0',
        'deployer_call_seconds_bucket{kind="send",le="60.0",target="dev"} 2.0',
        'deployer_unknowns_total{target="dev"} 1.0',
        'deployer_retries_total{target="dev"} 0.0',
        'deployer_uncounted{of="calls"} 0.0',
    ):
        assert line in lines


def again(row: Submission, number: int, **facts) -> None:
    now = timezone.now()
    known = {"kind": "send", "worker": "w", "started_at": now, "finished_at": now, "outcome": "accepted"}
    Attempt.objects.create(submission=row, number=number, **{**known, **facts})


def test_a_send_after_another_attempt_is_a_retry(figures, deployment_in):
    row = sent(deployment_in, "a")
    again(row, 2, outcome="put_back")
    again(row, 3)
    again(row, 4, kind="look", outcome="not_found")
    assert 'deployer_retries_total{target="dev"} 2.0' in figures()


def test_kept_and_fresh_numbers_make_the_same_sum(figures, deployment_in, monkeypatch):
    row = sent(deployment_in, "a")
    now = timezone.now()
    for number in range(2, 12):
        again(row, number, started_at=now - timedelta(seconds=number * 2), finished_at=now)
    again(row, 12, finished_at=now + timedelta(hours=1))
    monkeypatch.setattr(tallies, "AGED", timedelta(0))
    expected = [line for line in figures() if "_call" in line]
    monkeypatch.setattr(tallies, "AT_ONCE", 4)
    assert [line for line in figures() if "_call" in line] == expected
    kept = Tally.objects.get(name="calls")
    assert kept.upto + 1 == Attempt.objects.order_by("-pk")[0].pk  # what is fresh is counted anew
    assert [line for line in figures() if "_call" in line] == expected


def test_what_was_not_counted_in_time_follows_and_is_told(figures, deployment_in, monkeypatch):
    row = sent(deployment_in, "a")
    old = timezone.now() - timedelta(hours=1)
    for number in range(2, 9):
        again(row, number, started_at=old, finished_at=old)
    monkeypatch.setattr(tallies, "AT_ONCE", 2)
    monkeypatch.setattr(tallies, "AGED", timedelta(0))
    monkeypatch.setattr(tallies, "BUDGET", -1.0)
    assert 'deployer_uncounted{of="calls"} 6.0' in figures()
    monkeypatch.setattr(tallies, "BUDGET", 5.0)
    lines = figures()
    assert 'deployer_uncounted{of="calls"} 0.0' in lines
    assert 'deployer_call_seconds_count{kind="send",target="dev"} 8.0' in lines


def test_two_at_once_keep_a_call_once(deployment_in, monkeypatch):
    row = sent(deployment_in, "a")
    monkeypatch.setattr(tallies, "AT_ONCE", 2)
    monkeypatch.setattr(tallies, "AGED", timedelta(0))
    tallies.calls()
    kept = Tally.objects.get(name="calls")
    again(row, 2)
    again(row, 3)
    tallies.calls()
    tallies.replace(kept, kept.upto + 1, "{}")  # somebody slower
    assert sum(tallies.calls().ended.values()) == 3


def test_portions_that_move_are_counted_again_and_calm_ones_in_turn(deployment_in, monkeypatch, time_machine):
    monkeypatch.setattr(tallies, "PORTION", 1)
    rows = [sent(deployment_in, name) for name in "abc"]
    moving = sent(deployment_in, "d", lost=True)
    dev = moving.target_id
    assert tallies.standing().numbers == {("accepted", dev): 3, ("unknown", dev): 1}
    Submission.objects.filter(pk=moving.pk).update(
        outcome="given_up", next_action_at=None, settled_at=timezone.now(), needs_person=False
    )
    Submission.objects.filter(pk=rows[0].pk).update(outcome="refused")
    assert tallies.standing().numbers == {("accepted", dev): 3, ("given_up", dev): 1}
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    for _ in range(6):
        found = tallies.standing().numbers
    assert found == {("accepted", dev): 2, ("refused", dev): 1, ("given_up", dev): 1}


def test_a_portion_that_filled_up_between_two_readings_is_counted_whole(deployment_in, monkeypatch):
    first = sent(deployment_in, "a").pk
    size = first + 2  # the first and the next share portion 0, the one after the next begins portion 1
    monkeypatch.setattr(tallies, "PORTION", size)
    assert tallies.standing().numbers.total() == 1
    keys = [sent(deployment_in, name).pk for name in "bcd"]
    assert [key // size for key in (first, *keys)] == [0, 0, 1, 1]
    assert tallies.standing().numbers.total() == 4


def test_no_table_is_read_from_end_to_end(figures):
    writing.seed(60, 7)
    figures()
    with CaptureQueriesContext(connection) as queries:
        figures()
    every = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    small = ("deployer_tally", "deployer_cataloglist", "deployer_heartbeat", "deployer_freeze")
    whole = [(step, sql) for sql in every for step in reads_whole_tables(sql) if not any(s in step for s in small)]
    assert whole == []
    assert len(every) <= 30


def timed(figures) -> float:
    began = time.perf_counter()
    figures()
    return (time.perf_counter() - began) * 1000


@pytest.mark.slow
def test_ten_thousand_cost_about_what_a_hundred_cost(figures, capsys):
    took = {}
    for many in (100, 9_900):
        writing.seed(many, 7)
        for _ in range(4):  # the first readings count what was never counted
            lines = figures()
        took[many] = min(timed(figures) for _ in range(3))
    with capsys.disabled():
        sys.stdout.write(f"\n/metrics: {took[100]:.0f} ms with a hundred, {took[9_900]:.0f} ms with ten thousand\n")
    told = {line.split("{")[1].split('"')[1]: 0.0 for line in lines if line.startswith("deployer_submissions{")}
    for line in lines:
        if line.startswith("deployer_submissions{"):
            told[line.split('"')[1]] += float(line.split()[-1])
    real = {name: Submission.objects.filter(outcome=name).count() for name in told}
    assert told == real
    assert 'deployer_uncounted{of="submissions"} 0.0' in lines
    assert 'deployer_uncounted{of="calls"} 0.0' in lines
    assert took[9_900] < 2 * took[100] + 100  # whatever else this machine does
