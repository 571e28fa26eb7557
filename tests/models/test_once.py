"""Statements compiled once: the same rows, values and refusals as from the queryset itself."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from deployer.models import Attempt, Service, Submission
from deployer.models.clock import DbNow
from deployer.models.once import Insert, Select, Update, together
from tests.factories import TargetFactory
from tests.models import rows

pytestmark = pytest.mark.django_db


@Select
def named(name: str, least: int):
    found = Submission.objects.filter(service_name=name, pk__gte=least).select_related("target", "version")
    return found.defer("version__draft").annotate(clock=DbNow()).order_by("pk")


def test_rows_come_as_from_the_queryset(django_assert_num_queries):
    one = rows.submission(service_name="a")
    rows.submission(service_name="b")
    for _ in range(2):
        with django_assert_num_queries(1):
            (found,) = named(name="a", least=0)
            assert (found, found.target.name, found.version.payload) == (one, one.target.name, "{}")
        assert found.get_deferred_fields() == set()
        assert found.version.get_deferred_fields() == {"draft"}
        assert abs(found.clock - timezone.now()) < timedelta(seconds=5)
    assert named.first(name="b", least=0).service_name == "b"
    assert named.first(name="a", least=one.pk + 1) is None


def test_values_are_values_whatever_they_hold():
    odd = "'; DROP TABLE x; -- %s %% mark 30011"
    one = rows.submission(service_name=odd)
    assert named.first(name=odd, least=0) == one


@Select
def pairs(name: str):
    return Submission.objects.filter(service_name=name).values_list("pk", "service_name")


def test_values_come_as_tuples():
    one = rows.submission(service_name="a")
    rows.submission(service_name="b")
    assert pairs(name="a") == [(one.pk, "a")]


def test_each_thread_has_its_own():
    named(name="a", least=0)
    assert named.kept.plan is not None
    found = []
    thread = threading.Thread(target=lambda: found.append(named.kept.plan))
    thread.start()
    thread.join()
    assert found == [None]


@Update
def put_off(pk: int, reason: str, wait: timedelta):
    return Submission.objects.filter(pk=pk), {"reason": reason, "next_action_at": DbNow() + wait, "lease": ""}


def test_an_update_says_how_many_rows_it_met():
    one = rows.submission()
    for seconds in (60, 3600):
        assert put_off(pk=one.pk, reason="Later.", wait=timedelta(seconds=seconds)) == 1
        one.refresh_from_db()
        due_in = (one.next_action_at - timezone.now()).total_seconds()
        assert (one.reason, round(due_in / 60)) == ("Later.", seconds / 60)
    assert put_off(pk=-1, reason="", wait=timedelta(0)) == 0


def test_changes_are_made_together_and_each_says_how_many_rows_it_met():
    one, other = rows.submission(), rows.submission()
    now = timezone.now()
    attempt = Attempt(submission=one, number=1, kind="send", worker="w", started_at=now, finished_at=now)
    attempt.outcome = "accepted"
    counts = together(
        put_off.to(pk=one.pk, reason="One %s.", wait=timedelta(0)),
        put_off.to(pk=-1, reason="None.", wait=timedelta(0)),
        Insert(Attempt).of(attempt),
        put_off.to(pk=other.pk, reason="Other.", wait=timedelta(0)),
    )
    assert counts == [1, 0, 1, 1]
    found = Submission.objects.in_bulk()
    assert (found[one.pk].reason, found[other.pk].reason) == ("One %s.", "Other.")
    assert Attempt.objects.get().outcome == "accepted"


def test_one_that_breaks_undoes_all():
    one = rows.submission()
    again = Insert(Attempt).of(rows.attempt(submission=one))
    with pytest.raises(IntegrityError), transaction.atomic():
        together(put_off.to(pk=one.pk, reason="Gone.", wait=timedelta(0)), again)
    one.refresh_from_db()
    assert one.reason == ""


def test_a_value_that_has_no_place_is_a_mistake():
    @Select
    def forgets(name: str, other: str):
        return Submission.objects.filter(service_name=name)

    with pytest.raises(TypeError, match="other"):
        forgets(name="a", other="b")


def test_a_row_is_inserted_and_knows_its_key():
    of = rows.submission()
    insert = Insert(Attempt)
    now = timezone.now()
    for number in (1, 2):
        row = Attempt(submission=of, number=number, kind="send", worker="w", started_at=now, finished_at=now)
        row.outcome = "accepted"
        insert(row)
        assert Attempt.objects.get(pk=row.pk).number == number
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Attempt(submission=of, number=2, kind="send", worker="w", started_at=now, finished_at=now))


def test_a_row_is_stored_as_save_stores_it():
    """Also with a word of an enumeration, odd texts and nothing where a column may be empty."""
    of, now = rows.submission(), timezone.now()
    facts = {"submission": of, "kind": Attempt.Kind.SEND, "worker": "wörker %s", "started_at": now, "finished_at": now}
    facts |= {"outcome": "accepted", "detail": "Ünï\n'; --", "request_id": "", "answer": "x" * 5000}
    saved = Attempt(number=1, http_status=None, **facts)
    saved.save()
    inserted = Attempt(number=2, http_status=None, **facts)
    Insert(Attempt)(inserted)
    coded = Attempt(number=3, http_status=200, **facts)
    Insert(Attempt)(coded)
    one, two, three = ({**row, "id": 0, "number": 0} for row in Attempt.objects.order_by("number").values())
    assert two == one
    assert three == {**one, "http_status": 200}


def test_a_row_that_is_there_is_updated_and_keeps_its_key():
    insert = Insert(Service, unique=["target", "service_id"], updates=["next_look_at"])
    target, now = TargetFactory(), timezone.now()
    facts = {"target": target, "service_id": "s-1", "status": "", "created_at": DbNow(), "seen_at": DbNow()}
    facts |= {"changed_at": DbNow(), "next_look_at": DbNow()}
    first, second = Service(name="one", **facts), Service(name="two", **facts)
    insert(first)
    insert(second)
    assert first.pk == second.pk
    found = Service.objects.get()
    assert (found.name, found.next_look_at >= now - timedelta(seconds=1)) == ("one", True)


def test_what_the_database_works_out_is_the_same_in_each_row():
    insert = Insert(Service, unique=["target", "service_id"], updates=["next_look_at"])
    facts = {"target": TargetFactory(), "status": "", "seen_at": DbNow(), "changed_at": DbNow(), "name": "one"}
    insert(Service(service_id="s-1", created_at=DbNow(), **facts))
    with pytest.raises(TypeError, match="in each row the same"):
        insert(Service(service_id="s-2", created_at=timezone.now(), **facts))


def test_the_clock_is_the_databases_and_written_like_other_times():
    one = rows.submission()
    before = timezone.now() - timedelta(seconds=2)
    Submission.objects.filter(pk=one.pk).update(sent_at=DbNow(), next_action_at=DbNow())
    one.refresh_from_db()
    assert before < one.sent_at < timezone.now() + timedelta(seconds=2)
    assert Submission.objects.due().get() == one
    assert (
        connection.vendor != "sqlite"
        or Submission.objects.filter(sent_at=one.sent_at).exists()
        or (one.sent_at.microsecond == 0)
    )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans for itself")
def test_the_server_plans_a_statement_once(transactional_db):
    def planned() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%service_name%%'")
            return cursor.fetchone()[0]

    one = rows.submission(service_name="a")
    before = planned()
    for _ in range(6):
        (found,) = named(name="a", least=0)
        assert found == one
    assert planned() == before + 1
