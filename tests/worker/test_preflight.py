"""Preflights at a real sandbox: one failing case for each check, and clouds that cannot or will not say."""

import json
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.domain import preflight as checks
from deployer.modelarts.calls import Calls
from deployer.modelarts.errors import Refused
from deployer.modelarts.transport import Answer
from deployer.models import CatalogList, Preflight
from deployer.worker import clouds, facts, quota, refresh, supply
from deployer.worker.preflight import preflight
from deployer.workflow import catalog, review
from deployer.workflow import preflight as runs
from tests.cloud_troubles import CHECKS, GOOD, ONLY_WARN, TROUBLES, good, in_vpc
from tests.factories import batch_body, entry, real_time_body

pytestmark = pytest.mark.django_db

READS = ("models", "specifications", "clusters", "pools", "workspaces", "vpcs", "subnets", "security-groups")


@pytest.fixture
def run(here, draft_of, alice):
    """The latest run of a version of this request, made by one step of a worker."""

    def make(body, *, steps: int = 1) -> Preflight:
        deployment = draft_of(body, target=here)
        review.ask_review(deployment, seen=1, by=alice)
        row = Preflight.objects.latest("pk")
        for _ in range(steps):
            Preflight.objects.filter(pk=row.pk, finished_at__isnull=True).update(next_action_at=timezone.now())
            assert preflight(row.pk, "tester:1")
        row.refresh_from_db()
        return row

    return make


def services_of_others(cloud, target, number: int) -> None:
    for place in range(number):
        cloud.create(real_time_body(entry(GOOD), service_name=f"other-{place}"), target)


@pytest.mark.parametrize(("check", "body", "path", "words", "way_out"), TROUBLES, ids=CHECKS)
def test_each_check_fails_where_it_should_and_names_field_and_way_out(
    check, body, path, words, way_out, cloud, here, run
):
    if check == "name":
        cloud.create(real_time_body(entry(GOOD), service_name="taken"), here)
    if check == "quota":
        services_of_others(cloud, here, 20)
    row = run(body)
    severity = "warn" if check in ONLY_WARN else "block"
    assert row.verdict == severity
    found = [one for one in row.found if one["check"] == check and one["severity"] == severity]
    assert [one["path"] for one in found] == [path]
    assert words in found[0]["message"]
    assert way_out in found[0]["way_out"]
    assert {one["check"] for one in row.found if one["severity"] == "block"} == {check} - ONLY_WARN


def test_there_is_a_case_for_every_check():
    book = {"name", "workspace", "published", "install_type", "versions", "inputs", "req_uri", "mapping", "paths"}
    book |= {"flavor", "pool", "room", "quota", "vpc", "subnet", "security_group"}
    assert set(CHECKS) == book
    assert len(checks.CHECKS) == 17  # both checks of the mapping are called by one name


@pytest.mark.parametrize("body", [good(), in_vpc(), good(cluster_id="8abf68a969c3cb3a0169c4acb24b0000")])
def test_what_the_cloud_takes_passes(body, run):
    row = run(body)
    assert row.verdict == "pass", row.found
    assert row.finished_at
    assert row.tries == 1


def test_each_list_is_asked_for_at_most_once(cloud, run):
    run(in_vpc())
    assert {name: cloud.count("GET", f"/{name}") for name in READS} == {
        "models": 0, "specifications": 1, "clusters": 0, "pools": 0, "workspaces": 0, "vpcs": 1, "subnets": 1,
        "security-groups": 1,
    }  # fmt: skip


def test_many_models_are_looked_up_in_one_list(cloud, here, run):
    from deployer.sandbox.catalog import MODELS

    fitting = [model.model_id for model in MODELS if model.status == "published" and "real-time" in model.install]
    rows = [entry(model_id, 100 if not place else 0) for place, model_id in enumerate(fitting[:8])]
    run(real_time_body(*rows))
    assert cloud.count("GET", "/models") == 1
    begun = CatalogList.objects.filter(target=here, kind="model")
    catalog.begin(here)
    refresh.refresh(begun.get().pk, "tester:1")
    asked = cloud.count("GET", "/models")
    assert run(real_time_body(*rows, service_name="again")).found
    assert cloud.count("GET", "/models") == asked  # the catalog's list is young enough


def test_near_the_quota_only_services_of_the_shared_pool_count(cloud, here, run):
    pool = {"cluster_id": "8abf68a969c3cb3a0169c4acb24b0000"}
    services_of_others(cloud, here, 15)
    for place in range(5):
        cloud.create(real_time_body(entry(GOOD), service_name=f"pooled-{place}", **pool), here)
    said = [one for one in run(good()).found if one["check"] == "quota"]
    assert [one["message"] for one in said] == ["15 of 20 real-time services are used."]


def test_services_of_other_users_take_none_of_our_quota(here):
    owners = {"newest": "them", "sent": "we", "older": "we", "unsaid": "", "old": "them"}
    assert quota.of_our_user(owners, {"sent"}) == ["sent", "older", "unsaid"]
    assert quota.of_our_user(owners, ()) == list(owners)  # nobody says who we are


def newer_pools(monkeypatch, workspace: str) -> list[dict]:
    """A cloud that shows pool-x in one workspace only. Gives the questions it was asked."""
    real, asked = Calls._call, []
    item = {"metadata": {"name": "pool-x"}, "spec": {"scope": ["Infer"]}, "status": {"phase": "Running"}}

    def call(self, method, path, **more):
        if path == "/workspaces":
            rows = [] if more["query"]["offset"] else [{"id": workspace, "status": "NORMAL"}]
            return Answer(200, {}, json.dumps({"total_count": 1, "workspaces": rows}).encode())
        if path != "/pools":
            return real(self, method, path, **more)
        asked.append(more["query"])
        items = [item] if more["query"].get("workspaceId") == workspace else []
        return Answer(200, {}, json.dumps({"items": items}).encode())

    monkeypatch.setattr(Calls, "_call", call)
    return asked


def test_a_pool_is_looked_for_in_the_workspace_of_the_request(cloud, here, monkeypatch):
    workspace = "a" * 32
    asked = newer_pools(monkeypatch, workspace)

    def said(**more):
        body = good(**more)
        found = facts.gather(here, body, clouds.of(here), seconds=5, fresh=30)
        return [one.severity for one in checks.run(body, found) if one.check == "pool"]

    assert said(pool_name="pool-x") == ["block"]
    assert said(pool_name="pool-x", workspace_id=workspace) == ["pass"]
    assert said(pool_name="pool-y", workspace_id=workspace) == ["warn"]
    assert [one["workspaceId"] for one in asked] == [None, workspace]
    here.workspace_id = workspace
    assert [offer.key for offer in supply.read(here, "pool") if offer.part == "pool"] == ["pool-x"]


def lying_clusters(monkeypatch) -> None:
    row = {"cluster_id": "c1", "status": "running", "allocatable_cpu_cores": 8, "allocatable_memory": 10**400}
    real = Calls._call

    def call(self, method, path, **more):
        if path != "/clusters":
            return real(self, method, path, **more)
        rows = [] if more["query"]["offset"] else [row]
        return Answer(200, {}, json.dumps({"total_count": 1, "clusters": rows}).encode())

    monkeypatch.setattr(Calls, "_call", call)


def test_a_number_beyond_all_bounds_is_as_good_as_none(run, monkeypatch):
    lying_clusters(monkeypatch)
    row = run(good(cluster_id="c1", row={"specification": "custom", "custom_spec": {"cpu": 1.0, "memory": 1024}}))
    assert row.verdict == "warn"
    assert any("does not say what is free" in one["message"] for one in row.found)


def test_a_check_that_breaks_ends_the_run_in_words(run, monkeypatch):
    def broken(body, found):
        raise OverflowError

    monkeypatch.setattr(checks, "run", broken)
    row = run(good())
    assert (row.verdict, row.found) == ("failed", [])
    assert row.reason.startswith("Something broke on our side.")


@pytest.mark.parametrize("fault", ["malformed", "truncated", "huge", "500-before", "503", "redirect"])
def test_a_list_that_cannot_be_read_warns_and_never_blocks(fault, cloud, run):
    cloud.next_time(fault, match="GET /v1/*/services/specifications", times=20)
    row = run(good())
    said = [one for one in row.found if one["check"] == "flavor"]
    assert [one["severity"] for one in said] == ["warn"]
    assert "could not be checked." in said[0]["message"]
    assert row.verdict == "warn"


def test_a_cloud_that_cannot_be_asked_is_asked_three_times(cloud, here, run):
    cloud.next_time("503", match="GET /v1/*/*", times=200)
    cloud.next_time("503", match="GET /v1/*/*/*", times=200)
    cloud.has_little_time(1.0)
    clouds.of(here).login()
    row = run(good())
    assert (row.verdict, row.tries) == ("", 1)
    assert "HTTP 503" in row.reason
    assert row.next_action_at > timezone.now()
    row = run(good(service_name="other"), steps=3)
    assert (row.verdict, row.found) == ("failed", [])
    assert "HTTP 503" in row.reason
    assert not preflight(row.pk, "tester:1")


def test_a_run_that_saw_nothing_at_all_is_no_pass(run, monkeypatch):
    def call(self, method, path, **more):
        raise Refused(403, "ModelArts.0112", "The role denies it")

    monkeypatch.setattr(Calls, "_call", call)
    row = run(in_vpc())
    assert (row.verdict, row.found) == ("failed", [])
    assert row.reason


def test_refused_credentials_end_it_at_once(here, run):
    here.secret = "wrong"
    here.save()
    row = run(good())
    assert row.verdict == "failed"
    assert "credentials" in row.reason or "login" in row.reason
    assert "wrong" not in json.dumps(row.found) + row.reason


def slow_clusters(monkeypatch, *, pages=40, each=0.1):
    real = Calls._call

    def call(self, method, path, **more):
        if path != "/clusters":
            return real(self, method, path, **more)
        time.sleep(each)
        place = more["query"]["offset"]
        rows = [{"cluster_id": f"c{place}", "status": "running"}] if place < pages else []
        return Answer(200, {}, json.dumps({"total_count": pages, "clusters": rows}).encode())

    monkeypatch.setattr(Calls, "_call", call)


def test_all_pages_of_a_list_together_keep_within_the_seconds_of_a_run(cloud, here, monkeypatch):
    clouds.of(here).login()
    slow_clusters(monkeypatch, pages=300)
    began = time.monotonic()
    found = facts.gather(here, good(cluster_id="c3"), clouds.of(here), seconds=1.5)
    assert isinstance(found.clusters, checks.Unknown)
    assert time.monotonic() - began < 15  # half a minute of pages


@pytest.mark.parametrize("hours", [1, -1], ids=["ahead", "behind"])
def test_our_own_clock_decides_nothing(hours, here, draft_of, alice):
    """A worker that is behind makes the run that is due, and one that is ahead takes it from nobody."""
    review.ask_review(draft_of(good(), target=here), seen=1, by=alice)
    row = Preflight.objects.get()
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert Preflight.objects.due().exists()
        assert runs.claim(row.pk, seconds=60)
    with time_machine.travel(timezone.now() - timedelta(hours=hours)):
        assert runs.claim(row.pk, seconds=60) is None


def test_a_run_that_never_ends_is_given_up(here, draft_of, alice):
    review.ask_review(draft_of(good(), target=here), seen=1, by=alice)
    row = Preflight.objects.get()
    for _ in range(runs.MOST_CLAIMS):
        assert runs.claim(row.pk, seconds=60)  # by a worker that does not come back
        Preflight.objects.update(next_action_at=timezone.now())
    assert preflight(row.pk, "tester:1")
    row.refresh_from_db()
    assert (row.verdict, row.reason) == ("failed", "It was begun three times and never came to an end.")


def test_nobody_at_the_endpoint_is_said_in_words(cloud, here, run):
    cloud.has_little_time(0.5)
    here.endpoint = here.iam_endpoint = "http://127.0.0.1:9"
    here.save()
    row = run(good(), steps=3)
    assert row.verdict == "failed"
    assert "Nothing answers" in row.reason


def test_a_run_taken_by_another_worker_is_not_run_twice(run, here, draft_of, alice):
    review.ask_review(draft_of(good(), target=here), seen=1, by=alice)
    row = Preflight.objects.get()
    assert runs.claim(row.pk, seconds=60)
    assert not preflight(row.pk, "tester:2")


def test_a_batch_job_is_checked_by_its_models_definition(run):
    body = batch_body(model_id="598b913a-af3e-41ba-a1b5-bf065320f1e2")
    found = {one["check"]: one["severity"] for one in run(body).found}
    assert found["inputs"] == found["req_uri"] == "pass"
    assert found["mapping"] == "block"  # it takes plain values, and the request says file


def test_no_more_queries_for_many_models(run, here):
    counted = []
    run(good(service_name="warm"))
    for count in (1, 4):
        rows = [entry(f"m{place}", 100 if not place else 0) for place in range(count)]
        with CaptureQueriesContext(connection) as queries:
            run(real_time_body(*rows, service_name=f"s{count}"))
        counted.append(len(queries))
    assert counted[0] == counted[1]
