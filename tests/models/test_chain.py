"""Events are chained: a changed, missing, moved or cut link shows, and says which."""

import pytest
from django.db import connection, transaction

from deployer.models import Chain, Event, guards
from deployer.workflow import history

pytestmark = pytest.mark.django_db


def note(*actions: str, **facts) -> list[Event]:
    with transaction.atomic():
        return history.write([history.Entry(action, None, **facts) for action in actions])


@pytest.fixture
def five(db) -> list[Event]:
    return note("created", "edited", "edited", "review_asked", "approved")


@pytest.fixture
def forger(db):
    """Somebody who got past the guards."""
    guards.lower_guards(connection)
    yield Event.objects
    guards.raise_guards(connection)


def test_each_event_carries_the_hash_of_the_one_before(five):
    assert [event.number for event in five] == [1, 2, 3, 4, 5]
    assert five[0].previous == history.START
    assert [event.previous for event in five[1:]] == [event.hash for event in five[:-1]]
    chain = Chain.objects.get()
    assert (chain.length, chain.head) == (5, five[-1].hash)
    assert history.verify() == 5


def test_an_empty_chain_holds(db):
    assert history.verify() == 0


def test_the_seal_says_all_that_the_row_says(alice, dev, draft_of):
    """Every column but the hash itself is under the seal: changing any of them changes it."""
    draft_of()
    event = Event.objects.get()
    sealed = event.seal()
    assert sealed == event.hash
    others = {
        "number": 7,
        "action": "x",
        "deployment_id": None,
        "target_name": "x",
        "by_key": "x",
        "by_name": "x",
        "at": event.at.replace(microsecond=(event.at.microsecond + 1) % 1_000_000),
        "comment": "x",
        "data": '{"x":1}',
        "previous": "1" * 64,
    }
    assert set(others) == {field.attname for field in Event._meta.concrete_fields} - {"hash"}
    for name, value in others.items():
        changed = Event.objects.get()
        setattr(changed, name, value)
        assert changed.seal() != sealed, name


def test_the_seal_survives_the_way_through_the_database(alice, dev):
    strange = "ü 漢 🚀 \t\n \u2028 \x7f \\ \" '"
    with transaction.atomic():
        history.write(
            [history.Entry("rejected", alice, target=dev, comment=strange, data={strange: [1.5, None, True]})]
        )
    assert history.verify() == 1


@pytest.mark.parametrize(("column", "value"), [("comment", "forged"), ("by_key", "mallory"), ("data", '{"x":2}')])
def test_a_changed_event_shows(five, forger, column, value):
    forger.filter(number=3).update(**{column: value})
    assert history.verify() == history.Broken(3, "Event 3 does not say what it said when it was written.")


def test_a_missing_event_shows(five, forger):
    forger.filter(number=3)._raw_delete("default")
    assert history.verify() == history.Broken(3, "Event 3 is missing.")


def test_a_resealed_event_shows_at_the_next_link(five, forger):
    row = forger.get(number=3)
    row.comment = "forged"
    forger.filter(number=3).update(comment="forged", hash=row.seal())
    assert history.verify() == history.Broken(4, "Event 4 does not follow event 3.")


def test_a_cut_tail_shows(five, forger):
    forger.filter(number__gt=3)._raw_delete("default")
    found = history.verify()
    assert found == history.Broken(4, "The chain has 3 events. It had 5: its end was cut.")


def test_another_last_event_shows(five, forger):
    row = forger.get(number=5)
    row.comment = "forged"
    forger.filter(number=5).update(comment="forged", hash=row.seal())
    assert history.verify() == history.Broken(5, "Event 5 is not the one the chain ended with.")


def test_an_emptied_table_shows(five, forger):
    forger.all()._raw_delete("default")
    assert history.verify() == history.Broken(1, "The chain has 0 events. It had 5: its end was cut.")


def test_a_lost_chain_row_shows(five):
    Chain.objects.all().delete()
    assert isinstance(history.verify(), history.Broken)


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_into_a_transaction():
    with pytest.raises(RuntimeError):
        history.write([history.Entry("created", None)])
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_its_change():
    note("created")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note("edited")
        1 / 0  # noqa: B018 - the change failed
    assert history.verify() == 1
    note("edited")
    assert history.verify() == 2


def test_a_long_chain_is_walked_in_portions(db):
    note(*["edited"] * 12)
    assert [event.number for event in history.walk(portion=5)] == list(range(1, 13))
    assert [event.number for event in history.walk(portion=4)] == list(range(1, 13))
