"""Keeping what a cloud offers fresh: read whole, told when it cannot be, never in the way of the line."""

import threading
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from deployer.models import CatalogEntry, CatalogList, Target
from deployer.models.catalog import Kind
from deployer.worker import clouds, details, steps, supply, sweep
from deployer.worker.refresh import refresh
from deployer.worker.room import Room, room
from deployer.workflow import catalog

pytestmark = pytest.mark.django_db

MODEL = "e5d0a9b2-17c4-4c19-8a0e-3f1b7742cc9d"  # the first of the sandbox's list
SCORES = "6f2d81c0-4a7b-4e0d-9d35-b1c6a0f7e214"  # a published one that takes a table


@pytest.fixture(autouse=True)
def no_leases():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def here(here) -> Target:
    catalog.begin(here)
    return here


def row_of(target: Target, kind: str) -> CatalogList:
    return CatalogList.objects.get(target=target, kind=kind)


def read(target: Target, kind: str) -> CatalogList:
    """One look at one list, as if its time had come."""
    CatalogList.objects.filter(target=target, kind=kind).update(next_look_at=timezone.now())
    assert refresh(row_of(target, kind).pk, "tester:1")
    return row_of(target, kind)


def offers(target: Target, kind: str, **more) -> dict[str, CatalogEntry]:
    return {one.key: one for one in CatalogEntry.objects.of(target, kind, **more)}


def wait_of(row: CatalogList) -> float:
    return (row.next_look_at - timezone.now()).total_seconds()


# --- what is read ----------------------------------------------------------------------------------------------------


def test_everything_is_read_once_it_is_due(here):
    assert steps.advance("tester:1") >= 7
    rows = CatalogList.objects.filter(target=here)
    assert {row.kind: row.problem for row in rows} == dict.fromkeys(catalog.KINDS, "")
    assert all(row.seen_at and row.count for row in rows)
    assert steps.advance("tester:1") == 0


def test_what_took_long_to_read_is_as_old_as_when_it_began(here, monkeypatch):
    real, moments = supply.READERS["model"], []

    def slow(target):
        moments.append(timezone.now())
        return real(target)

    monkeypatch.setitem(supply.READERS, "model", slow)
    catalog.begin(here)
    row = CatalogList.objects.get(target=here, kind="model")
    assert refresh(row.pk, "tester:1")
    row.refresh_from_db()
    assert row.seen_at <= moments[0]


def test_models_come_newest_first_with_what_they_are(here):
    row = read(here, Kind.MODEL)
    found = offers(here, Kind.MODEL)
    assert row.count == len(found) >= 20
    assert next(iter(found)) == MODEL
    first = found[MODEL]
    assert (first.name, first.version, first.status) == ("sentiment", "5.0.0", "published")
    assert first.said["install_types"] == ["real-time", "batch"]
    assert first.said["min"] == {"cpu": "1", "memory": "1024", "gpu": "0", "ascend": "0"}
    assert first.said["created_at"].startswith("2026-11-20")
    assert 290 < wait_of(row) < 301


def test_flavors_come_for_both_types(here):
    read(here, Kind.SPECIFICATION)
    live = offers(here, Kind.SPECIFICATION, part="real-time")
    batch = offers(here, Kind.SPECIFICATION, part="batch")
    assert live["modelarts.vm.gpu.v100"].status == "sellout"
    assert live["modelarts.vm.ai1.a310"].said["is_open"] is False
    assert live["modelarts.vm.gpu.t4"].said["over_quota"] is True
    assert "modelarts.vm.gpu.v100" not in batch
    assert live["custom"].said["for_pools"] is True
    assert live["modelarts.vm.cpu.2u"].said["for_pools"] is False


def test_pools_tell_what_is_free(here):
    read(here, Kind.POOL)
    pool = offers(here, Kind.POOL, part="cluster")["c7a1f0de-3b59-4ee4-a0cb-7a2f0e9b1d44"]
    assert (pool.name, pool.status) == ("ml-pool-a", "running")
    assert pool.said["free"]["cpu"] <= 64
    assert pool.said["free"].keys() == {"cpu", "memory", "gpus", "nodes"}


def test_networks_are_narrowed_by_their_vpc_and_judged_for_8080(here):
    for kind in (Kind.VPC, Kind.SUBNET, Kind.SECURITY_GROUP):
        read(here, kind)
    vpcs, subnets = offers(here, Kind.VPC), offers(here, Kind.SUBNET)
    assert {one.parent for one in subnets.values()} == set(vpcs)
    groups = {one.name: one.said["opens_8080"] for one in offers(here, Kind.SECURITY_GROUP).values()}
    assert groups["sg-inference"] is True
    assert groups["sg-closed"] is False


def test_workspaces_are_listed(here):
    read(here, Kind.WORKSPACE)
    assert offers(here, Kind.WORKSPACE)["0"].name == "default"


def test_a_model_that_changed_keeps_its_row(here):
    read(here, Kind.MODEL)
    CatalogEntry.objects.filter(key=MODEL).update(status="publishing")
    before = CatalogEntry.objects.get(key=MODEL)
    read(here, Kind.MODEL)
    after = CatalogEntry.objects.get(key=MODEL)
    assert (after.pk, after.status) == (before.pk, "published")


# --- details ---------------------------------------------------------------------------------------------------------


def test_the_newest_batch_models_are_read_ahead(here, cloud):
    read(here, Kind.MODEL)
    known = CatalogEntry.objects.exclude(detail="")
    assert known.count() <= details.AHEAD
    assert set(known.values_list("status", flat=True)) == {"published"}
    calls = cloud.count("GET", MODEL)
    read(here, Kind.MODEL)
    assert cloud.count("GET", MODEL) == calls


def test_a_model_tells_its_interface(here):
    read(here, Kind.MODEL)
    said = offers(here, Kind.MODEL)[SCORES].more
    api = said["apis"][0]
    assert (api["url"], api["method"], api["content_type"]) == ("/", "POST", "application/json")
    assert api["input"]["properties"]["data"]["type"] == "object"
    assert {one["param_name"] for one in said["input_params"]} >= {"age", "amount"}


def test_a_picked_model_is_read_within_the_task_it_puts_in_line(here):
    read(here, Kind.MODEL)
    entry = offers(here, Kind.MODEL)[MODEL]
    CatalogEntry.objects.update(detail="", detail_at=None)
    assert details.fetch(entry.pk)
    entry.refresh_from_db()
    assert entry.more["apis"]


def test_a_group_tells_its_rules(here):
    read(here, Kind.SECURITY_GROUP)
    group = next(one for one in offers(here, Kind.SECURITY_GROUP).values() if one.name == "sg-inference")
    assert details.fetch(group.pk)
    group.refresh_from_db()
    assert any(rule["port_range_min"] == 8080 for rule in group.more["rules"])


def test_a_page_that_cannot_be_read_says_why_and_keeps_what_was_known(here, cloud):
    read(here, Kind.MODEL)
    entry = offers(here, Kind.MODEL)[SCORES]
    cloud.next_time("malformed", match="GET /v1/*/models/*", times=9)
    assert not details.fetch(entry.pk)
    entry.refresh_from_db()
    assert entry.more["apis"]
    CatalogEntry.objects.update(detail="", detail_at=None)
    assert not details.fetch(entry.pk)
    entry.refresh_from_db()
    assert "No readable answer" in entry.more["problem"]


def test_an_entry_that_is_gone_has_no_page(here):
    assert not details.fetch(4711)


# --- when the cloud does not play along ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("malformed", "No readable answer"),
        ("huge", "No readable answer"),
        ("truncated", "No readable answer"),
        ("503", "HTTP 503"),
        ("redirect", "another address"),
        ("429", "busy"),
    ],
)
def test_a_list_that_cannot_be_read_keeps_what_was_seen_and_says_why(here, cloud, fault, words):
    before = read(here, Kind.POOL)
    cloud.next_time(fault, match="GET /v1/*/clusters", times=20)
    row = read(here, Kind.POOL)
    assert words in row.problem
    assert (row.count, row.seen_at) == (before.count, before.seen_at)
    assert wait_of(row) > 5
    assert offers(here, Kind.POOL)


def test_a_cloud_without_the_call_has_none_of_that_kind(here, cloud, monkeypatch):
    from deployer.modelarts.client import ModelArts
    from deployer.modelarts.errors import Refused

    def unknown(self, **_):
        raise Refused(404, "APIG.0101", "The API does not exist.")

    monkeypatch.setattr(ModelArts, "clusters", unknown)
    monkeypatch.setattr(ModelArts, "pools", unknown)
    monkeypatch.setattr(ModelArts, "workspaces", unknown)
    assert read(here, Kind.POOL).problem == ""
    assert not offers(here, Kind.POOL)
    read(here, Kind.WORKSPACE)
    assert list(offers(here, Kind.WORKSPACE)) == ["0"]


def test_one_call_to_a_dead_cloud_speaks_for_all_its_lists(here):
    Target.objects.update(endpoint="http://127.0.0.1:9", iam_endpoint="http://127.0.0.1:9")
    steps.advance("tester:1")
    rows = CatalogList.objects.all()
    assert {row.problem for row in rows} == {rows[0].problem}
    assert "Nothing answers" in rows[0].problem
    assert min(wait_of(row) for row in rows) > 5


def test_a_network_host_of_its_own_may_be_away(here):
    Target.objects.update(vpc_endpoint="http://127.0.0.1:9")
    steps.advance("tester:1")
    told = set(CatalogList.objects.exclude(problem="").values_list("kind", flat=True))
    assert told == {"vpc", "subnet", "security_group"}


def test_refused_credentials_wait_long_and_are_tried_once(here, cloud):
    Target.objects.update(username="nobody-knows")
    steps.advance("tester:1")
    assert {row.problem for row in CatalogList.objects.filter(kind__in=["model", "pool"])} != {""}
    assert min(wait_of(row) for row in CatalogList.objects.filter(kind="model")) > 500
    logins = cloud.count("POST", "/auth/tokens")
    read(here, Kind.POOL)
    assert cloud.count("POST", "/auth/tokens") == logins


def test_a_target_without_a_readable_secret_says_so(here):
    Target.objects.update(secret="")
    row = read(here, Kind.MODEL)
    assert "secret is missing" in row.problem


def test_waits_grow_with_what_is_stale(here, time_machine):
    Target.objects.update(endpoint="http://127.0.0.1:9", iam_endpoint="http://127.0.0.1:9")
    first = wait_of(read(here, Kind.POOL))
    CatalogList.objects.update(seen_at=timezone.now() - timedelta(seconds=200))
    Target.objects.update(updated_at=timezone.now() - timedelta(days=1))
    later = wait_of(read(here, Kind.POOL))
    CatalogList.objects.update(seen_at=timezone.now() - timedelta(days=1))
    latest = wait_of(read(here, Kind.POOL))
    assert 5 < first < 15 < later < 105 < latest <= 600


def test_our_own_fault_is_told_by_the_log_alone(here, monkeypatch, caplog):
    def breaks(seen):
        raise ZeroDivisionError("planted-secret-9")

    monkeypatch.setattr("deployer.worker.supply.model", breaks)
    row = read(here, Kind.MODEL)
    assert "our side" in row.problem
    assert "planted" not in row.problem
    assert "ZeroDivisionError" in caplog.text


def test_a_cloud_that_lies_about_its_models_is_read_as_far_as_it_makes_sense(here, monkeypatch):
    from deployer.modelarts import answers
    from deployer.modelarts.client import ModelArts

    rows = [
        {"model_id": "good", "model_name": "n" * 5000, "install_type": "real-time", "create_at": -5},
        {"model_id": "good", "model_name": "twin"},
        {"model_id": "x" * 10_000},
        {"model_id": "with\x00nul"},
        {"model_id": ["not", "text"]},
        {"model_id": None, "specification": "none"},
        {"model_id": 17, "model_version": 1.5, "create_at": 10**18, "install_type": [None, {}, "batch"]},
        {},
    ]
    monkeypatch.setattr(ModelArts, "models", lambda self, **_: [answers.model(row) for row in rows])
    row = read(here, Kind.MODEL)
    assert (row.problem, set(offers(here, Kind.MODEL))) == ("", {"good", "17"})


# --- many, and several workers ---------------------------------------------------------------------------------------


def test_two_workers_read_a_list_once(here, cloud):
    pk = row_of(here, Kind.POOL).pk
    assert refresh(pk, "one:1")
    assert not refresh(pk, "two:1")
    assert cloud.count("GET", "/clusters") == 1


def test_of_one_target_one_list_at_a_time_is_read_on_its_clock(here):
    with room.place(here.pk, asked=False) as got:
        assert got
        assert steps.lists() == []
        assert not refresh(row_of(here, Kind.POOL).pk, "tester:1")
        assert sweep.due_rows() == 0
        CatalogList.objects.filter(kind="pool").update(asked_at=timezone.now())
        assert refresh(row_of(here, Kind.POOL).pk, "tester:1")


def test_slow_clouds_leave_threads_for_the_line():
    inn = Room()
    with inn.place(1, asked=False) as one, inn.place(2, asked=False) as two, inn.place(3, asked=False) as three:
        assert (one, two, three) == (True, True, False)
        assert not inn.has_place()
        with inn.place(1, asked=True) as four, inn.place(1, asked=True) as five:
            assert (four, five) == (True, False)
    assert inn.has_place()
    assert inn.targets() == []


def test_what_a_person_asked_for_comes_before_services_and_those_before_the_clock(here, victor, monkeypatch):
    from tests.models import rows

    CatalogList.objects.exclude(kind__in=["pool", "vpc"]).update(next_look_at=timezone.now() + timedelta(hours=1))
    rows.service(target=here, next_look_at=timezone.now())
    catalog.ask_refresh(here, by=victor, kinds=["vpc"])
    order = []
    for name in ("refresh", "watch"):
        real = getattr(steps, name)
        monkeypatch.setattr(steps, name, note(order, name, real))
    steps.advance("tester:1")
    kinds = {row.pk: row.kind for row in CatalogList.objects.all()}
    assert [kinds.get(pk, pk) if name == "refresh" else name for name, pk in order][:3] == ["vpc", "watch", "pool"]


def note(order: list, name: str, real):
    def noting(pk: int, worker: str) -> bool:
        order.append((name, pk))
        return real(pk, worker)

    noting.__name__ = name
    return noting


def test_with_nothing_due_the_housekeeper_reads_twice_and_writes_nothing(here, django_assert_num_queries):
    steps.advance("tester:1")
    with django_assert_num_queries(2):
        assert sweep.sweep("one:1") == 0
    with django_assert_num_queries(2):
        sweep.keep_catalog()


def test_five_thousand_models_are_read_page_by_page(here, cloud):
    requests.post(f"{cloud.url}/_sandbox/models", json={"count": 5000}, timeout=20).raise_for_status()
    row = read(here, Kind.MODEL)
    assert row.count >= 5000
    seen_at = CatalogEntry.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    again = read(here, Kind.MODEL)
    assert again.seen_at > row.seen_at
    assert CatalogEntry.objects.filter(seen_at__gt=seen_at).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_threads_that_read_the_same_list_write_it_once(here, cloud):
    from django.db import connection

    pk, done = row_of(here, Kind.SPECIFICATION).pk, []

    def work() -> None:
        done.append(refresh(pk, "tester:1"))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]
    assert offers(here, Kind.SPECIFICATION)


# --- the shared login and where it may go ----------------------------------------------------------------------------


def test_two_processes_share_one_login(here, cloud, settings):
    read(here, Kind.POOL)
    clouds.forget()  # as another process would begin
    read(here, Kind.POOL)
    assert cloud.count("POST", "/auth/tokens") == 1
    files = list(settings.TOKENS.glob("*.token"))
    assert len(files) == 1
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_a_token_is_no_use_under_other_keys(here, cloud, settings):
    from cryptography.fernet import Fernet

    read(here, Kind.POOL)
    secret = here.secret
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    Target.objects.filter(pk=here.pk).first()
    here.secret = str(secret)
    here.save()
    clouds.forget()
    read(here, Kind.POOL)
    assert cloud.count("POST", "/auth/tokens") == 2


def test_hosts_that_are_not_listed_are_not_called(here, cloud, settings):
    settings.ALLOWED_CLOUD_HOSTS = ["*.otc.t-systems.com"]
    row = read(here, Kind.POOL)
    assert "DEPLOYER_ALLOWED_CLOUD_HOSTS" in row.problem
    assert cloud.count("GET", "/clusters") == 0
    settings.ALLOWED_CLOUD_HOSTS = ["127.0.0.1"]
    clouds.forget()
    assert read(here, Kind.POOL).problem == ""


def test_temporary_keys_are_part_of_who_we_are(here):
    here.login, here.access_key, here.secret = "keys", "AK", "sk"
    before = clouds.mark_of(here)
    here.security_token = "temporary"
    assert clouds.mark_of(here) != before
    request = requests.Request("GET", "http://127.0.0.1:9/v1/x").prepare()
    assert clouds.login_of(here)(request).headers["X-Security-Token"] == "temporary"
