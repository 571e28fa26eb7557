"""A worker is woken at once when something became due; what is not heard is found by the poll."""

import threading
import time

import pytest
from django.db import connection, transaction

from deployer.models import Heartbeat
from deployer.worker import line, sweep, wakeups

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ears():
    wakeups.forget()
    ears = wakeups.Ears()
    yield ears
    ears.close()
    wakeups.forget()


def test_a_hint_wakes_when_it_is_committed_and_not_before(ears):
    sweep.beat(f"{wakeups.machine()}:1", port=ears.port)
    with transaction.atomic():
        line.hint()
        assert ears.wait(0.05) is False
    assert ears.wait(60.0) is True
    assert ears.wait(0.0) is False  # heard once


def test_a_hint_that_is_rolled_back_wakes_nobody(ears):
    sweep.beat(f"{wakeups.machine()}:1", port=ears.port)
    with pytest.raises(RuntimeError), transaction.atomic():
        line.hint()
        raise RuntimeError
    assert ears.wait(0.05) is False


def test_only_workers_of_this_machine_are_knocked_at(ears):
    sweep.beat("elsewhere:1", port=ears.port)
    sweep.beat(f"{wakeups.machine()}:2", port=0)
    assert wakeups.known_ports() == []


def test_ports_are_asked_for_now_and_then(ears, django_assert_num_queries):
    sweep.beat(f"{wakeups.machine()}:1", port=ears.port)
    with django_assert_num_queries(1):
        for _ in range(5):
            wakeups.knock()
    assert ears.wait(60.0) is True


def test_nobody_at_home_is_no_trouble(ears):
    sweep.beat(f"{wakeups.machine()}:1", port=9)
    wakeups.knock()
    wakeups.knock()


def test_our_own_knock_wakes_us(ears):
    with ears.own_knock() as knock:
        began = time.monotonic()
        threading.Timer(0.05, lambda: knock.send(b"!")).start()
        assert ears.wait(60.0) is True
        assert time.monotonic() - began < 30


def test_the_port_is_told_with_the_heartbeat(ears):
    sweep.beat("one:1", port=ears.port)
    began = Heartbeat.objects.get().started_at
    sweep.beat("one:1", port=ears.port)
    row = Heartbeat.objects.get()
    assert (row.port, row.started_at) == (ears.port, began)
    assert row.beat_at >= began


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no notices")
def test_a_notice_of_the_database_wakes_and_survives_a_lost_line(ears):
    ears.listen()
    assert ears.line is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [wakeups.CHANNEL])
    assert ears.wait(60.0) is True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ears.line.info.backend_pid])
    ends_at = time.monotonic() + 60
    while ears.line is not None:
        ears.wait(0.1)
        assert time.monotonic() < ends_at
    ears.next_try = 0.0
    ears.listen()
    assert ears.line is not None
