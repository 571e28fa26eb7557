"""So many requests of one process are out at once, and the next one is ready when a slot comes free."""

import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from deployer.management.commands.worker import make_room
from deployer.models import Submission, Target
from deployer.models.once import Select
from deployer.worker import send as sending
from deployer.worker import shares as turns
from deployer.worker import slots as room
from deployer.worker import steps
from deployer.worker.ending import stopping
from deployer.worker.send import send
from deployer.worker.shares import Shares
from deployer.worker.slots import Slots, slots
from tests import factories


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


def test_when_the_calls_of_one_target_take_long_another_may_have_one_more(monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    monkeypatch.setattr(room, "LONG", 60)
    single = Slots(1)
    with single.one(7):
        with single.one(8) as soon:
            assert soon is False
        single._moved_at -= 61
        assert (single.are_stuck(7), single.are_stuck(8)) == (True, False)
        with single.one(7) as same, single.one(8) as other, single.one(9) as third:
            assert (same, other, third) == (False, True, False)
    assert single.are_stuck(7) is False
    with single.one(7) as got:
        assert got is True


def test_of_one_target_only_so_many_threads_learn_at_a_time(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    both = Shares(2)
    with both.one(7) as first, both.one(7) as second:
        assert (first, second, both.are_stuck(7)) == (True, True, False)
        with both.one(7) as third, both.one(8) as other:
            assert (third, other) == (False, True)
        assert (both.are_stuck(7), both.are_stuck(8)) == (True, False)
    assert both.are_stuck(7) is False
    with pytest.raises(ZeroDivisionError), both.one(7), both.one(7):
        raise ZeroDivisionError
    with both.one(7) as first, both.one(7) as second:
        assert (first, second) == (True, True)


@pytest.mark.django_db
def test_rows_behind_many_that_are_stuck_are_found(submitted, here, prod, deployment_in, monkeypatch):
    monkeypatch.setattr(steps, "AMONG", 2)
    monkeypatch.setattr(steps, "movable", Select(steps.movable.build))  # compiled with that
    for name in ("one", "two", "three"):
        submitted(name)
    Submission.objects.filter(service_name="three").update(outcome="unknown", sent_at=timezone.now())
    other = deployment_in("submitted", target=prod).submission
    monkeypatch.setattr(steps.shares, "most", 1)
    monkeypatch.setattr(turns, "PATIENCE", 0.0)
    with steps.shares.one(here.pk):
        time.sleep(0.01)
        assert [row.pk for row in steps.can_move()] == [other.pk]
        for name in ("four", "five"):
            deployment_in("submitted", target=prod, body=factories.real_time_body(service_name=name))
        third = deployment_in("submitted", target=factories.TargetFactory(name="third")).submission
        with steps.shares.one(prod.pk):
            time.sleep(0.01)
            assert [row.pk for row in steps.can_move()] == [third.pk]
    steps.shares.most = None
    monkeypatch.setattr(steps.slots, "most", 1)
    monkeypatch.setattr(room, "PATIENCE", 0.0)
    Submission.objects.filter(pk__gte=other.pk).update(needs_person=True, reason="Not now.")
    with steps.slots.one(here.pk):
        time.sleep(0.01)
        assert [row.outcome for row in steps.can_move()] == ["unknown"]  # it is looked for, which takes no slot


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


def waiting_for(single: Slots, *, departs: bool, order: list[str]) -> threading.Thread:
    """A thread whose request is ready; it notes when it goes out, or gives up."""

    def follow():
        with single.one():
            time.sleep(0.002)
            order.append("out" if departs else "given up")
            if departs:
                single.departed()
                time.sleep(0.2)

    thread = threading.Thread(target=follow)
    thread.start()
    while not single._ready - {threading.get_ident()}:
        time.sleep(0.001)
    return thread


@pytest.mark.parametrize("departs", [True, False])
def test_what_is_ready_goes_out_or_gives_up_before_the_last_is_written_down(departs, monkeypatch):
    monkeypatch.setattr(room, "AFTER_YOU", 5)
    single, order = Slots(1), []
    with single.one():
        single.departed()
        waiting = waiting_for(single, departs=departs, order=order)
    single.after_you()
    order.append("written down")
    waiting.join()
    assert order == ["out" if departs else "given up", "written down"]


def test_writing_down_waits_for_a_moment_only(monkeypatch):
    monkeypatch.setattr(room, "AFTER_YOU", 0.01)
    single, leave = Slots(1), threading.Event()

    def stay():
        with single.one():
            leave.wait(10)

    with single.one():
        waiting = threading.Thread(target=stay)
        waiting.start()
        while len(single._ready) < 2:
            time.sleep(0.001)
    began = time.monotonic()
    single.after_you()
    assert time.monotonic() - began < 5
    leave.set()
    waiting.join()


@pytest.mark.parametrize(("slots_there", "calls_allowed", "full"), [(None, 1, False), (4, 8, False), (4, 4, True)])
def test_a_target_is_full_when_it_allows_no_more_than_there_are_slots(slots_there, calls_allowed, full):
    assert Slots(slots_there).are_as_many_as(calls_allowed) is full


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
def test_none_is_made_ready_once_the_slots_are_stuck(submitted, cloud, one_slot, monkeypatch):
    """The list was made before; each of its rows would ask the cloud and wait."""
    monkeypatch.setattr(room, "PATIENCE", 0.3)
    real, ready = sending.make_ready, []
    monkeypatch.setattr(sending, "make_ready", lambda going: ready.append(going) or real(going))
    for name in ("one", "two", "three"):
        submitted(name)
    found = steps.submissions()
    with one_slot.one():
        one_slot._moved_at = time.monotonic()
        assert [step("tester:1") for step in found] == [False, False, False]
    assert len(ready) == 1


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
@pytest.mark.parametrize("allowed", [1, 8])
def test_two_that_are_ready_go_out_one_after_the_other(allowed, submitted, cloud, one_slot, monkeypatch):
    """Also at a target that is full until the first answer is written down."""
    Target.objects.update(most_calls=allowed)
    monkeypatch.setattr(room, "PATIENCE", 30)
    rows = [submitted("first"), submitted("second")]
    for _ in rows:
        cloud.next_time("delayed", seconds=0.4)
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
    first, second = sorted(Submission.objects.values_list("sent_at", flat=True))
    assert (second - first).total_seconds() >= 0.4


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pool")
@pytest.mark.parametrize(("calls", "most"), [(4, 12), (10, 12), (11, 13), (32, 34)])
def test_each_thread_of_a_worker_has_a_connection(calls, most):
    pool = connection.pool
    before = (pool.min_size, pool.max_size)
    try:
        make_room(calls)
        assert (pool.min_size, pool.max_size) == (before[0], most)
    finally:
        pool.resize(*before)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a pool")
def test_without_a_pool_nothing_is_to_be_made():
    make_room(32)
