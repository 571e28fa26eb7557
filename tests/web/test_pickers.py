"""Pickers: what is offered, in which order, why something can't be chosen, how fresh it is, and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.models import CatalogEntry, CatalogList
from deployer.workflow import review
from deployer.workflow.catalog import Offer
from tests import factories, offers
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ask(client_of, alice, draft_of):
    """Ask for a list as the composer's script does."""
    deployment = draft_of()
    client = client_of(alice)

    def get(kind: str, headers=HTMX, **given):
        given = {"for" if name == "control" else name: text for name, text in given.items()}
        return client.get(f"/deployments/{deployment.pk}/pick/{kind}/", given, headers=headers)

    get.deployment, get.client = deployment, client
    return get


def names(answer) -> list[str]:
    return re.findall(r'<div role="option".*?<b>(.*?)</b>', answer.content.decode(), re.DOTALL)


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).strip()


# -- what is offered


def test_an_option_says_name_version_status_and_id(ask, dev):
    offers.bring(dev, "model", offers.model("id-1", "sentiment", "5.0.0"))
    said = text(ask("model"))
    assert "sentiment 5.0.0 published id-1" in said
    assert "As of " in said
    assert "Refresh now" in said


def test_what_can_be_chosen_comes_first_then_the_order_of_the_cloud(ask, dev):
    offers.bring(
        dev,
        "model",
        offers.model("a", "fresh", status="publishing"),
        offers.model("b", "for-batch", types=["batch"]),
        offers.model("c", "second"),
        offers.model("d", "unsaid", types=[]),
    )
    answer = ask("model", type="real-time")
    assert names(answer) == ["second 1.0.0", "unsaid 1.0.0", "fresh 1.0.0", "for-batch 1.0.0"]
    said = answer.content.decode()
    assert said.count('aria-disabled="true"') == 2
    assert "not published: publishing" in said
    assert "is for batch only" in said
    assert names(ask("model", type="batch"))[0] == "for-batch 1.0.0"


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("SENTI", ["sentiment 5.0.0", "sentiment 4.0.0"]),
        ("5.0 senti", ["sentiment 5.0.0"]),
        ("id-3", ["layout 1.0.0"]),
        ("senti layout", []),
        ("100%", []),
        ("_", []),
        ("   ", ["sentiment 5.0.0", "sentiment 4.0.0", "layout 1.0.0"]),
    ],
)
def test_every_typed_word_stands_in_name_version_or_id(ask, dev, q, found):
    rows = [("id-1", "sentiment", "5.0.0"), ("id-2", "sentiment", "4.0.0"), ("id-3", "layout", "1.0.0")]
    offers.bring(dev, "model", *(offers.model(*row) for row in rows))
    answer = ask("model", q=q)
    assert names(answer) == found
    assert found or "fits. An id can be typed all the same." in text(answer)


def test_specifications_are_those_of_the_type(ask, dev):
    facts = {"spec_status": "normal", "is_open": True, "over_quota": False}
    offers.bring(
        dev,
        "specification",
        Offer("real-time", "gpu", name="GPU", status="sellout", facts=facts | {"spec_status": "sellout"}),
        Offer("real-time", "t4", name="T4", facts=facts | {"over_quota": True}),
        Offer("real-time", "cpu", name="CPU", facts=facts | {"text": "CPU: 2 vCPUs"}),
        Offer("batch", "cpu", name="CPU for batch", facts=facts),
    )
    assert names(ask("specification", type="real-time")) == ["CPU: 2 vCPUs", "GPU", "T4"]
    assert names(ask("specification", type="batch")) == ["CPU for batch"]
    assert "sold out" in text(ask("specification"))
    assert "over your quota" in text(ask("specification"))


def test_each_pool_field_offers_its_own_generation(ask, dev):
    running = {"free": {"cpu": 64.0}, "jobs": ["Infer"]}
    offers.bring(
        dev,
        "pool",
        Offer("cluster", "c-1", name="older", status="running", facts=running),
        Offer("pool", "p-1", name="newer", status="Running", facts=running),
        Offer("pool", "p-2", name="ill", status="Error"),
    )
    assert names(ask("pool", control="cluster_id")) == ["older"]
    assert names(ask("pool", control="config-0-pool_name")) == ["newer", "ill"]
    assert names(ask("pool")) == ["older", "newer", "ill"]
    assert "running, 64 cores free" in text(ask("pool"))
    assert "pool is not running: error" in text(ask("pool"))


def test_a_vpc_narrows_subnets_and_security_groups(ask, dev):
    offers.bring(dev, "subnet", Offer("", "s-1", "v-1", name="a"), Offer("", "s-2", "v-2", name="b"))
    closed = Offer("", "g-2", "v-2", name="closed", facts={"opens_8080": False})
    offers.bring(dev, "security_group", Offer("", "g-1", "v-1", name="x"), closed, Offer("", "g-3", name="anywhere"))
    assert names(ask("subnet")) == ["a", "b"]
    assert names(ask("subnet", vpc="v-2")) == ["b"]
    assert "No subnets of this VPC" in text(ask("subnet", vpc="v-9"))
    answer = ask("security_group", vpc="v-2")
    assert names(answer) == ["closed", "anywhere"]
    assert "TCP 8080 is not open to all" in text(answer)
    assert "aria-disabled" not in answer.content.decode()


def test_without_a_vpc_a_subnet_and_a_group_name_theirs(ask, dev):
    offers.bring(dev, "vpc", Offer("", "v-1", name="vpc-ml"), Offer("", "v-2"))
    subnets = [Offer("", "s-1", "v-1", name="a"), Offer("", "s-2", "v-2", name="b"), Offer("", "s-9", "gone", name="c")]
    offers.bring(dev, "subnet", *subnets)
    offers.bring(dev, "security_group", Offer("", "g-1", "v-1", name="x"), Offer("", "g-3", name="anywhere"))
    answer = ask("subnet").content.decode()
    assert re.findall(r'data-vpc="([^"]*)" data-vpc-name="([^"]*)"', answer) == [("v-1", "vpc-ml"), ("v-2", "v-2")]
    assert '<span class="state">vpc-ml</span>' in answer
    assert ask("security_group").content.decode().count('data-vpc="v-1"') == 1
    assert "data-vpc" not in ask("subnet", vpc="v-1").content.decode(), "it is chosen already"


def test_hostile_names_stay_text_and_the_answer_small(ask, dev):
    evil = "<script>alert(1)</script>" * 10
    offers.bring(dev, "model", *(offers.model(f"{n:03}" + "i" * 190, evil, "v" * 40) for n in range(30)))
    answer = ask("model")
    assert b"<script>" not in answer.content
    assert len(answer.content) <= 8_192
    assert names(answer)


# -- how fresh


def test_a_list_that_was_never_read_says_so(ask):
    said = text(ask("model"))
    assert "Not read yet" in said
    assert "The list of models has not been read yet. An id can be typed." in said


def test_a_list_that_cannot_be_read_says_why_and_keeps_what_it_had(ask, dev):
    offers.bring(dev, "model", offers.model("id-1", "sentiment"))
    CatalogList.objects.filter(kind="model").update(problem="The cloud does not answer.")
    said = text(ask("model"))
    assert "The cloud does not answer." in said
    assert "sentiment 1.0.0" in said


def test_refresh_asks_and_the_answer_waits_until_it_is_there(ask, dev, django_capture_on_commit_callbacks):
    offers.bring(dev, "model", offers.model("id-1"))
    address = f"/deployments/{ask.deployment.pk}/pick/model/refresh/"
    with django_capture_on_commit_callbacks():
        answer = ask.client.post(address, headers=HTMX)
    assert "data-waits" in answer.content.decode()
    assert "Being read…" in text(answer)
    row = CatalogList.objects.get(target=dev, kind="model")
    assert row.asked_at
    assert row.next_look_at <= timezone.now()
    offers.bring(dev, "model", offers.model("id-2"))
    answer = ask("model")
    assert "data-waits" not in answer.content.decode()
    assert names(answer) == ["id-2 1.0.0"]


def test_a_wish_that_is_not_answered_ends_in_words(ask, dev):
    offers.bring(dev, "model", offers.model("id-1"))
    CatalogList.objects.filter(kind="model").update(asked_at=timezone.now() - timezone.timedelta(seconds=40))
    answer = ask("model")
    assert "data-waits" not in answer.content.decode()
    assert "no answer yet. The worker may be busy." in text(answer)


# -- who, and which


def test_whoever_sees_the_deployment_may_look_and_ask(client_of, victor, draft_of, dev):
    deployment = draft_of()
    client = client_of(victor)
    assert client.get(f"/deployments/{deployment.pk}/pick/model/", headers=HTMX).status_code == 200
    assert client.post(f"/deployments/{deployment.pk}/pick/model/refresh/").status_code == 302
    page = client.get(f"/deployments/{deployment.pk}/pick/model/?for=config-0-model_id")
    assert 'name="config-0-model_id"' not in page.content.decode()


def test_strangers_and_unknown_lists_get_nothing(ask, client, client_of):
    address = f"/deployments/{ask.deployment.pk}/pick/model/"
    assert client.get(address).status_code == 302
    assert client_of(factories.PersonFactory(username="nobody")).get(address).status_code == 403
    assert ask("secrets").status_code == 404
    assert ask("model", q="\0").status_code == 404
    assert ask.client.get("/deployments/999999/pick/model/").status_code == 404
    assert ask.client.post(address).status_code == 405
    assert ask.client.get(f"{address}refresh/").status_code == 405


def test_another_target_is_never_shown(ask, prod):
    offers.bring(prod, "model", offers.model("of-prod"))
    assert names(ask("model")) == []


# -- what it costs


def test_5000_models_answer_a_keystroke_with_few_queries_and_a_small_fragment(ask, dev):
    offers.models(dev, 5_000)
    for q in ("", "m", "model-4 3.", "ffff", "nothing like it"):
        ask("model", q=q)
        with CaptureQueriesContext(connection) as queries:
            answer = ask("model", q=q, type="real-time", control="config-0-model_id")
        assert len(queries) <= 8, [one["sql"] for one in queries]
        assert len(answer.content) <= 8_192
    assert len(names(ask("model"))) == 20
    assert "20 of 5,000 models. Type to narrow." in text(ask("model"))


def test_50_rows_ask_no_more_than_one(client_of, alice, draft_of, dev):
    offers.models(dev, 100)
    client, counts = client_of(alice), []
    for many in (1, 50):
        keys = CatalogEntry.objects.values_list("key", flat=True)[:many]
        deployment = draft_of(factories.real_time_body(*(factories.entry(key) for key in keys), vpc_id="v-1"))
        client.get(f"/deployments/{deployment.pk}/edit/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/deployments/{deployment.pk}/edit/")
        counts.append(len(queries))
        assert sum("published" in said for said in stands(page).values()) == many
    assert counts[0] == counts[1]


# -- what an id stands for


def stands(page) -> dict[str, str]:
    found = re.findall(r'<p class="stands" id="(.*?)-stands"[^>]*>(.*?)</p>', page.content.decode(), re.DOTALL)
    return {id: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", said)).strip() for id, said in found if said}


def test_the_page_says_what_each_id_stands_for(client_of, alice, draft_of, dev):
    offers.bring(dev, "model", offers.model("id-1", "sentiment", "5.0.0"), offers.model("id-2", types=["batch"]))
    offers.bring(
        dev, "vpc", Offer("", "v-1", name="vpc-ml", facts={"cidr": "10.0.0.0/8"}), Offer("", "v-2", name="lab")
    )
    offers.bring(dev, "subnet", Offer("", "s-2", "v-2", name="subnet-lab", status="ACTIVE"))
    offers.bring(dev, "security_group", Offer("", "g-1", "v-1", name="sg", facts={"opens_8080": False}))
    offers.bring(dev, "specification", Offer("batch", "modelarts.vm.cpu.2u", name="CPU"))
    network = {"vpc_id": "v-1", "subnet_network_id": "s-2", "security_group_id": "g-1"}
    three = [factories.entry(key, share) for key, share in (("id-1", 50), ("id-2", 30), ("typed", 20))]
    deployment = draft_of(factories.real_time_body(*three, workspace_id="0", **network))
    page = client_of(alice).get(f"/deployments/{deployment.pk}/edit/")
    found = stands(page)
    assert '<b class="row-name">sentiment 5.0.0</b>' in page.content.decode()
    assert found["config-0-model_id"] == "sentiment 5.0.0, published"
    assert found["config-1-model_id"] == "id-2 1.0.0: is for batch only"
    assert re.fullmatch(r"Not in the list of \d\d:\d\d\. Is it right\?", found["config-2-model_id"])
    assert found["config-0-specification"] == "CPU: is for batch only"
    assert found["vpc_id"] == "vpc-ml, 10.0.0.0/8"
    assert found["subnet_network_id"] == "subnet-lab: belongs to another VPC, lab"
    assert found["security_group_id"] == "sg: TCP 8080 is not open to all"
    assert "workspace_id" not in found  # its list was never read: nothing is said


def test_a_save_by_itself_brings_what_the_new_id_stands_for(client_of, alice, draft_of, dev):
    offers.bring(dev, "model", offers.model("id-1", "sentiment", "5.0.0"))
    deployment, client = draft_of(), client_of(alice)
    address = f"/deployments/{deployment.pk}/edit/"
    form = form_of(client.get(address)) | {"config-0-model_id": "id-1"}
    said = client.post(address, form, headers=HTMX).content.decode()
    assert re.search(r'<div data-stands="config-0-model_id"[^>]*>\s*sentiment 5.0.0, published', said)
    assert not re.search(r"<input[^>]*config-0-model_id", said)


def test_odd_values_stand_for_nothing_and_break_nothing(client_of, alice, draft_of, dev):
    offers.models(dev, 3)
    body = factories.real_time_body(factories.entry(5), factories.entry("x" * 300), vpc_id={"a": 1}, cluster_id="a\tb")
    page = client_of(alice).get(f"/deployments/{draft_of(body).pk}/edit/")
    assert page.status_code == 200
    assert "config-0-model_id" not in stands(page)


# -- without script


def test_without_script_a_list_is_a_page_and_a_choice_a_save(ask, dev):
    offers.bring(dev, "model", offers.model("id-1", "sentiment"), offers.model("id-2", "router", status="building"))

    edit = f"/deployments/{ask.deployment.pk}/edit/"
    form = form_of(ask.client.get(edit)) | {"service_name": "typed", "pick": "config-0-model_id"}
    answer = ask.client.post(f"{edit}rows/", form)
    assert answer.status_code == 302
    page = ask.client.get(answer["Location"])
    assert "Choose one of the models" in page.content.decode()
    assert page.content.decode().count(">Choose<span") == 1
    fields = form_of(page)
    chosen = ask.client.post(edit, fields | {"config-0-model_id": "id-1"})
    assert chosen.status_code == 302
    ask.deployment.refresh_from_db()
    kept = drafts.body_of(drafts.loads(ask.deployment.draft))
    assert kept["service_name"] == "typed"
    assert [one["model_id"] for one in kept["config"]] == ["id-1"]


def test_a_choice_on_the_page_leaves_all_other_rows_in_their_places(client_of, alice, draft_of, dev):
    offers.bring(dev, "model", offers.model("id-1"))
    body = factories.real_time_body(*(factories.entry(key, 25, envs={"K": key}) for key in "abcd"), unknown={"x": 1})
    deployment, client = draft_of(body), client_of(alice)
    page = client.get(f"/deployments/{deployment.pk}/pick/model/?for=config-2-model_id&q=id")
    client.post(f"/deployments/{deployment.pk}/edit/", form_of(page) | {"config-2-model_id": "id-1"})
    deployment.refresh_from_db()
    body["config"][2]["model_id"] = "id-1"
    assert drafts.body_of(drafts.loads(deployment.draft)) == body


def test_a_choice_never_takes_a_review_back(client_of, alice, draft_of, dev):
    offers.bring(dev, "model", offers.model("id-1"))
    deployment, client = draft_of(), client_of(alice)
    form = form_of(client.get(f"/deployments/{deployment.pk}/edit/"))
    fresh = review.ask_review(deployment, seen=1, by=alice)
    page = client.get(f"/deployments/{deployment.pk}/pick/model/?for=config-0-model_id")
    assert ">Choose<span" not in page.content.decode()
    form |= {"seen": str(fresh.seen), "revision": str(fresh.revision), "pick": "config-0-model_id"}
    answer = client.post(f"/deployments/{deployment.pk}/edit/rows/", form)
    assert answer.status_code == 422
    assert "Save first" in answer.content.decode()


@pytest.mark.parametrize("control", ["config-9-model_id", "service_name", "config-0-envs-0-key", "", "x" * 500])
def test_a_control_that_is_no_picker_is_only_looked_at(ask, dev, control):
    offers.bring(dev, "model", offers.model("id-1"))
    page = ask("model", headers={}, control=control)
    assert page.status_code == 200
    assert ">Choose<span" not in page.content.decode()
