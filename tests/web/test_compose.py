"""The composer by plain POST: what is typed is kept, and only what changed is changed."""

import pytest
from django.urls import reverse

from deployer.domain import draft as drafts
from deployer.models import Deployment
from tests import factories
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db


def edit(deployment: Deployment) -> str:
    return reverse("compose-page", args=[deployment.pk])


def body_of(deployment: Deployment) -> dict:
    deployment.refresh_from_db()
    return drafts.body_of(drafts.loads(deployment.draft))


def test_a_new_draft_begins_from_target_and_type(client_of, alice, dev):
    client = client_of(alice)
    answer = client.post("/deployments/new/", {"target": "dev", "infer_type": "real-time"})
    made = Deployment.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/deployments/{made.pk}/edit/")
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "There is a problem" not in page.content.decode()  # nothing was typed yet: nothing is red
    assert form_of(page)["config-TOTAL_FORMS"] == "1"


@pytest.mark.parametrize(
    ("posted", "where"),
    [
        ({"target": "nowhere", "infer_type": "batch"}, "There is no target nowhere."),
        ({"infer_type": "batch"}, "Choose where to deploy."),
        ({"target": "dev", "infer_type": "Real-Time"}, "Choose what to start from"),
        ({"target": "dev"}, "Choose what to start from"),
    ],
)
def test_a_wrong_start_is_refused_beside_its_field(client_of, alice, dev, posted, where):
    answer = client_of(alice).post("/deployments/new/", posted)
    assert answer.status_code == 422
    assert where in answer.content.decode()
    assert not Deployment.objects.exists()


def test_a_form_without_keys_makes_the_rows(client_of, alice, dev, draft_of):
    deployment = draft_of({"infer_type": "real-time"})
    answer = client_of(alice).post(
        edit(deployment),
        {
            "seen": deployment.seen,
            "service_name": "mnist",
            "description": "two\r\nlines ",
            "infer_type": "real-time",
            "config-TOTAL_FORMS": "2",
            "config-INITIAL_FORMS": "0",
            "config-0-model_id": " a ",
            "config-0-weight": "70",
            "config-0-specification": "custom",
            "config-0-instance_count": "1",
            "config-0-custom_spec-cpu": "4.5",
            "config-0-custom_spec-memory": "8192",
            "config-0-envs-TOTAL_FORMS": "1",
            "config-0-envs-0-key": "LOG",
            "config-0-envs-0-value": " info ",
            "config-1-model_id": "b",
            "config-1-weight": "30",
            "config-1-specification": "x",
            "config-1-instance_count": "two",
            "schedule-duration": "2",
            "schedule-time_unit": "HOURS",
        },
    )
    assert answer.status_code == 302
    assert body_of(deployment) == {
        "infer_type": "real-time",
        "service_name": "mnist",
        "description": "two\nlines ",
        "schedule": [{"type": "stop", "duration": 2, "time_unit": "HOURS"}],
        "config": [
            {
                "model_id": "a",
                "weight": 70,
                "specification": "custom",
                "instance_count": 1,
                "custom_spec": {"cpu": 4.5, "memory": 8192},
                "envs": {"LOG": " info "},
            },
            {"model_id": "b", "weight": 30, "specification": "x", "instance_count": "two"},
        ],
    }


def test_posting_the_page_back_changes_nothing(client_of, alice, draft_of):
    odd = factories.real_time_body(
        factories.entry(
            weight="100", envs={"A": "1", "B": 2, "": ""}, custom_spec={"cpu": "2", "x": [1]}, more={"a": 1}
        ),
        17,
        {"model_id": 5, "envs": "text", "instance_count": "2"},
        description="a\r\nb\n",
        schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 1.5, "x": 1}, 4],
        unknown={"kept": [1, 2.0]},
        vpc_id=None,
    )
    deployment = draft_of(odd)
    client = client_of(alice)
    answer = client.post(edit(deployment), form_of(client.get(edit(deployment))))
    assert answer.status_code == 302
    before = deployment.revision
    assert body_of(deployment) == odd
    assert deployment.revision == before


def test_a_field_that_was_not_posted_stays(client_of, alice, draft_of):
    deployment = draft_of(factories.real_time_body(description="kept", own={"a": 1}))
    client_of(alice).post(edit(deployment), {"seen": deployment.seen, "service_name": "other"})
    assert body_of(deployment) == factories.real_time_body(description="kept", own={"a": 1}) | {"service_name": "other"}


def test_the_order_posted_is_the_order_kept(client_of, alice, draft_of):
    deployment = draft_of(factories.real_time_body(factories.entry("a", 40, x=1), factories.entry("b", 60, x=2)))
    client = client_of(alice)
    form = form_of(client.get(edit(deployment)))
    form["config-0-key"], form["config-1-key"] = form["config-1-key"], form["config-0-key"]
    form["config-0-model_id"], form["config-1-model_id"] = form["config-1-model_id"], form["config-0-model_id"]
    form["config-0-weight"], form["config-1-weight"] = form["config-1-weight"], form["config-0-weight"]
    client.post(edit(deployment), form)
    assert [(row["model_id"], row["weight"], row["x"]) for row in body_of(deployment)["config"]] == [
        ("b", 60, 2),
        ("a", 40, 1),
    ]


@pytest.mark.parametrize("counts", [{}, {"config-TOTAL_FORMS": "many"}, {"config-TOTAL_FORMS": "-1"}])
def test_senseless_counts_are_tolerated(client_of, alice, draft_of, counts):
    deployment = draft_of({"infer_type": "real-time", "config": []})
    answer = client_of(alice).post(edit(deployment), {"seen": deployment.seen, "config-7-model_id": "a"} | counts)
    assert answer.status_code == 302
    assert body_of(deployment)["config"] == [{"model_id": "a"}]


def test_a_post_that_says_not_what_it_saw_is_refused(client_of, alice, draft_of):
    deployment = draft_of()
    answer = client_of(alice).post(edit(deployment), {"service_name": "typed"})
    assert answer.status_code == 422
    assert form_of(answer)["service_name"] == "typed"


def test_two_tabs_do_not_overwrite_each_other(client_of, alice, bob, draft_of):
    deployment = draft_of()
    one, other = client_of(alice), client_of(bob)
    mine, theirs = form_of(one.get(edit(deployment))), form_of(other.get(edit(deployment)))
    assert other.post(edit(deployment), theirs | {"service_name": "of-bob"}).status_code == 302
    answer = one.post(edit(deployment), mine | {"description": "of alice"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Bob Kessler" in page
    assert "of alice" in page
    assert body_of(deployment)["service_name"] == "of-bob"
    chosen = form_of(answer)
    assert one.post(edit(deployment), chosen | {"choose-service_name": "theirs"}).status_code == 302
    assert (body_of(deployment)["service_name"], body_of(deployment)["description"]) == ("of-bob", "of alice")


def test_ask_saves_and_asks_in_one_go(client_of, alice, draft_of):
    deployment = draft_of()
    client = client_of(alice)
    form = form_of(client.get(edit(deployment))) | {"service_name": "asked-for", "ask": "1"}
    answer = client.post(edit(deployment), form)
    deployment.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, f"/deployments/{deployment.pk}/")
    assert (deployment.state, deployment.service_name) == ("in_review", "asked-for")


def test_ask_with_problems_says_them_beside_their_fields(client_of, alice, draft_of):
    deployment = draft_of(factories.real_time_body(factories.entry(weight=90)))
    client = client_of(alice)
    form = form_of(client.get(edit(deployment))) | {"service_name": "", "ask": "1"}
    answer = client.post(edit(deployment), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Give the service a name.") >= 3  # summary, field, side
    assert "The weights add up to 90. They must make 100." in page
    deployment.refresh_from_db()
    assert (deployment.state, deployment.service_name) == ("draft", "")


@pytest.mark.parametrize("name", ["victor", "olga", "root"])
def test_only_authors_compose(client_of, people, draft_of, name):
    deployment = draft_of()
    client = client_of(people[name])
    for address in (edit(deployment), "/deployments/new/", "/deployments/import/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == 403
    for name in ("compose-rows", "compose-check"):
        assert client.post(reverse(name, args=[deployment.pk]), {}).status_code == 403


def test_a_wrong_number_is_not_found(client_of, alice, dev):
    client = client_of(alice)
    for number in (999, 2**63, 10**30):
        assert client.get(f"/deployments/{number}/edit/").status_code == 404
        assert client.post(f"/deployments/{number}/edit/", {}).status_code == 404
        assert client.get(f"/deployments/{number}/payload.json").status_code == 404


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "rejected"])
def test_what_is_past_is_not_written(client_of, alice, deployment_in, state):
    deployment = deployment_in(state)
    client = client_of(alice)
    assert client.get(edit(deployment)).url == f"/deployments/{deployment.pk}/"
    answer = client.post(edit(deployment), {"seen": deployment.seen, "service_name": "too-late"})
    assert answer.status_code == 409
    assert "too-late" in answer.content.decode()


def test_an_edit_in_review_makes_a_draft_again(client_of, alice, deployment_in):
    deployment = deployment_in("in_review")
    client = client_of(alice)
    form = form_of(client.get(edit(deployment)))
    assert form["seen"] == "1"
    client.post(edit(deployment), form)
    deployment.refresh_from_db()
    assert deployment.state == "in_review"
    del form["revision"]  # a program that only knows `seen`
    client.post(edit(deployment), form | {"service_name": "other"})
    deployment.refresh_from_db()
    assert (deployment.state, deployment.service_name) == ("draft", "other")


HTMX = {"HX-Request": "true"}


def test_a_stale_save_of_the_script_is_told_and_touches_nothing(client_of, alice, bob, draft_of):
    deployment = draft_of()
    client = client_of(alice)
    mine = form_of(client.get(edit(deployment)))
    client_of(bob).post(edit(deployment), mine | {"description": "of bob"})
    answer = client.post(edit(deployment), mine | {"service_name": "mine"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (409, "none")
    assert "Changed elsewhere." in answer.content.decode()
    assert body_of(deployment)["service_name"] == "mnist"


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (["70", "30"], "100 of 100"),
        ([70, 15], "85 of 100, 15 left"),
        (["7x", 30], "30 of 100, 70 left"),
        (["٣", ""], "0 of 100, 100 left"),
        ([-10, 120], "110 of 100, 10 too much"),
    ],
)
def test_the_server_shows_the_total_the_script_counts(client_of, alice, draft_of, weights, words):
    entries = [factories.entry(f"m{at}", weight) for at, weight in enumerate(weights)]
    page = client_of(alice).get(edit(draft_of(factories.real_time_body(*entries)))).content.decode()
    total = page.partition('data-total="weight"')[2].partition("</output>")[0]
    assert total.rpartition("<span>")[2].partition("</span>")[0] == words
