"""What clouds offer, as remembered: asked for gently, read by one worker at a time, written only where it changed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from deployer.models import CatalogEntry, CatalogList
from deployer.models.catalog import Kind
from deployer.workflow import catalog, targets
from deployer.workflow.catalog import Changed, Offer
from deployer.workflow.errors import NotAllowed
from deployer.workflow.outcome import LeaseLost
from tests.factories import PersonFactory, TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_wishes():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def held(dev) -> CatalogList:
    """The list of models, being read."""
    catalog.begin(dev)
    return catalog.claim(CatalogList.objects.get(target=dev, kind=Kind.MODEL).pk, seconds=60)


def report(held: CatalogList, *offers: Offer) -> Changed:
    return catalog.replace(held.target, held.kind, offers, lease=held.lease)


def again(held: CatalogList) -> CatalogList:
    CatalogList.objects.filter(pk=held.pk).update(next_look_at=timezone.now())
    return catalog.claim(held.pk, seconds=60)


def offer(key: str, **facts) -> Offer:
    return Offer("", key, **{"name": "sentiment", "version": "1.0.0", "status": "published", **facts})


def row_of(held: CatalogList) -> CatalogList:
    return CatalogList.objects.get(pk=held.pk)


def keys() -> list[str]:
    return list(CatalogEntry.objects.order_by("place", "pk").values_list("key", flat=True))


# --- lists -----------------------------------------------------------------------------------------------------------


def test_lists_nobody_began_are_shown_and_not_written(dev):
    shown = catalog.lists(dev)
    assert [one.kind for one in shown] == list(catalog.KINDS)
    assert {one.seen_at for one in shown} == {None}
    assert not CatalogList.objects.exists()


def test_lists_come_in_one_query(held, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(catalog.lists(held.target)) == 7


def test_every_target_with_a_secret_gets_its_lists_once(dev, prod):
    TargetFactory(name="mute", secret="")
    assert catalog.begin_missing() == 2
    assert catalog.begin_missing() == 0
    assert CatalogList.objects.due().count() == 14


def test_nothing_missing_costs_one_read(held, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert catalog.begin_missing() == 0


# --- asking ----------------------------------------------------------------------------------------------------------


def test_anybody_with_a_role_may_ask(dev, victor):
    catalog.ask_refresh(dev, by=victor)
    assert CatalogList.objects.due().exclude(asked_at=None).count() == 7
    assert DBTaskResult.objects.ready().count() == 1


def test_who_has_no_role_may_not(dev):
    with pytest.raises(NotAllowed):
        catalog.ask_refresh(dev, by=PersonFactory())
    assert not CatalogList.objects.exists()


def test_asking_again_within_ten_seconds_changes_nothing(dev, victor, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    catalog.ask_refresh(dev, by=victor, kinds=["pool"])
    time_machine.move_to(now + timedelta(seconds=9), tick=False)
    catalog.ask_refresh(dev, by=victor, kinds=["pool"])
    assert CatalogList.objects.get(kind="pool").asked_at == now
    catalog.ask_refresh(dev, by=victor)  # the other kinds were not asked for yet
    assert CatalogList.objects.filter(asked_at=None).count() == 0
    assert CatalogList.objects.get(kind="pool").asked_at == now
    time_machine.move_to(now + timedelta(seconds=11), tick=False)
    catalog.ask_refresh(dev, by=victor, kinds=["pool"])
    assert CatalogList.objects.get(kind="pool").asked_at == now + timedelta(seconds=11)


def test_a_kind_nobody_knows_is_left_out(dev, victor):
    catalog.ask_refresh(dev, by=victor, kinds=["stars"])
    assert not CatalogList.objects.exists()


def test_a_list_that_is_being_read_answers_the_wish(held, victor):
    catalog.ask_refresh(held.target, by=victor, kinds=["model"])
    assert row_of(held).asked_at
    assert catalog.claim(held.pk, seconds=60) is None
    report(held, offer("m-1"))
    assert row_of(held).asked_at is None


# --- claiming and reporting ------------------------------------------------------------------------------------------


def test_a_list_is_read_by_one_worker_at_a_time(held):
    assert catalog.claim(held.pk, seconds=60) is None


def test_a_list_is_remembered_in_the_order_it_came(held):
    assert report(held, offer("m-3"), offer("m-1"), offer("m-2")) == Changed(added=3, count=3)
    assert keys() == ["m-3", "m-1", "m-2"]
    row = row_of(held)
    assert (row.count, row.problem, row.lease) == (3, "", "")
    assert 290 < (row.next_look_at - timezone.now()).total_seconds() < 301


def test_names_versions_and_ids_are_searched_in_small_letters(held):
    report(held, offer("M-1", name="Sentiment"))
    assert CatalogEntry.objects.matching("SENTI 1.0").count() == 1
    assert CatalogEntry.objects.matching("m-1").count() == 1
    assert CatalogEntry.objects.matching("m-2").count() == 0


def test_what_vanished_is_forgotten_and_what_changed_is_changed(held):
    report(held, offer("m-1"), offer("m-2"), offer("m-3"))
    stayed = CatalogEntry.objects.get(key="m-2")
    changed = report(again(held), offer("m-2", status="failed"), offer("m-3"), offer("m-4"))
    assert changed == Changed(added=1, altered=2, removed=1, count=3)  # m-3 moved up with m-2
    assert keys() == ["m-2", "m-3", "m-4"]
    entry = CatalogEntry.objects.get(key="m-2")
    assert (entry.pk, entry.status) == (stayed.pk, "failed")


def test_an_empty_list_is_a_list(held):
    report(held, offer("m-1"))
    assert report(again(held)) == Changed(removed=1)
    assert row_of(held).seen_at


def test_lists_of_other_kinds_and_targets_are_left_alone(held, prod):
    report(held, offer("m-1"))
    catalog.begin(prod)
    other = catalog.claim(CatalogList.objects.get(target=prod, kind=Kind.MODEL).pk, seconds=60)
    report(other, offer("m-9"))
    assert set(keys()) == {"m-1", "m-9"}


def test_the_same_key_may_stand_in_two_parts(held):
    report(held, Offer("cluster", "a"), Offer("pool", "a"))
    assert CatalogEntry.objects.of(held.target, Kind.MODEL, part="pool").count() == 1
    assert CatalogEntry.objects.count() == 2


def test_a_late_report_changes_nothing(held):
    first = held
    second = again(held)
    with pytest.raises(LeaseLost):
        report(first, offer("m-1"))
    with pytest.raises(LeaseLost):
        catalog.put_off(first, "No.", seconds=10)
    assert keys() == []
    assert row_of(held).lease == second.lease


def test_a_report_without_a_lease_changes_nothing(held):
    report(held, offer("m-1"))
    with pytest.raises(LeaseLost):
        catalog.replace(held.target, held.kind, [], lease="")
    assert keys() == ["m-1"]


def test_five_thousand_unchanged_models_write_one_row(held):
    many = [offer(f"m-{number}", facts={"n": number}) for number in range(5000)]
    report(held, *many)
    fresh = again(held)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert not report(fresh, *many)
    writes = [query["sql"] for query in seen if query["sql"].split()[0] in {"UPDATE", "INSERT", "DELETE"}]
    assert len(writes) == 1
    assert "deployer_cataloglist" in writes[0]
    assert len(seen) <= 5  # the entries, the row, and the transaction around it


def test_one_new_model_among_five_thousand_is_one_insert(held):
    many = [offer(f"m-{number}", place=5000 - number) for number in range(5000)]
    report(held, *many)
    fresh = again(held)
    with CaptureQueriesContext(connection) as seen:
        assert report(fresh, offer("m-5000", place=0), *many) == Changed(added=1, count=5001)
    assert sum(query["sql"].startswith("INSERT") for query in seen) == 1
    assert len(seen) <= 8
    assert keys()[0] == "m-5000"


def test_five_thousand_new_models_take_few_statements(held):
    with CaptureQueriesContext(connection) as seen:
        report(held, *[offer(f"m-{number}") for number in range(5000)])
    assert len(seen) < 120  # SQLite takes some hundred values in a statement


# --- liars -----------------------------------------------------------------------------------------------------------


def test_what_cannot_be_an_id_is_left_out(held):
    bad = ["", "m" * 200, "m" * 10_000, "two words", "line\nbreak", "nul\x00", "\ufffd", "\u202eright-to-left"]
    report(held, *[offer(key) for key in bad], offer("good"))
    assert keys() == ["good"]
    assert row_of(held).count == 1


def test_the_same_id_twice_is_listed_once(held):
    report(held, offer("m-1", status="published"), offer("m-1", status="failed"))
    assert CatalogEntry.objects.get().status == "published"


def test_texts_are_cut_to_their_columns_and_stay_storable(held):
    long = "x" * 10_000
    report(held, offer("m-1", name=long + "\x00", version=long, status=long, parent=long, facts={"text": "nul\x00"}))
    entry = CatalogEntry.objects.get()
    assert (len(entry.name), len(entry.version), len(entry.status), entry.parent) == (300, 40, 40, "")
    assert entry.said == {"text": "nul\x00"}  # escaped, as JSON has it


def test_facts_without_end_are_none(held):
    report(held, offer("m-1", facts={"text": "x" * 30_000}))
    assert CatalogEntry.objects.get().said == {}


def test_a_list_without_end_is_remembered_up_to_a_limit(held, monkeypatch):
    monkeypatch.setattr("deployer.workflow.offers.MOST", 50)
    report(held, *[offer(f"m-{number}") for number in range(80)])
    assert row_of(held).count == 50


# --- when it cannot be read ------------------------------------------------------------------------------------------


def test_while_a_list_cannot_be_read_what_was_seen_stays(held, victor):
    report(held, offer("m-1"))
    catalog.ask_refresh(held.target, by=victor, kinds=["model"])
    failed = catalog.claim(held.pk, seconds=60)
    catalog.put_off(failed, "Nobody answers.", seconds=30)
    row = row_of(held)
    assert (row.problem, row.asked_at, row.count, keys()) == ("Nobody answers.", None, 1, ["m-1"])
    assert 25 < (row.next_look_at - timezone.now()).total_seconds() < 31
    report(again(held), offer("m-1"))
    assert row_of(held).problem == ""


def test_others_that_would_meet_the_same_wait_too(held):
    busy = catalog.claim(CatalogList.objects.get(kind="pool").pk, seconds=60)
    catalog.put_off(held, "Nobody answers.", seconds=30, others=["model", "pool", "workspace"])
    told = set(CatalogList.objects.exclude(problem="").values_list("kind", flat=True))
    assert told == {"model", "workspace"}  # pools are being read by somebody else
    assert row_of(busy).lease == busy.lease


# --- a target that changes -------------------------------------------------------------------------------------------

FACTS = {
    "endpoint": "http://127.0.0.1:9",
    "iam_endpoint": "http://127.0.0.1:9",
    "project_id": "5a0d",
    "username": "demo",
    "domain_name": "demo",
}


def test_a_new_target_is_looked_at_at_once(db):
    made = targets.save("new-one", secret="demo", **FACTS).target
    assert CatalogList.objects.due().filter(target=made).count() == 7
    assert DBTaskResult.objects.ready().count() == 1


def test_new_credentials_are_tried_at_once_and_keep_what_was_seen(held):
    report(held, offer("m-1"))
    targets.save("dev", secret="another")
    assert CatalogList.objects.due().count() == 7
    assert keys() == ["m-1"]


def test_a_list_is_as_old_as_the_beginning_of_its_reading(held):
    began_at = timezone.now() - timedelta(minutes=4)
    catalog.replace(held.target, held.kind, [offer("m-1")], lease=held.lease, looked_at=began_at)
    assert row_of(held).seen_at == CatalogEntry.objects.get().seen_at == began_at


@pytest.mark.parametrize("change", [{"project_id": "5a0e"}, {"workspace_id": "f" * 32}])
def test_another_place_has_other_offers_and_a_look_at_the_old_one_reports_in_vain(change, held):
    report(held, offer("m-1"))
    late = again(held)
    targets.save("dev", **change)
    assert keys() == []
    assert row_of(held).seen_at is None
    with pytest.raises(LeaseLost):
        report(late, offer("m-2"))
    assert keys() == []


# --- details ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def entry(held) -> CatalogEntry:
    report(held, offer("m-1"))
    return CatalogEntry.objects.select_related("target").get()


def test_a_picked_entry_puts_a_task_in_line_once(entry):
    DBTaskResult.objects.all().delete()
    assert catalog.ask_detail(entry)
    assert not catalog.ask_detail(entry)
    assert DBTaskResult.objects.ready().count() == 1


def test_what_is_known_is_not_asked_again(entry):
    catalog.set_detail(entry, {"apis": []})
    entry.refresh_from_db()
    assert not catalog.ask_detail(entry)


def test_what_could_not_be_read_is_asked_again(entry):
    catalog.set_detail(entry, {"problem": "Nobody answers."})
    entry.refresh_from_db()
    assert catalog.ask_detail(entry)


def test_a_detail_stays_while_the_entry_is_the_same(entry, held):
    catalog.set_detail(entry, {"apis": [1]})
    report(again(held), offer("m-1", facts={"description": "new words"}))
    entry.refresh_from_db()
    assert entry.more == {"apis": [1]}
    report(again(held), offer("m-1", status="failed"))
    entry.refresh_from_db()
    assert (entry.detail, entry.detail_at) == ("", None)


def test_a_detail_of_what_the_entry_was_is_dropped(entry, held):
    report(again(held), offer("m-1", version="2.0.0"))
    catalog.set_detail(entry, {"apis": [1]})
    entry.refresh_from_db()
    assert entry.detail == ""


def test_a_detail_without_end_is_said_to_be_one(entry):
    catalog.set_detail(entry, {"apis": ["x" * 600_000]})
    entry.refresh_from_db()
    assert entry.more == {"too_large": True}
