"""Alive, ready, figures: true for machines, silent about people, and never down because a worker is."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from deployer.models import CatalogList, Heartbeat
from deployer.web import health
from tests.browser import world
from tests.factories import real_time_body


@pytest.fixture
def anybody() -> Client:
    return Client()


@contextmanager
def database_away():
    """Every statement fails as it does when the server is gone."""

    def fail(*_):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(fail):
        yield


def test_alive_asks_no_database(anybody):
    answer = anybody.get("/healthz")  # no database fixture: a query would fail this test
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_alive_while_the_database_is_away(anybody):
    with database_away():
        assert anybody.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_without_any_worker_says_so_in_its_body(anybody):
    answer = anybody.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "workers": [],
        "workers_alive": 0,
        "oldest_due_seconds": None,
    }


@pytest.mark.django_db
def test_a_dead_worker_and_an_old_row_do_not_take_the_pages_down(anybody, deployment_in, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    Heartbeat.objects.create(worker="here:1", started_at=now, beat_at=now - timedelta(seconds=2))
    Heartbeat.objects.create(worker="here:2", started_at=now, beat_at=now - timedelta(minutes=9))
    deployment_in("submitted")
    time_machine.move_to(now + timedelta(seconds=7), tick=False)
    answer = anybody.get("/readyz")
    facts = answer.json()
    assert answer.status_code == 200
    assert facts["workers_alive"] == 1
    assert facts["workers"] == [{"seconds_since_beat": 9.0}, {"seconds_since_beat": 547.0}]
    assert facts["oldest_due_seconds"] == pytest.approx(7.0, abs=2)  # due by the database's clock, which goes on


@pytest.mark.django_db
def test_not_ready_without_the_database(anybody):
    with database_away():
        answer = anybody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "away"}


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_a_migration_is_missing(anybody, monkeypatch):
    from django.db.migrations.recorder import MigrationRecorder

    monkeypatch.setattr(health, "_migrated", False)
    done = MigrationRecorder(connection).migration_qs.filter(app="deployer").order_by("-pk").first()
    MigrationRecorder(connection).migration_qs.filter(pk=done.pk).delete()
    try:
        answer = anybody.get("/readyz")
    finally:
        MigrationRecorder(connection).record_applied("deployer", done.name)
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "missing"
    assert anybody.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_health_pages_name_nobody_and_nothing(anybody, deployment_in, settings):
    settings.METRICS_OPEN = True
    Heartbeat.objects.create(worker="secret-host:1", started_at=timezone.now(), beat_at=timezone.now())
    deployment_in("submitted", body=real_time_body(service_name="secret-service"))
    for address in ("/healthz", "/readyz", "/metrics"):
        text = anybody.get(address).content.decode()
        for name in ("secret-host", "secret-service", "alice", "model-a", "127.0.0.1"):
            assert name not in text


@pytest.mark.django_db
def test_metrics_need_their_token(anybody, settings):
    settings.METRICS_OPEN, settings.METRICS_TOKEN = False, ""
    assert anybody.get("/metrics").status_code == 404
    assert anybody.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "a-long-random-token"  # noqa: S105 - the point of the test
    assert anybody.get("/metrics").status_code == 404
    assert anybody.get("/metrics", headers={"Authorization": "Bearer wrong-token-é"}).status_code == 404
    answer = anybody.get("/metrics", headers={"Authorization": "Bearer a-long-random-token"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
def test_metrics_tell_outcomes_services_workers_and_who_is_needed(anybody, settings, deployment_in):
    settings.METRICS_OPEN = True
    world.in_the_cloud(deployment_in("submitted", body=real_time_body(service_name="a")), "running")
    world.in_limbo(deployment_in("submitted", body=real_time_body(service_name="b")), person=True)
    deployment_in("submitted", body=real_time_body(service_name="c"))
    Heartbeat.objects.create(worker="w", started_at=timezone.now(), beat_at=timezone.now())
    lines = anybody.get("/metrics").content.decode().splitlines()
    for line in (
        'deployer_submissions{outcome="accepted",target="dev"} 1.0',
        'deployer_submissions{outcome="unknown",target="dev"} 1.0',
        'deployer_submissions{outcome="waiting",target="dev"} 1.0',
        'deployer_services{status="running"} 1.0',
        "deployer_needs_person 1.0",
        "deployer_workers 1.0",
    ):
        assert line in lines


@pytest.mark.django_db
def test_metrics_tell_how_old_each_list_is_and_how_many_failed(anybody, settings, dev, prod, time_machine):
    settings.METRICS_OPEN = True
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    CatalogList.objects.create(target=dev, kind="model", seen_at=now - timedelta(seconds=90))
    CatalogList.objects.create(target=dev, kind="pool", problem="Nobody answers.")
    CatalogList.objects.create(target=prod, kind="model", seen_at=now)
    lines = anybody.get("/metrics").content.decode().splitlines()
    assert 'deployer_catalog_age_seconds{list="model",target="dev"} 90.0' in lines
    assert 'deployer_catalog_age_seconds{list="model",target="prod"} 0.0' in lines
    assert 'deployer_catalog_failed_lists{target="dev"} 1.0' in lines
    assert 'deployer_catalog_failed_lists{target="prod"} 0.0' in lines
    assert not any('list="pool"' in line for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_health_is_only_read(anybody, address):
    assert anybody.post(address).status_code == 405
    assert anybody.head(address).status_code in {200, 404}
