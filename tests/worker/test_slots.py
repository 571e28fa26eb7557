"""So many requests of one process are out at once, and the next one is ready when a slot comes free."""

import threading
import time

import pytest
from django.db import connection

from deployer.management.commands.worker import make_room
from deployer.models import Submission
from deployer.worker import slots as room
from deployer.worker import steps
from deployer.worker.ending import stopping
from deployer.worker.send import send
from deployer.worker.slots import Slots, slots


@pytest.fixture
def one_slot():
    slots.most = 1
    yield slots
    slots.most = None


def test_outside_of_a_worker_nobody_waits():
    free = Slots()
    with free.one() as first, free.one() as second:
        assert (first, second, free.are_stuck()) == (True, True, False)
    free.after_you()


def test_no_more_than_so_many_have_one():
    both, most, now, lock = Slots(2), 0, 0, threading.Lock()

    def call():
        nonlocal most, now
        with both.one() as got:
            assert got
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_who_waits_in_vain_goes_on_with_other_things(monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    single = Slots(1)
    with single.one() as first:
        time.sleep(0.06)
        assert (first, single.are_stuck()) == (True, True)
        with single.one() as second:
            assert second is False
    assert single.are_stuck() is False
    with single.one() as third:
        assert third is True


def test_a_slot_is_free_again_after_a_trouble():
    single = Slots(1)
    with pytest.raises(ZeroDivisionError), single.one():
        raise ZeroDivisionError
    with single.one() as got:
        assert got


def test_none_is_had_when_the_process_is_to_end():
    single = Slots(1)
    stopping.set()
    try:
        with single.one() as got:
            assert got is False
    finally:
        stopping.clear()


def test_what_waits_goes_out_before_the_last_is_written_down():
    single, order = Slots(1), []

    def following():
        with single.one():
            order.append("out")
            single.departed()

    with single.one():
        waiting = threading.Thread(target=following)
        waiting.start()
        while not single._waiting:
            time.sleep(0.001)
    single.after_you()
    order.append("written down")
    waiting.join()
    assert order == ["out", "written down"]


def test_writing_down_waits_for_a_moment_only():
    single = Slots(1)
    with single.one():
        waiting = threading.Thread(target=lambda: single.one().__enter__())
        waiting.start()
        while not single._waiting:
            time.sleep(0.001)
    began = time.monotonic()
    single.after_you()
    assert time.monotonic() - began < 1
    waiting.join()


@pytest.mark.django_db
def test_a_row_without_a_slot_stays_as_it_was(submitted, cloud, one_slot, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    row = submitted("mine")
    before = Submission.objects.filter(pk=row.pk).values().get()
    with one_slot.one():
        assert send(row.pk, "tester:1") is False
        assert steps.submissions() == []
    assert Submission.objects.filter(pk=row.pk).values().get() == before
    assert cloud.count("POST", "/services") == 0
    assert len(steps.submissions()) == 1
    assert send(row.pk, "tester:1") is True


@pytest.mark.django_db
def test_a_row_that_was_claimed_is_not_kept_from_others(submitted, cloud, one_slot, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    row = submitted("mine")
    Submission.objects.filter(pk=row.pk).update(lost=1)
    with one_slot.one():
        assert send(row.pk, "tester:1") is False
    row.refresh_from_db()
    assert (row.outcome, row.lease, row.lease_until) == ("waiting", "", None)


@pytest.mark.django_db(transaction=True)
def test_one_is_made_ready_while_another_is_out(submitted, cloud, one_slot):
    rows = [submitted("first"), submitted("second")]
    cloud.next_time("delayed", seconds=0.3)
    done = []

    def sends(pk: int) -> None:
        try:
            done.append(send(pk, "tester:1"))
        finally:
            connection.close()

    threads = [threading.Thread(target=sends, args=(row.pk,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True]
    assert cloud.count("POST", "/services") == 2
    outs = sorted((row.sent_at, row.tries.get().finished_at) for row in Submission.objects.all())
    assert outs[0][0] < outs[1][0]


@pytest.mark.parametrize(("calls", "most"), [(1, 12), (10, 12), (11, 13), (32, 34)])
def test_each_thread_of_a_worker_has_a_connection(calls, most):
    pool = {"max_size": 12}
    make_room(pool, calls)
    assert pool == {"max_size": most}
    make_room(None, calls)  # SQLite has no pool
