"""The commands `submissions` and `verify_audit`, which scripts read."""

import json

import pytest
from django.db import connection

from deployer.models import Event, guards
from tests import factories
from tests.commands.calling import said

pytestmark = pytest.mark.django_db


def test_submissions_are_one_object_a_line_in_order(deployment_in):
    one = deployment_in("submitted")
    two = deployment_in("submitted", body=factories.real_time_body(service_name="other"))
    rows = [json.loads(line) for line in said("submissions", "--json").splitlines()]
    assert [row["number"] for row in rows] == [one.pk, two.pk]
    assert rows[1] == {
        "number": two.pk,
        "target": "dev",
        "outcome": "waiting",
        "attempts": 0,
        "service_id": None,
        "service_name": "other",
    }


def test_submissions_can_be_read_by_people_too(deployment_in):
    deployment_in("submitted")
    assert "waiting" in said("submissions")


def test_no_submission_is_no_line(db):
    assert said("submissions", "--json") == ""


def test_a_chain_that_holds_says_how_long_it_is(deployment_in):
    deployment_in("approved")
    assert said("verify_audit") == f"The chain holds: {Event.objects.count()} events.\n"


def test_an_event_that_was_changed_is_named(deployment_in, capsys):
    deployment_in("approved")
    guards.lower_guards(connection)
    Event.objects.filter(number=2).update(comment="Nothing happened.")
    guards.raise_guards(connection)
    with pytest.raises(SystemExit) as end:
        said("verify_audit")
    assert end.value.code == 1
