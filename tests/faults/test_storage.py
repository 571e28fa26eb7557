"""The database is locked, or its disk is full, just when an outcome is to be written down."""

import time
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.faults.asking import must_be_accepted_once, wait_until_settled
from tests.faults.matrix import Order

LOCK, HELD = 2, 6.0  # how long the worker waits for a lock, and how long it is held: met, not waited out
FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
"""
TABLES = ("deployer_attempt", "deployer_event", "deployer_service")


@pytest.fixture(scope="module")
def worker(crew):
    return crew.hire(lock=LOCK)


@contextmanager
def write_lock():
    """Another connection holds what every writer needs."""
    other = connection.copy()
    other.ensure_connection()
    try:
        with other.cursor() as cursor:
            if other.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
                yield
                cursor.execute("ROLLBACK")
            else:
                other.set_autocommit(False)
                cursor.execute("LOCK TABLE deployer_submission, deployer_chain IN ACCESS EXCLUSIVE MODE")
                yield
                other.rollback()
    finally:
        other.close()


@contextmanager
def full_disk(worker):
    """On SQLite no file of the worker grows any more; on PostgreSQL the server itself says that its disk is full."""
    if connection.vendor == "sqlite":
        worker.disk_is_full(True)
        yield
        worker.disk_is_full(False)
        return
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        for table in TABLES:
            cursor.execute(f"CREATE TRIGGER disk_full BEFORE INSERT ON {table} EXECUTE FUNCTION disk_is_full()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION disk_is_full CASCADE")


def sent_into(trouble: Callable, scene) -> None:
    """Between effect and record the trouble begins; some seconds later it is over."""
    scene.submit(scene.deployments[0])
    scene.until(lambda: scene.deeds().services)
    with trouble():
        time.sleep(HELD)
    wait_until_settled(scene)


def test_a_locked_database_costs_time_and_nothing_else(worker, scene_of):
    scene = scene_of("database locked", Order("delayed", seconds=1.5))
    sent_into(write_lock, scene)
    must_be_accepted_once(scene)
    assert len(scene.deeds().bodies()) == 1


def test_a_full_disk_between_effect_and_record_costs_time_and_nothing_else(worker, scene_of):
    scene = scene_of("disk full", Order("delayed", seconds=1.5))
    sent_into(lambda: full_disk(worker), scene)
    must_be_accepted_once(scene)
    assert len(scene.deeds().bodies()) == 1
    assert worker.process.poll() is None
    assert "is away" in worker.says  # it met it, and went on


def test_a_full_disk_before_sending_lets_nothing_out(worker, scene_of):
    """No intent can be written, so nothing may leave."""
    scene = scene_of("disk full before sending")
    with full_disk(worker):
        if connection.vendor == "sqlite":
            scene.submit(scene.deployments[0])
            time.sleep(HELD)
            assert scene.deeds().bodies() == []
    if connection.vendor != "sqlite":
        scene.submit(scene.deployments[0])  # there nobody could have submitted it either
    wait_until_settled(scene)
    must_be_accepted_once(scene)
