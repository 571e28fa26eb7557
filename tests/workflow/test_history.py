"""The past: chained, verified, and refused to be changed by the database itself."""

import pytest
from django.db import connection, transaction

from deployer.models import Chain, Event, guards
from deployer.workflow import history
from deployer.workflow.history import Broken, Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def unguarded():
    """Somebody with the database in hand: the triggers are gone for a while."""
    guards.lower_guards(connection)
    yield
    guards.raise_guards(connection)


def test_the_chain_holds_after_every_road(deployment_in):
    for state in ["draft", "in_review", "changes_requested", "approved", "submitted", "withdrawn", "rejected"]:
        deployment_in(state)
    count = history.verify()
    assert count == Event.objects.count() > 20
    assert [event.number for event in Event.objects.order_by("number")] == list(range(1, count + 1))


def test_an_empty_chain_holds(db):
    assert history.verify() == 0


def test_an_event_outside_a_transaction_is_refused(alice):
    with pytest.raises(RuntimeError):
        _outside(lambda: history.write([Entry("created", alice)]))


def _outside(act):
    """Run as if no transaction were open, which in a test one always is."""
    saved, connection.in_atomic_block = connection.in_atomic_block, False
    try:
        return act()
    finally:
        connection.in_atomic_block = saved


@pytest.mark.parametrize(
    ("change", "number", "why"),
    [
        ({"comment": "never said"}, 2, "does not say what it said"),
        ({"by_name": "Somebody Else"}, 2, "does not say what it said"),
        ({"data": "{}"}, 2, "does not say what it said"),
        ({"hash": "f" * 64}, 2, "does not say what it said"),
        ({"previous": "f" * 64}, 2, "does not follow"),
    ],
)
def test_a_changed_event_is_found(change, number, why, deployment_in, unguarded):
    deployment_in("approved")
    Event.objects.filter(number=number).update(**change)
    broken = history.verify()
    assert isinstance(broken, Broken)
    assert broken.number == number
    assert why in broken.why


def test_a_missing_event_is_found(deployment_in, unguarded):
    deployment_in("approved")
    Event.objects.filter(number=2).delete()
    assert history.verify() == Broken(2, "Event 2 is missing.")


def test_a_cut_tail_is_found(deployment_in, unguarded):
    deployment_in("approved")
    last = Event.objects.first().number
    Event.objects.filter(number=last).delete()
    broken = history.verify()
    assert isinstance(broken, Broken)
    assert "its end was cut" in broken.why


def test_a_forged_end_is_found(deployment_in, unguarded):
    deployment_in("approved")
    Chain.objects.update(head="f" * 64)
    assert isinstance(history.verify(), Broken)


def test_an_event_rolls_back_with_its_change(draft_of, alice):
    before = history.verify()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        draft_of()
        raise ZeroDivisionError
    assert history.verify() == before
