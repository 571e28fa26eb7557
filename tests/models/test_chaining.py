"""Events appended in one statement: the same chain as step by step."""

import threading

import pytest
from django.db import DataError, connection, transaction

from deployer.models import Chain, Event, Submission
from deployer.models.once import Update
from deployer.workflow import history
from deployer.workflow.history import Entry
from tests.models import rows

ODD = '"number":0,"previous":"" é \\ \U0001f680 %s {} \u2028 "'


@Update
def renamed(pk: int, name: str):
    return Submission.objects.filter(pk=pk), {"service_name": name}


@pytest.mark.django_db
def test_an_event_is_told_what_it_has_become():
    one = rows.submission()
    for comment in ("", ODD):
        entry = Entry("odd", None, one.deployment, comment=comment, data={"said": comment})
        with transaction.atomic():
            (event,) = history.write([entry])
        kept = Event.objects.get(number=event.number)
        assert [getattr(event, f.attname) for f in Event._meta.concrete_fields] == [
            getattr(kept, f.attname) for f in Event._meta.concrete_fields
        ]
        assert kept.hash == kept.seal()
    assert history.verify() == 2


@pytest.mark.django_db
def test_one_at_a_time_and_several_make_one_chain():
    with transaction.atomic():
        history.write([Entry("first", None)])
        history.write([Entry("second", None), Entry("third", None)])
        history.write([Entry("fourth", None)])
    assert history.verify() == 4
    assert list(Event.objects.order_by("number").values_list("action", flat=True)) == [
        "first", "second", "third", "fourth",
    ]  # fmt: skip


@pytest.mark.django_db
def test_without_the_change_there_is_no_event():
    one = rows.submission()
    with transaction.atomic():
        history.write([Entry("before", None)])
        assert history.write_if(renamed.to(pk=-1, name="x"), Entry("never", None)) is False
        assert history.write_if(renamed.to(pk=one.pk, name="y"), Entry("renamed", None)) is True
    one.refresh_from_db()
    assert one.service_name == "y"
    assert list(Event.objects.order_by("number").values_list("action", flat=True)) == ["before", "renamed"]
    assert (history.verify(), Chain.objects.get().length) == (2, 2)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the chain is made first")
def test_a_change_is_not_kept_when_there_is_no_chain_to_tell_it_to():
    one = rows.submission()
    with pytest.raises(RuntimeError, match="no chain"), transaction.atomic():
        history.write_if(renamed.to(pk=one.pk, name="y"), Entry("renamed", None))
    one.refresh_from_db()
    assert (one.service_name, Event.objects.count()) == ("mnist", 0)


@pytest.mark.django_db
def test_others_are_made_with_the_very_first_event_once():
    one = rows.submission()
    with transaction.atomic():
        history.write([Entry("first", None)], renamed.to(pk=one.pk, name="z"))
    one.refresh_from_db()
    assert (one.service_name, history.verify()) == ("z", 1)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no length of texts")
def test_a_text_too_long_is_refused_and_not_cut():
    with pytest.raises(DataError), transaction.atomic():
        history.write([Entry("x" * 41, None)])
    assert history.verify() == 0


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain():
    one = rows.submission()

    def writes(who: int) -> None:
        try:
            for turn in range(25):
                with transaction.atomic():
                    if turn % 2:
                        history.write([Entry(f"of {who}", None)])
                    else:
                        assert history.write_if(renamed.to(pk=one.pk, name=f"{who}"), Entry("renamed", None))
        finally:
            connection.close()

    with transaction.atomic():
        history.write([Entry("first", None)])
    threads = [threading.Thread(target=writes, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert history.verify() == 101
