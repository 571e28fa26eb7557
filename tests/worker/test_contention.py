"""Eight writers and fifty readers at once for twenty seconds: nobody is told that the database is locked."""

import threading
import time

import pytest
from django.db import OperationalError, connection

from deployer.models import Deployment, Event, Submission
from deployer.workflow import history, review, submission
from tests import factories

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    # There, so many threads of one process would only measure the size of its pool of connections.
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows, not the whole file"),
]

SECONDS = 20.0
WRITERS, READERS = 8, 50


class Crowd:
    """Threads that act again and again until the time is up. What goes wrong is kept."""

    def __init__(self) -> None:
        self.ends_at = time.monotonic() + SECONDS
        self.done, self.troubles = 0, []
        self.lock = threading.Lock()

    def keep_at(self, act) -> None:
        count = 0
        try:
            while time.monotonic() < self.ends_at:
                act(count)
                count += 1
        except Exception as trouble:  # judged by the test
            self.troubles.append(trouble)
        finally:
            connection.close()
            with self.lock:
                self.done += count

    def join_in(self, number: int, act) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.keep_at, args=(act,)) for _ in range(number)]
        for thread in threads:
            thread.start()
        return threads


def test_writers_and_readers_do_not_lock_each_other_out(people, dev, draft_of):
    alice, bob = people["alice"], people["bob"]
    draft_of()
    name = iter(range(10**9))

    def write(turn: int) -> None:
        """One deployment from the first word into the line."""
        deployment = draft_of(factories.real_time_body(service_name=f"crowd-{next(name)}"))
        deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
        deployment = review.decide(deployment, "approve", seen=deployment.seen, by=bob)
        submission.submit(deployment, seen=deployment.seen, by=alice)

    def read(turn: int) -> None:
        list(Deployment.objects.for_lists().order_by("-pk")[:25])
        list(Submission.objects.due()[:20])
        list(Event.objects.order_by("-number")[:25])
        time.sleep(0.01)  # as somebody who looks

    writers, readers = Crowd(), Crowd()
    threads = writers.join_in(WRITERS, write) + readers.join_in(READERS, read)
    for thread in threads:
        thread.join()
    locked = [one for one in writers.troubles + readers.troubles if isinstance(one, OperationalError)]
    assert locked == []
    assert writers.troubles == readers.troubles == []
    assert writers.done >= WRITERS
    assert readers.done >= READERS
    assert Submission.objects.count() == writers.done
    assert isinstance(history.verify(), int)
