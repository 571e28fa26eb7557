"""The chain is verified while people work: what is written meanwhile is no break, and a forged tail is one."""

import pytest
from django.db import transaction

from deployer.models import Chain, Event
from deployer.workflow import history

pytestmark = pytest.mark.django_db


def note(*actions: str) -> list[Event]:
    with transaction.atomic():
        return history.write([history.Entry(action, None) for action in actions])


def while_walking(monkeypatch, act) -> None:
    """Do something once, just when the walk begins."""
    real = history.walk

    def walk(*arguments):
        monkeypatch.setattr(history, "walk", real)
        act()
        yield from real(*arguments)

    monkeypatch.setattr(history, "walk", walk)


def test_events_written_while_it_walks_are_no_break(monkeypatch):
    note("created", "edited")
    while_walking(monkeypatch, lambda: note("edited"))
    assert history.verify() == 3


def test_events_written_after_the_last_portion_are_no_break(monkeypatch):
    note("created", "edited")
    real = history.walk

    def walk(*arguments):
        yield from real(*arguments)
        note("edited")

    monkeypatch.setattr(history, "walk", walk)
    assert history.verify() == 2


def test_a_tail_nobody_wrote_shows():
    first, second = note("created", "edited")
    forged = Event(number=3, action="approved", at=second.at, previous=second.hash)
    forged.hash = forged.seal()
    forged.save(force_insert=True)
    assert history.verify() == history.Broken(3, "The chain has 3 events. It should have 2: some were added.")


def test_a_head_that_was_swapped_shows():
    note("created", "edited")
    Chain.objects.update(head="1" * 64)
    assert history.verify() == history.Broken(2, "Event 2 is not the one the chain ended with.")
