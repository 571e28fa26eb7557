"""What is asked every moment is asked of the few rows that are due, not of all that were ever sent."""

import pytest
from django.db import connection
from django.utils import timezone

from deployer.domain.lifecycle import Outcome
from deployer.models import CatalogEntry, CatalogList, Enquiry, Service, Submission
from deployer.web import waiting
from deployer.workflow import outcome
from tests.models import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_tables_are_searched_too():
    """PostgreSQL reads a small table from end to end, whatever indexes there are."""
    rows.submission()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


ASKED = {
    "the sweep": lambda: Submission.objects.due().values("pk"),
    "the next steps": lambda: Submission.objects.due().exclude(outcome=Outcome.SENDING).order_by("next_action_at"),
    "the oldest": lambda: Submission.objects.due().order_by("next_action_at").values("next_action_at"),
    "those whose sender died": lambda: outcome.dead(timezone.now()),
    "what moves": waiting.moving,
}


def searched(plan: str, index: str, table: str) -> bool:
    """By this index; PostgreSQL chooses among several small ones by figures an empty database does not have."""
    return f"Seq Scan on {table}" not in plan if connection.vendor == "postgresql" else index in plan


@pytest.mark.parametrize("name", ASKED)
def test_what_is_due_is_found_by_its_index(name):
    assert searched(ASKED[name]().explain(), "submission_due", "deployer_submission")


def test_services_to_look_at_are_found_by_their_index():
    rows.service(next_look_at=timezone.now())
    assert searched(Service.objects.due().explain(), "service_due", "deployer_service")


def test_what_else_is_due_is_found_by_its_index():
    rows.offer()
    rows.enquiry()
    assert searched(CatalogList.objects.due().explain(), "list_due", "deployer_cataloglist")
    assert searched(Enquiry.objects.due().explain(), "enquiry_due", "deployer_enquiry")


def test_a_picker_reads_a_list_in_the_order_of_its_index():
    target = rows.offer().target
    plan = CatalogEntry.objects.of(target, "model", part="real-time").order_by("place", "pk")[:20].explain()
    assert searched(plan, "offer_by_place", "deployer_catalogentry")
