"""Asking for a fresh look at one service, and what moves on its page meanwhile."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from deployer.models import Service, Watch
from deployer.workflow import rounds, watching
from tests.browser import world

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def look(client_of, victor):
    return client_of(victor)


@pytest.fixture
def service(deployment_in) -> Service:
    return world.in_the_cloud(deployment_in("submitted"), "running", seen_at=timezone.now()).service


def since_of(page: str) -> str:
    return re.search(r"since=([0-9a-f]{16})", page)[1]


def drawn(look, service: Service) -> str:
    return look.get(f"/services/{service.service_id}/").content.decode()


def long_ago(service: Service) -> None:
    """As if it had been asked for half a minute ago."""
    early = timezone.now() - timedelta(seconds=30)
    Service.objects.filter(pk=service.pk).update(asked_at=early, next_look_at=early, seen_at=early - timedelta(hours=1))


def test_a_wish_makes_it_due_and_wakes_a_worker(look, service):
    DBTaskResult.objects.all().delete()
    answer = look.post(f"/services/{service.service_id}/refresh/")
    assert answer.status_code == 302
    assert answer.url == f"/services/{service.service_id}/"
    service.refresh_from_db()
    assert service.next_look_at <= timezone.now()
    assert DBTaskResult.objects.count() == 1
    assert "A look was asked for" in drawn(look, service)


def test_a_second_wish_is_the_first_one_and_no_refusal(look, service):
    DBTaskResult.objects.all().delete()
    address = f"/services/{service.service_id}/refresh/"
    assert [look.post(address, **HTMX).status_code for _ in range(4)] == [200] * 4
    assert DBTaskResult.objects.count() == 1


def test_a_page_asks_by_itself_when_it_was_not_seen_lately(look, service):
    assert 'hx-trigger="load"' not in drawn(look, service)
    Service.objects.update(seen_at=timezone.now() - timedelta(seconds=30))
    assert 'hx-trigger="load"' in drawn(look, service)
    look.post(f"/services/{service.service_id}/refresh/")
    assert 'hx-trigger="every 1s, poll-now"' in drawn(look, service)


def test_a_page_asks_again_only_while_something_moves(look, service):
    assert "service-live" not in drawn(look, service)
    assert "/live/" not in drawn(look, service)
    Service.objects.update(status="deploying", is_settled=False)
    assert 'hx-trigger="every 2s, poll-now"' in drawn(look, service)


def test_nothing_but_the_seconds_is_drawn_while_nothing_moves(look, service, django_assert_max_num_queries):
    Service.objects.update(status="deploying", is_settled=False, progress=10)
    since = since_of(drawn(look, service))
    address = f"/services/{service.service_id}/live/?since={since}"
    with django_assert_max_num_queries(5):
        answer = look.get(address, **HTMX).content.decode()
    assert "hx-swap-oob" not in answer
    Service.objects.update(progress=20)
    answer = look.get(address, **HTMX).content.decode()
    for part in ("service-badge", "service-now", "service-led", "service-facts", "service-heard", "service-news"):
        assert f'id="{part}" hx-swap-oob="true"' in answer
    assert "Deploying" in answer
    assert look.get(address).status_code == 302


def test_a_cloud_that_cannot_be_asked_is_told(look, service):
    now = timezone.now()
    Watch.objects.create(
        target=service.target, next_look_at=now, whole_look_at=now, problem="The cloud is <b>in trouble."
    )
    page = drawn(look, service)
    assert "The cloud cannot be asked now." in page
    assert "The cloud is &lt;b&gt;in trouble." in page


def test_a_wish_nobody_takes_is_told_and_waited_for_two_minutes(look, service):
    now = timezone.now()
    Service.objects.update(seen_at=now - timedelta(minutes=5), asked_at=now - timedelta(seconds=30))
    assert "no worker has taken it" in drawn(look, service)
    Service.objects.update(asked_at=now - timedelta(minutes=3))
    assert "every 1s" not in drawn(look, service)


def test_a_wish_the_cloud_does_not_answer_is_not_laid_to_the_workers(look, service, victor):
    rounds.begin(service.target_id)
    Service.objects.update(next_look_at=None)
    assert watching.ask_look(service, by=victor)
    long_ago(service)
    assert "no worker has taken it" in drawn(look, service)
    current = rounds.claim(service.target_id, seconds=60)
    assert "; a worker is at it." in drawn(look, service)
    rounds.put_off(current, seconds=10, problem="No readable answer came back.")
    page = drawn(look, service)
    assert "; the cloud could not be asked since." in page
    assert "no worker" not in page


def test_a_trouble_from_before_the_wish_says_nothing_of_it(look, service):
    now = timezone.now()
    Watch.objects.create(target=service.target, next_look_at=now, whole_look_at=now, problem="No readable answer.")
    long_ago(service)
    assert "no worker has taken it" in drawn(look, service)


def test_asking_is_posting_by_somebody_with_a_role(client_of, victor, look, service):
    address = f"/services/{service.service_id}/refresh/"
    assert look.get(address).status_code == 405
    assert look.post("/services/no-such/refresh/").status_code == 404
    victor.groups.clear()
    assert client_of(victor).post(address).status_code == 403
    assert client_of(victor).get(f"/services/{service.service_id}/live/", **HTMX).status_code == 403
    service.refresh_from_db()
    assert service.asked_at is None
