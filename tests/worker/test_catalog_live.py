"""Workers as real processes, and the catalog of a target that was just written down."""

import signal
import time

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from deployer.models import CatalogEntry, CatalogList, Enquiry
from deployer.models.catalog import Kind
from deployer.workflow import catalog, enquiries, targets
from tests.worker.processes import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FACTS = {
    "project_id": "5a0d80b5c0de4c0fa11ab1e5eed00001",
    "project_name": "region-1",
    "username": "demo",
    "domain_name": "demo",
}


@pytest.fixture
def made(cloud):
    return targets.save("dev", secret="demo", endpoint=cloud.url, iam_endpoint=cloud.url, **FACTS).target


def fresh(since) -> int:
    return CatalogList.objects.filter(seen_at__gte=since, problem="").count()


def test_a_new_target_has_its_catalog_within_seconds(cloud, made):
    began = timezone.now()
    with worker(), worker():
        wait_for(lambda: fresh(began) == 7)
        assert cloud.count("GET", "/clusters") == 1
        assert cloud.count("POST", "/auth/tokens") <= 1  # none where a token of an earlier worker still lasts
        entry = CatalogEntry.objects.get(kind=Kind.MODEL, name="fraud-watch")
        CatalogEntry.objects.filter(pk=entry.pk).update(detail="", detail_at=None)
        entry.refresh_from_db()
        assert catalog.ask_detail(entry)
        wait_for(lambda: CatalogEntry.objects.exclude(detail="").filter(pk=entry.pk).exists())


def test_what_a_person_asks_for_is_answered_at_once_and_then_nothing_is_done(cloud, made, root):
    began = timezone.now()
    with worker():
        wait_for(lambda: fresh(began) == 7)
        asked = timezone.now()
        catalog.ask_refresh(made, by=root, kinds=["pool"])
        wait_for(lambda: CatalogList.objects.filter(kind="pool", seen_at__gte=asked, asked_at=None).exists())
        question = enquiries.ask_connection(made, by=root)
        wait_for(lambda: Enquiry.objects.filter(pk=question.pk, answered_at__isnull=False).exists())
        time.sleep(1)
        tasks, calls = DBTaskResult.objects.count(), cloud.count("GET", "/clusters")
        time.sleep(2)
        assert DBTaskResult.objects.filter(status="READY").count() == 0
        assert DBTaskResult.objects.count() - tasks <= 1  # taking stock may fall into these seconds
        assert cloud.count("GET", "/clusters") == calls


def test_a_slow_cloud_keeps_nobody_else_waiting(cloud, made, deployment_in, root):
    cloud.next_time("hang-before", match="GET /v1/*/models", times=40, seconds=300)
    began = timezone.now()
    with worker():
        wait_for(lambda: CatalogList.objects.filter(kind=Kind.MODEL).exclude(lease="").exists())
        submission = deployment_in("submitted", target=made).submission
        wait_for(lambda: type(submission).objects.filter(outcome="accepted").exists(), 30)
        question = enquiries.ask_connection(made, by=root)
        wait_for(lambda: Enquiry.objects.filter(pk=question.pk, answered_at__isnull=False).exists(), 30)
        assert fresh(began) < 7


def test_a_worker_that_only_reads_a_slow_list_ends_when_asked_and_leaves_it_to_others(cloud, made):
    cloud.next_time("hang-before", match="GET /v1/*/models", times=40, seconds=300)
    with worker() as process:
        wait_for(lambda: CatalogList.objects.filter(kind=Kind.MODEL).exclude(lease="").exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0  # one call for the list alone is given longer
    row = CatalogList.objects.get(kind=Kind.MODEL)
    assert row.lease == ""
    assert row.next_look_at <= timezone.now()
