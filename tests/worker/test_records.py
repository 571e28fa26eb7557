"""An outcome is written down even when the database is away for a moment."""

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from deployer.modelarts.errors import NoAnswer
from deployer.models import Submission
from deployer.worker import records
from deployer.workflow import outcome
from tests.models import rows

pytestmark = pytest.mark.django_db(transaction=True)


def failing(times: int):
    tries = []

    def report() -> str:
        tries.append(1)
        if len(tries) <= times:
            raise OperationalError("database or disk is full")
        return "written"

    return report, tries


def test_a_report_is_repeated_until_it_is_written():
    report, tries = failing(2)
    assert records.insist(report, about=rows.submission(), seconds=10) == "written"
    assert len(tries) == 3


def test_it_is_given_up_with_the_lease():
    report, _ = failing(1000)
    with pytest.raises(OperationalError):
        records.insist(report, about=rows.submission(), seconds=0.5)


def test_an_answer_that_was_not_committed_is_written_down_again(deployment_in):
    """The database goes away with the whole report made: the lease and the number of the attempt are as before."""
    row = outcome.read(deployment_in("submitted").submission.pk)
    assert row is not None
    assert outcome.begin_sending(row, seconds=60)
    told = outcome.Tried("send", "one:1", timezone.now(), "The cloud accepted it.")
    gone = iter([True, False])

    def report() -> bool:
        with transaction.atomic():
            done = outcome.accepted(row, told, service_id="s-1")
            if next(gone):
                raise OperationalError("the connection was closed")
        return done

    assert records.insist(report, about=row, seconds=10)
    kept = Submission.objects.get()
    assert (kept.outcome, kept.service_id, kept.tried) == ("accepted", "s-1", 1)
    assert [one.number for one in kept.tries.all()] == [1]


def test_other_errors_are_not_repeated():
    def report() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        records.insist(report, about=rows.submission(), seconds=10)


def test_what_the_database_refuses_is_left_out():
    trouble = NoAnswer("x", raw="a\x00b\ud800", request_id="r\x00")
    tried = records.tried("send", "one:1", timezone.now(), "Lost.", trouble)
    assert (tried.answer, tried.request_id) == ("ab?", "r")
