"""Watching services: copied as heard, quiet when nothing changes, never a person's problem when the cloud is away."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from deployer.models import Event, Service
from deployer.worker import clouds, stock
from deployer.worker.watch import watch
from deployer.workflow import watching
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(submission, step) -> Service:
    """Of an accepted submission, never looked at."""
    return step(submission).deployment.service


def look(service: Service) -> Service:
    Service.objects.filter(pk=service.pk).update(next_look_at=timezone.now())
    assert watch(service.pk, "tester:1")
    service.refresh_from_db()
    return service


def heard(service: Service) -> list[tuple[str, str]]:
    rows = Event.objects.filter(deployment__service=service, action="cloud_status").order_by("number")
    return [(row.facts["before"], row.facts["after"]) for row in rows]


def wait_of(service: Service) -> float:
    return (service.next_look_at - timezone.now()).total_seconds()


def test_it_is_looked_at_as_soon_as_it_is_accepted(service):
    assert service.next_look_at <= timezone.now()
    assert service.status == ""


def test_a_deploying_service_is_followed_until_it_runs(service, cloud):
    look(service)
    assert (service.status, service.is_settled) == ("deploying", False)
    assert service.progress is not None
    assert wait_of(service) < 3
    cloud.advance(60)
    look(service)
    assert (service.status, service.is_settled) == ("running", True)
    assert service.access_address
    assert 50 < wait_of(service) < 61
    assert heard(service) == [("", "deploying"), ("deploying", "running")]


def test_a_failed_service_shows_the_clouds_words(submitted, step, cloud):
    service = step(submitted("mine")).deployment.service
    Service.objects.filter(pk=service.pk).update(status="deploying")
    seen = watching.claim(service.pk, seconds=30)
    sight = watching.Sight(seen.service_id, "mine", "failed", error_msg="The container exited.")
    watching.seen(seen, sight, again_in=600)
    service.refresh_from_db()
    assert (service.status, service.error_msg, service.is_settled) == ("failed", "The container exited.", True)
    assert Event.objects.filter(action="cloud_status").first().facts["error"] == "The container exited."


def test_an_unknown_status_is_kept_as_it_came_and_counts_as_moving(service):
    seen = watching.claim(service.pk, seconds=30)
    watching.seen(seen, watching.Sight(seen.service_id, "mnist", "re-balancing"), again_in=2)
    service.refresh_from_db()
    assert (service.status, service.is_settled) == ("re-balancing", False)


def test_nothing_new_writes_no_event_and_keeps_the_time_of_the_last_change(service, cloud):
    cloud.advance(60)
    look(service)
    events, changed_at = Event.objects.count(), service.changed_at
    look(service)
    assert (Event.objects.count(), service.changed_at) == (events, changed_at)


def test_a_service_that_is_gone_is_said_and_not_looked_for_again(service, cloud):
    cloud.advance(60)
    look(service)
    clouds.of(service.target).delete_service(service.service_id)
    cloud.advance(60)
    look(service)
    assert (service.status, service.is_settled, service.next_look_at) == ("deleted", True, None)
    assert heard(service)[-1] == ("running", "deleted")


def test_while_the_cloud_is_away_what_was_seen_stays(service, cloud):
    cloud.advance(60)
    look(service)
    cloud.next_time("503", match="GET /v1/*/services/*", times=20)
    look(service)
    assert service.status == "running"
    assert 5 < wait_of(service) < 11


def test_a_service_is_looked_at_by_one_worker_at_a_time(service):
    assert watching.claim(service.pk, seconds=30)
    assert watching.claim(service.pk, seconds=30) is None


def test_a_late_look_changes_nothing(service):
    late = watching.claim(service.pk, seconds=30)
    Service.objects.filter(pk=service.pk).update(next_look_at=timezone.now() + timedelta(hours=1), status="running")
    assert not watching.seen(late, watching.Sight(late.service_id, "mnist", "deploying"), again_in=2)
    service.refresh_from_db()
    assert service.status == "running"


def test_taking_stock_remembers_what_others_made(here, cloud):
    cloud.create(factories.real_time_body(service_name="theirs"), here)
    assert stock.take(here.pk) == 1
    assert stock.take(here.pk) == 0
    service = Service.objects.get(name="theirs")
    assert service.deployments.count() == 0
    look(service)
    assert service.config != "[]"


def test_taking_stock_looks_closer_where_a_status_moved(service, here, cloud):
    look(service)
    cloud.advance(60)
    assert stock.take(here.pk) == 1
    service.refresh_from_db()
    assert service.next_look_at <= timezone.now()


def test_taking_stock_of_a_dead_target_is_no_error(here, cloud):
    type(here).objects.filter(pk=here.pk).update(endpoint="http://127.0.0.1:9", iam_endpoint="http://127.0.0.1:9")
    assert stock.take(here.pk) == 0


def test_more_services_than_fit_a_page_are_all_listed(here, cloud):
    body = factories.real_time_body(cluster_id="8abf68a969c3cb3a0169c4acb24b0000")
    for number in range(130):
        cloud.create({**body, "service_name": f"many-{number}"}, here)
    assert stock.take(here.pk) == 130
    requests.post(f"{cloud.url}/_sandbox/reset", timeout=5)
