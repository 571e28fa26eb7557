"""Hints and the sweep: the rows are the truth, tasks only say that something is due."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from deployer.models import Heartbeat, Submission
from deployer.worker import line, steps, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_leases():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def submission(submission) -> Submission:
    """With its own hint alone: on the way here others were put in line too."""
    DBTaskResult.objects.all().delete()
    line.hint()
    return submission


def test_submitting_puts_a_hint_into_the_same_transaction(here, deployment_in):
    deployment = deployment_in("approved", target=here)
    DBTaskResult.objects.all().delete()  # those of the way here
    from deployer.workflow import submission

    with pytest.raises(RuntimeError), transaction.atomic():
        submission.submit(deployment, seen=deployment.seen, by=deployment.author)
        assert DBTaskResult.objects.count() == 1
        raise RuntimeError
    assert (DBTaskResult.objects.count(), Submission.objects.count()) == (0, 0)


def test_the_sweep_hints_at_due_rows_without_a_task(submission):
    DBTaskResult.objects.all().delete()
    assert sweep.sweep("one:1") == 1
    assert DBTaskResult.objects.ready().count() == 1


def test_the_sweep_is_quiet_while_every_due_row_has_a_task(submission):
    assert sweep.sweep("one:1") == 0


def test_no_clock_of_a_worker_keeps_others_from_sweeping(submission):
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert sweep.sweep("ahead:1") == 0  # the row has its task
    DBTaskResult.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert sweep.sweep("ahead:1") == 1
    DBTaskResult.objects.all().delete()
    assert sweep.sweep("right:1") == 1
    assert sweep.sweep("also-right:1") == 0


def test_an_idle_sweep_only_reads(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert sweep.sweep("one:1") == 0


def test_a_task_of_a_dead_worker_is_closed(submission):
    task = DBTaskResult.objects.get()
    task.claim("dead:1")
    assert sweep.free_tasks() == 0
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert sweep.free_tasks() == 1
    assert DBTaskResult.objects.get().status == "FAILED"


def test_results_and_silent_workers_are_pruned(submission):
    task = DBTaskResult.objects.get()
    task.set_successful(1)
    sweep.beat("alive:1")
    sweep.beat("silent:1")
    Heartbeat.objects.filter(worker="silent:1").update(beat_at=timezone.now() - timedelta(hours=1))
    assert sweep.prune() == 0
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    assert sweep.prune() == 1
    assert list(Heartbeat.objects.values_list("worker", flat=True)) == ["alive:1"]


def test_one_task_drains_several_rows_and_their_services(submitted, cloud):
    rows = [submitted(name) for name in ("one", "two", "three")]
    assert steps.advance("tester:1") >= 3
    assert set(Submission.objects.values_list("outcome", flat=True)) == {"accepted"}
    assert len(cloud.services()) == len(rows)
    assert not Submission.objects.due().exists()


def test_a_broken_row_does_not_stop_the_line(submitted, cloud, monkeypatch, caplog):
    from deployer.worker import send

    bad, good = submitted("bad"), submitted("good")
    real = send.check_bytes

    def breaks(going):
        if going.submission.pk == bad.pk:
            raise ZeroDivisionError
        real(going)

    monkeypatch.setattr(send, "check_bytes", breaks)
    steps.advance("tester:1")
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.outcome, good.outcome) == ("waiting", "accepted")
    assert "our side" in bad.reason
    assert "ZeroDivisionError" in caplog.text


def test_a_stopping_worker_begins_no_step(submission, cloud):
    steps.stopping.set()
    try:
        assert steps.advance("tester:1") == 0
    finally:
        steps.stopping.clear()
    assert cloud.services() == []
