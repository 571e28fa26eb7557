"""Watching services: copied as heard, quiet when nothing changes, never a person's problem when the cloud is away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.models import Event, Service, Watch
from deployer.worker import clouds, pace, steps, sweep
from deployer.worker.watch import watch
from deployer.workflow import rounds, watching
from deployer.workflow.errors import NotAllowed
from deployer.workflow.outcome import LeaseLost
from tests import factories
from tests.worker.lying import dictated  # noqa: F401 - the fixture `lists`
from tests.worker.watching import go_round, heard, look, wait_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(submission, step) -> Service:
    """Of an accepted submission, never looked at."""
    return step(submission).deployment.service


def many(target, number: int, **facts) -> list[Service]:
    now = timezone.now()
    times = {"created_at": now, "seen_at": now, "changed_at": now, "next_look_at": now + timedelta(days=1)}
    rows = [
        Service(target=target, service_id=f"row-{place}", name=f"n{place}", **(times | facts))
        for place in range(number)
    ]
    return Service.objects.bulk_create(rows)


def test_it_is_looked_at_as_soon_as_it_is_accepted(service, here):
    assert service.next_look_at <= timezone.now()
    assert service.status == ""
    assert rounds.due_targets(5) == [here.pk]


def test_a_deploying_service_is_followed_until_it_runs(service, cloud):
    look(service)
    assert (service.status, service.is_settled) == ("deploying", False)
    assert service.progress is not None
    assert wait_of(service.target.watch) < 3
    cloud.advance(60)
    go_round(service.target)
    service.refresh_from_db()
    assert (service.status, service.is_settled) == ("running", True)
    assert service.access_address
    assert wait_of(service) > pace.DAY / 2
    assert heard(service) == [("", "deploying"), ("deploying", "running")]


def test_progress_is_told_by_the_list_alone(service, cloud):
    look(service)
    before, cloud_calls = service.progress, cloud.count("GET", service.service_id)
    cloud.advance(8)
    go_round(service.target)
    service.refresh_from_db()
    assert service.progress > before
    assert cloud.count("GET", service.service_id) == cloud_calls


def test_many_that_deploy_cost_one_call(here, cloud):
    body = factories.real_time_body(cluster_id="8abf68a969c3cb3a0169c4acb24b0000")
    made = [cloud.create({**body, "service_name": f"many-{number}"}, here) for number in range(30)]
    for row, key in zip(many(here, 30, status="deploying", progress=0), made, strict=True):
        Service.objects.filter(pk=row.pk).update(service_id=key)
    cloud.advance(8)
    before = cloud.count("GET", "/services")
    go_round(here)
    assert cloud.count("GET", "/services") == before + 1
    assert Service.objects.filter(progress__gt=0).count() == 30
    assert not any(cloud.count("GET", key) for key in made)


def test_a_failed_service_shows_the_clouds_words(here, submitted, step, cloud):
    service = step(submitted("mine")).deployment.service
    look(service)
    current = claimed(here)
    sight = watching.Sight(service.service_id, "mine", "failed", error_msg="The container exited.")
    assert watching.copy(current, [(service, sight)], closely=True) == 1
    service.refresh_from_db()
    assert (service.status, service.error_msg, service.is_settled) == ("failed", "The container exited.", True)
    assert Event.objects.filter(action="cloud_status").first().facts["error"] == "The container exited."


def claimed(target) -> rounds.Round:
    rounds.begin(target.pk)
    Watch.objects.filter(target=target).update(next_look_at=timezone.now() - timedelta(hours=1), lease="")
    current = rounds.claim(target.pk, seconds=30)
    assert current
    return current


def test_an_unknown_status_is_kept_as_it_came_and_counts_as_moving(service, here):
    watching.copy(claimed(here), [(service, watching.Sight(service.service_id, "mnist", "re-balancing"))])
    service.refresh_from_db()
    assert (service.status, service.is_settled) == ("re-balancing", False)
    assert pace.before_looking_closer("re-balancing", is_gone=False, chance=0) == pace.MOVING


def test_nothing_new_writes_no_event_and_keeps_the_time_of_the_last_change(service, cloud):
    look(service)
    cloud.advance(60)
    look(service)
    events, changed_at = Event.objects.count(), service.changed_at
    look(service)
    assert (Event.objects.count(), service.changed_at) == (events, changed_at)


def shown(rows: list[Service]) -> list[dict]:
    return [
        {"service_id": row.service_id, "service_name": row.name, "status": row.status, "infer_type": row.infer_type}
        for row in rows
    ]


@pytest.mark.parametrize(("age", "writes"), [(5, 0), (55, 1)])
def test_five_hundred_unchanged_services_write_at_most_their_time_of_being_seen(here, lists, age, writes):
    at = timezone.now() - timedelta(seconds=age)
    rows = many(here, 500, status="running", is_settled=True, config="[1]", seen_at=at)
    lists(shown(rows))
    go_round(here, whole=True)
    Service.objects.update(seen_at=at)
    rounds.begin(here.pk)
    Watch.objects.update(next_look_at=timezone.now() - timedelta(hours=1), whole_look_at=at - timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        assert watch(here.pk, "tester:1")
    said = [query["sql"] for query in queries]
    assert len([sql for sql in said if sql.startswith('UPDATE "deployer_service"')]) == writes
    assert not [sql for sql in said if sql.startswith("INSERT")]
    assert len(said) <= 20, said
    assert Service.objects.filter(seen_at__gt=at).count() == 500 * writes


def test_what_moves_writes_nothing_for_ten_seconds(here, lists):
    rows = many(here, 50, status="deploying", progress=40)
    lists([{**row, "progress": 40} for row in shown(rows)])
    go_round(here)
    rounds.begin(here.pk)
    Watch.objects.update(next_look_at=timezone.now() - timedelta(hours=1))
    with CaptureQueriesContext(connection) as queries:
        assert watch(here.pk, "tester:1")
    assert not [query for query in queries if query["sql"].startswith('UPDATE "deployer_service"')]


def test_a_service_that_is_gone_is_said_after_two_looks_and_not_looked_for_again(service, cloud):
    look(service)
    cloud.advance(60)
    look(service)
    clouds.of(service.target).delete_service(service.service_id)
    cloud.advance(60)
    look(service)
    assert (service.status, bool(service.missing_since)) == ("running", True)
    assert wait_of(service) < 3
    look(service)
    assert (service.status, service.is_settled, service.next_look_at) == ("deleted", True, None)
    assert heard(service)[-1] == ("running", "deleted")


def test_a_whole_list_without_it_twice_leads_to_the_look_that_tells(service, cloud):
    look(service)
    cloud.advance(60)
    look(service)
    clouds.of(service.target).delete_service(service.service_id)
    cloud.advance(60)
    go_round(service.target, whole=True)
    service.refresh_from_db()
    assert (service.status, bool(service.missing_since)) == ("running", True)
    go_round(service.target, whole=True)
    service.refresh_from_db()
    assert service.status == "deleted"


def test_one_that_shows_again_is_missed_no_more(service, cloud):
    look(service)
    cloud.advance(60)
    look(service)
    Service.objects.filter(pk=service.pk).update(missing_since=timezone.now())
    go_round(service.target, whole=True)
    service.refresh_from_db()
    assert service.missing_since is None


def test_a_new_service_may_show_late(service, here, cloud):
    clouds.of(here).delete_service(service.service_id)
    cloud.advance(60)
    look(service)
    look(service)
    assert (service.status, service.missing_since) == ("", None)
    assert wait_of(service) < 3
    Service.objects.filter(pk=service.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    look(service)
    look(service)
    assert service.status == "deleted"


def test_while_the_cloud_is_away_what_was_seen_stays_and_the_reason_is_kept(service, cloud, here):
    look(service)
    cloud.advance(60)
    look(service)
    cloud.next_time("503", match="GET /v1/*/services", times=20)
    cloud.next_time("503", match="GET /v1/*/services/*", times=20)
    Service.objects.filter(pk=service.pk).update(next_look_at=timezone.now() - timedelta(hours=1))
    go_round(here, whole=True)
    service.refresh_from_db()
    assert service.status == "running"
    assert 5 < wait_of(service) < 11
    assert 5 < wait_of(here.watch) < 11
    assert "The cloud is in trouble" in here.watch.problem


def test_one_service_that_cannot_be_read_stops_no_other(here, cloud):
    first = cloud.create(factories.real_time_body(service_name="first"), here)
    second = cloud.create(factories.real_time_body(service_name="second"), here)
    for _ in range(2):
        go_round(here, whole=True)
    Service.objects.filter(service_id=first).update(next_look_at=timezone.now() - timedelta(hours=2))
    Service.objects.filter(service_id=second).update(next_look_at=timezone.now() - timedelta(hours=1), config="[]")
    cloud.next_time("malformed", match=f"GET /v1/*/services/{first}", times=20)
    go_round(here)
    assert Service.objects.get(service_id=second).config != "[]"
    assert 20 < wait_of(Service.objects.get(service_id=first)) < 31


def test_a_target_is_watched_by_one_worker_at_a_time(here):
    current = claimed(here)
    assert rounds.claim(here.pk, seconds=30) is None
    rounds.finish(current, again_in=0)
    assert rounds.claim(here.pk, seconds=30)


def test_a_late_round_changes_nothing(service, here):
    late = claimed(here)
    Watch.objects.filter(target=here).update(lease="another's")
    with pytest.raises(LeaseLost):
        watching.copy(late, [(service, watching.Sight(service.service_id, "mnist", "deploying"))])
    with pytest.raises(LeaseLost):
        watching.still_there(late, [service])
    with pytest.raises(LeaseLost):
        rounds.finish(late, again_in=1)
    service.refresh_from_db()
    assert service.status == ""


def test_a_round_whose_worker_died_is_made_by_another(service, here):
    claimed(here)
    past = timezone.now() - timedelta(hours=1)
    Watch.objects.filter(target=here).update(lease_until=past, next_look_at=past)
    assert rounds.claim(here.pk, seconds=30)


def test_a_wish_for_a_look_is_met_at_once(service, here, victor, cloud):
    look(service)
    cloud.advance(60)
    assert wait_of(service) > 2
    assert watching.ask_look(service, by=victor)
    steps.advance("tester:1")
    service.refresh_from_db()
    assert service.status == "running"
    assert service.seen_at >= service.asked_at


def test_wishes_are_limited(service, victor):
    assert watching.ask_look(service, by=victor)
    assert not watching.ask_look(service, by=victor)
    Service.objects.update(asked_at=timezone.now() - timedelta(seconds=6))
    assert watching.ask_look(service, by=victor)
    victor.groups.clear()
    with pytest.raises(NotAllowed):
        watching.ask_look(service, by=type(victor).objects.get(pk=victor.pk))


def test_a_wish_during_a_look_is_not_lost(service, here, victor):
    current = claimed(here)
    fresh = Service.objects.get(pk=service.pk)
    watching.ask_look(service, by=victor)
    watching.look_closer_in(current, fresh, seconds=600)
    assert wait_of(service) < 1


def test_a_target_without_a_row_is_begun(here):
    assert rounds.begin_missing() == 1
    assert rounds.begin_missing() == 0
    assert rounds.due_targets(5) == [here.pk]
    assert sweep.due_rows() == 1


def test_a_dead_target_is_asked_again_later_and_stops_no_other(here, service):
    type(here).objects.filter(pk=here.pk).update(endpoint="http://127.0.0.1:9", iam_endpoint="http://127.0.0.1:9")
    go_round(here, whole=True)
    assert 5 < wait_of(here.watch) < 61
    assert here.watch.problem
