"""An outcome is written down even when the database is away for a moment."""

import pytest
from django.db import OperationalError

from deployer.modelarts.errors import NoAnswer
from deployer.worker import records

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
    assert records.insist(report, seconds=10) == "written"
    assert len(tries) == 3


def test_it_is_given_up_with_the_lease():
    report, _ = failing(1000)
    with pytest.raises(OperationalError):
        records.insist(report, seconds=0.5)


def test_other_errors_are_not_repeated():
    def report() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        records.insist(report, seconds=10)


def test_what_the_database_refuses_is_left_out():
    trouble = NoAnswer("x", raw="a\x00b\ud800", request_id="r\x00")
    from django.utils import timezone

    tried = records.tried("send", "one:1", timezone.now(), "Lost.", trouble)
    assert (tried.answer, tried.request_id) == ("ab?", "r")
