"""Questions about a cloud: for admins, answered once, and never longer in possession of a secret than it takes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from deployer.models import Enquiry
from deployer.workflow import enquiries
from deployer.workflow.errors import NotAllowed
from deployer.workflow.outcome import LeaseLost

pytestmark = pytest.mark.django_db

PLANTED = "planted-secret-7"
FACTS = {
    "endpoint": "https://modelarts.eu-de.otc.t-systems.com",
    "iam_endpoint": "https://iam.eu-de.otc.t-systems.com",
    "login": "password",
    "username": "robot",
    "domain_name": "OTC1",
    "secret": PLANTED,
    "csrfmiddlewaretoken": "not kept",
    "region": None,
}


@pytest.fixture
def asked(root) -> Enquiry:
    return enquiries.ask_projects(FACTS, by=root)


def columns(enquiry: Enquiry) -> str:
    """The row as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM deployer_enquiry WHERE id = %s", [enquiry.pk])
        return repr(cursor.fetchone())


@pytest.mark.parametrize("who", ["alice", "bob", "olga", "victor"])
def test_only_admins_ask(people, dev, who):
    for ask in (
        lambda by: enquiries.ask_connection(dev, by=by),
        lambda by: enquiries.ask_connection_of(FACTS, by=by),
        lambda by: enquiries.ask_projects(FACTS, by=by),
    ):
        with pytest.raises(NotAllowed):
            ask(people[who])
    assert not Enquiry.objects.exists()


def test_a_question_is_put_in_line_with_its_secret_encrypted(asked):
    assert DBTaskResult.objects.ready().count() == 1
    assert Enquiry.objects.due().get() == asked
    assert PLANTED not in columns(asked)
    facts = enquiries.facts_of(enquiries.claim(asked.pk, seconds=60))
    assert (facts["secret"], facts["region"], facts["project_id"]) == (PLANTED, "", "")
    assert "csrfmiddlewaretoken" not in facts


def test_a_question_about_a_saved_target_copies_no_secret(dev, root):
    asked = enquiries.ask_connection(dev, by=root)
    assert asked.question == ""
    assert enquiries.facts_of(asked)["secret"] == dev.secret


def test_the_question_is_gone_with_the_answer(asked):
    held = enquiries.claim(asked.pk, seconds=60)
    enquiries.answer(held, {"projects": [], "problem": ""})
    row = Enquiry.objects.get()
    assert (row.question, row.next_action_at, row.said["projects"]) == ("", None, [])
    assert enquiries.facts_of(row) == {}


def test_a_question_is_answered_by_one_worker_and_once(asked):
    held = enquiries.claim(asked.pk, seconds=60)
    assert enquiries.claim(asked.pk, seconds=60) is None
    enquiries.answer(held, {"problem": "first"})
    with pytest.raises(LeaseLost):
        enquiries.answer(held, {"problem": "second"})
    assert Enquiry.objects.get().said == {"problem": "first"}


def test_a_worker_that_died_leaves_the_question_to_others(asked):
    first = enquiries.claim(asked.pk, seconds=60)
    Enquiry.objects.update(next_action_at=timezone.now())
    second = enquiries.claim(asked.pk, seconds=60)
    with pytest.raises(LeaseLost):
        enquiries.answer(first, {"problem": "late"})
    enquiries.answer(second, {"problem": ""})


def test_what_nobody_answers_loses_its_secret_after_ten_minutes(asked, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert enquiries.expire() == 0
    Enquiry.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    assert enquiries.expire() == 1
    row = Enquiry.objects.get()
    assert row.question == ""
    assert "Start one" in row.said["problem"]
    assert enquiries.expire() == 0


def test_a_worker_that_comes_late_answers_nothing(asked):
    held = enquiries.claim(asked.pk, seconds=3600)
    Enquiry.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    enquiries.expire()
    with pytest.raises(LeaseLost):
        enquiries.answer(held, {"problem": ""})


def test_questions_are_forgotten_after_an_hour(asked, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert enquiries.prune() == 0
    Enquiry.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    assert enquiries.prune() == 1
    assert not Enquiry.objects.exists()


def test_the_latest_test_of_a_target_is_remembered(root, dev, prod):
    for target in (dev, dev, prod):
        enquiries.ask_connection(target, by=root)
    Enquiry.objects.update(asked_at=timezone.now() - timedelta(days=3))
    assert enquiries.prune() == 1
    assert sorted(Enquiry.objects.values_list("target__name", flat=True)) == ["dev", "prod"]
    assert enquiries.prune() == 0


@pytest.mark.parametrize("hours", [1, -1], ids=["ahead", "behind"])
def test_our_own_clock_decides_nothing(hours, asked):
    """A worker that is behind answers what is due, and one that is ahead takes it from nobody."""
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert Enquiry.objects.due().exists()
        assert enquiries.claim(asked.pk, seconds=60)
    with time_machine.travel(timezone.now() - timedelta(hours=hours)):
        assert enquiries.claim(asked.pk, seconds=60) is None
