"""Writers on SQLite queue: nobody waits for long while others write again and again."""

import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from deployer.backends.sqlite3.base import MOST, Turn
from deployer.models import Freeze, Heartbeat
from deployer.models.clock import DbNow
from deployer.worker import sweep

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no queue"),
]


def in_a_thread(act) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_turn_is_given_back_however_a_transaction_ends():
    sweep.beat("one:1")
    turn = connection.turn
    assert turn is not None
    assert not turn.is_ours
    with transaction.atomic():
        assert turn.is_ours
        sweep.beat("one:1")
        assert turn.is_ours
    assert not turn.is_ours
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert turn.is_ours
        raise ZeroDivisionError
    assert not turn.is_ours
    Heartbeat.objects.filter(worker="one:1").update(beat_at=DbNow())  # no transaction of ours
    assert not turn.is_ours
    with transaction.atomic():
        connection.close()
        assert not turn.is_ours


def test_who_reads_needs_no_turn():
    began = time.monotonic()
    with transaction.atomic():
        reader = in_a_thread(lambda: list(Freeze.objects.all()))
        reader.join(10)
    assert not reader.is_alive()
    assert time.monotonic() - began < 10


def test_nobody_starves_while_others_write_without_a_pause():
    stop, waits = threading.Event(), []

    def write_on() -> None:
        while not stop.is_set():
            with transaction.atomic():
                sweep.beat("greedy:1")
                time.sleep(0.005)

    def write_now_and_then() -> None:
        for _ in range(10):
            began = time.monotonic()
            with transaction.atomic():
                sweep.beat("modest:1")
            waits.append(time.monotonic() - began)

    greedy = [in_a_thread(write_on) for _ in range(4)]
    modest = in_a_thread(write_now_and_then)
    modest.join(60)
    stop.set()
    for thread in greedy:
        thread.join(10)
    assert len(waits) == 10
    assert max(waits) < 10


def test_who_stands_still_in_its_turn_costs_the_others_little():
    with transaction.atomic():
        sweep.beat("one:1")
    stuck = Turn(Path(f"{connection.settings_dict['NAME']}-turn"))
    stuck.take()
    try:
        began = time.monotonic()
        for _ in range(20):
            with transaction.atomic():
                sweep.beat("one:1")
        assert time.monotonic() - began < MOST + 20 * 0.2 + 2
    finally:
        stuck.give()
    sweep.beat("one:1")
    assert Turn.patience == MOST
