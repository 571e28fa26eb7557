"""Workers that are killed, or stand still for longer than their lease: what they left behind comes out right.

All of it is one story, since waiting for the end of a lease takes a while: three rows, three moments.
"""

import time

import pytest
from django.db import OperationalError, connection

from deployer.models import Event
from deployer.rehearsal.torture.judge import SAYS
from tests.faults.asking import must_be_accepted_once, wait_until_settled
from tests.faults.matrix import LOGIN, Order

OPEN = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"""
TITLES = ("killed before sending", "killed after the effect", "a lease shorter than the call")


@pytest.fixture(scope="module")
def aftermath(crew, scene_of):
    """One worker was killed in a login and in a call; one stood still in its call, until others had settled it."""
    before = scene_of(TITLES[0], Order("hang-before", LOGIN, seconds=20))
    after = scene_of(TITLES[1], Order("delayed", seconds=2.5))
    still = scene_of(TITLES[2], Order("delayed", seconds=2.5))
    killed = crew.hire()
    after.submit(after.deployments[0])
    before.submit(before.deployments[0])
    after.until(lambda: after.deeds().services)
    before.until(lambda: any(row["path"].endswith("/auth/tokens") for row in before.deeds().journal))
    killed.kill()
    assert before.deeds().bodies() == []
    zombie = crew.hire()
    wait_until_settled(before, seconds=60)  # whoever stands still between its intent and its call is another story
    still.submit(still.deployments[0])
    still.until(lambda: still.deeds().services)
    freeze_between_writes(zombie)
    crew.hire()
    wait_until_settled(before, after, still, seconds=90)
    return {"zombie": zombie, **{scene.title: scene for scene in (before, after, still)}}


@pytest.mark.parametrize("title", TITLES)
def test_what_a_lost_worker_left_becomes_one_service(title, aftermath):
    must_be_accepted_once(aftermath[title])
    assert len(aftermath[title].deeds().bodies()) == 1


def test_a_zombies_late_write_changes_nothing(aftermath):
    """It wakes with the good answer in its hands; others have settled the row long ago."""
    scene = aftermath[TITLES[2]]
    told = told_of(scene)
    aftermath["zombie"].thaw()
    time.sleep(3)
    must_be_accepted_once(scene)
    assert told_of(scene) == told
    assert told.count("accepted") == 1


def told_of(scene) -> list[str]:
    """What its events say of sending; that the cloud's status goes on is no news here."""
    events = Event.objects.filter(deployment=scene.deployments[0], action__in=[*SAYS, "needs_person"])
    return list(events.order_by("number").values_list("action", flat=True))


def freeze_between_writes(worker) -> None:
    """A process that stands still in the middle of a transaction holds up others: not what is asked here."""
    for _ in range(100):
        worker.freeze()
        other = connection.copy()
        try:
            other.ensure_connection()
            with other.cursor() as cursor:
                if other.vendor == "sqlite":
                    cursor.execute("PRAGMA busy_timeout=100")
                    cursor.execute("BEGIN IMMEDIATE")
                    cursor.execute("ROLLBACK")
                else:
                    time.sleep(0.1)  # what it had asked already is done
                    cursor.execute(OPEN)
                    if cursor.fetchone()[0]:
                        raise OperationalError("a transaction stands open")
            return
        except OperationalError:
            worker.thaw()
            time.sleep(0.03)
        finally:
            other.close()
    raise AssertionError("it always writes")
