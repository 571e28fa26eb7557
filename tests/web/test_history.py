"""The list of deployments: what it shows, what its filters find, how it pages, what it says when nothing fits."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from deployer.models import Deployment, Service
from tests.browser import world
from tests.factories import batch_body, entry, real_time_body

LIST = "/deployments/"
HTMX = {"HX-Request": "true"}

EVERY = {"draft", "review", "approved", "batch", "rejected", "odd"}

pytestmark = pytest.mark.django_db


def numbers(answer) -> list[int]:
    """The deployments a page shows, in its order."""
    return [int(text) for text in re.findall(r'id="to-(\d+)"', answer.content.decode())]


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def look(client_of, victor) -> Client:
    return client_of(victor)


@pytest.fixture
def several(deployment_in, draft_of, bob, prod) -> dict[str, Deployment]:
    return {
        "draft": draft_of(real_time_body(service_name="ticket-router")),
        "review": deployment_in("in_review", body=real_time_body(entry("model-x"), service_name="churn-score")),
        "approved": deployment_in("approved", body=real_time_body(service_name="layout-bench")),
        "batch": draft_of(batch_body(), by=bob, target=prod),
        "rejected": deployment_in("rejected", body=real_time_body(service_name="no_100")),
        "odd": draft_of(real_time_body(service_name="50% off")),
    }


def test_every_deployment_is_listed_newest_first_drafts_included(look, several):
    answer = look.get(LIST)
    assert answer.status_code == 200
    assert numbers(answer) == sorted((one.pk for one in several.values()), reverse=True)
    for said in ("ticket-router", "In review", "Approved", "Rejected", "Draft", "Alice Brandt", "prod", "6 of 6 found"):
        assert said in words(answer)
    assert "<title>Deployments · Deployer</title>" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=draft", {"draft", "batch", "odd"}),
        ("state=in_review&state=approved", {"review", "approved"}),
        ("state=closed", {"rejected"}),
        ("target=prod", {"batch"}),
        ("author=bob", {"batch"}),
        ("author=alice&state=draft", {"draft", "odd"}),
        ("kind=create", EVERY),
        ("model=model-x", {"review"}),
        ("model=model", set()),
        ("q=churn", {"review"}),
        ("q=CHURN", {"review"}),
        ("q=core", {"review"}),
        ("q=no_1", {"rejected"}),
        ("q=100%25", set()),
        ("q=%25", {"odd"}),
        ("q=model-x", {"review"}),
        ("q=nothing-like-it", set()),
        ("q=", EVERY),
    ],
)
def test_filters_find(look, several, query, found):
    answer = look.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    assert set(numbers(answer)) == {several[name].pk for name in found}


def test_one_box_finds_by_number_and_by_the_beginning_of_a_fingerprint(look, several):
    number, version = several["review"].pk, several["approved"].versions.get()
    assert number in numbers(look.get(LIST, {"q": number}))
    for typed in (version.fingerprint[:8], version.fingerprint, version.fingerprint[:16].upper()):
        assert several["approved"].pk in numbers(look.get(LIST, {"q": typed}))
    in_fours = " ".join(version.fingerprint[start : start + 4] for start in range(0, 16, 4))
    assert several["approved"].pk in numbers(look.get(LIST, {"q": in_fours}))
    assert numbers(look.get(LIST, {"q": version.fingerprint[:7]})) == []


@pytest.mark.parametrize(
    "typed", ["9" * 19, "9" * 200, "٣", "'; drop table", "\ud83d\ude80".encode("utf-16", "surrogatepass")]
)
def test_strange_words_find_nothing_and_break_nothing(look, several, typed):
    answer = look.get(LIST, {"q": typed})
    assert answer.status_code == 200
    assert numbers(answer) == []


def test_a_model_of_an_earlier_version_is_found(look, deployment_in, alice):
    from deployer.domain import draft as drafts
    from deployer.workflow import drafting, review

    one = deployment_in("in_review", body=real_time_body(entry("model-old")))
    body = drafts.from_body(real_time_body(entry("model-new")))
    one = drafting.save(one, body, revision=one.revision, by=alice).deployment
    review.ask_review(one, seen=one.seen, by=alice)
    assert (
        numbers(look.get(LIST, {"model": "model-old"})) == numbers(look.get(LIST, {"model": "model-new"})) == [one.pk]
    )


def test_days_are_inclusive_and_counted_in_the_readers_zone(look, draft_of):
    one = draft_of()
    Deployment.objects.filter(pk=one.pk).update(created_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    assert numbers(look.get(LIST, {"from": "2026-03-09", "to": "2026-03-09"})) == [one.pk]
    assert numbers(look.get(LIST, {"from": "2026-03-10"})) == []
    look.cookies["zone"] = "Europe/Berlin"  # there it was already the tenth
    assert numbers(look.get(LIST, {"to": "2026-03-09"})) == []
    assert numbers(look.get(LIST, {"from": "2026-03-10", "to": "2026-03-10"})) == [one.pk]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"state": "sleeping"}, "No state is named sleeping."),
        ({"target": "mars"}, "No target is named mars."),
        ({"author": "<b>mallory</b>"}, "No author is named &lt;b&gt;mallory&lt;/b&gt;."),
        ({"kind": "explode"}, "No kind is named explode."),
        ({"only": "yours"}, "No list is named yours."),
        ({"from": "yesterday"}, "Write the day as 2026-11-22."),
        ({"to": "2026-02-30"}, "Write the day as 2026-11-22."),
        ({"from": "0001-01-01"}, "Write the day as 2026-11-22."),
        ({"to": "9999-12-31"}, "Write the day as 2026-11-22."),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "2026-03-01 is before 2026-03-02. Turn them round."),
        ({"q": "x" * 201}, "Ensure this value has at most 200 characters"),
        ({"q": "a\x00b"}, "Null characters are not allowed."),
        ({"target": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_beside_it_and_nothing_is_lost(look, several, query, said):
    answer = look.get(LIST, {**query, "model": "kept-as-typed"})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert 'value="kept-as-typed"' in answer.content.decode()
    assert numbers(answer) == []
    assert "One filter cannot be read." in words(answer)


def test_two_filters_that_cannot_be_read_are_told_as_such(look, several):
    answer = look.get(LIST, {"from": "yesterday", "state": "lost"})
    assert "Some filters cannot be read." in words(answer)
    assert "One filter cannot be read." not in words(answer)


def test_a_place_that_is_none_begins_at_the_start_and_says_so(look, several):
    for asked in ("abc", "0", "-3", "9" * 30):
        answer = look.get(LIST, {"after": asked})
        assert len(numbers(answer)) == 6
        assert f"There is no place “{asked}” in this list." in words(answer)


def some_drafts(draft_of, many: int) -> list[int]:
    """Cheap rows: one real draft, copied in bulk."""
    first = draft_of()
    copies = [Deployment.objects.get(pk=first.pk) for _ in range(many - 1)]
    for place, copy in enumerate(copies, start=1):
        copy.pk = first.pk + place
    Deployment.objects.bulk_create(copies)
    return [first.pk + many - 1 - place for place in range(many)]


def linked(answer, rel: str) -> str:
    found = re.search(rf'href="([^"]*)" rel="{rel}"', answer.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def test_pages_follow_the_key_there_and_back(look, draft_of):
    every = some_drafts(draft_of, 60)
    pages, address = [], LIST
    while address:
        answer = look.get(address)
        pages.append((answer.request["QUERY_STRING"], numbers(answer)))
        address = linked(answer, "next")
    assert [number for _, shown in pages for number in shown] == every
    assert [len(shown) for _, shown in pages] == [25, 25, 10]
    assert linked(look.get(LIST), "prev") == ""
    back = look.get(f"{LIST}?{pages[2][0]}")
    second = look.get(linked(back, "prev"))
    assert numbers(second) == pages[1][1]
    assert numbers(look.get(linked(second, "prev"))) == pages[0][1]


def test_filters_stay_from_page_to_page_and_a_chip_begins_anew(look, draft_of):
    some_drafts(draft_of, 30)
    answer = look.get(LIST, {"state": "draft", "q": "", "target": "dev"})
    assert linked(answer, "next").startswith(f"{LIST}?state=draft&target=dev&after=")
    text = look.get(linked(answer, "next")).content.decode()
    assert 'href="?target=dev" aria-label="Remove filter: State is Draft"' in text
    assert 'href="?state=draft" aria-label="Remove filter: Target is dev"' in text
    assert "Clear both" in text


def test_a_count_that_is_not_cheap_is_not_made(look, draft_of):
    some_drafts(draft_of, 1010)
    assert "25 of 1,000+ found" in words(look.get(LIST))
    assert "of 1,000+ found" not in words(look.get(LIST, {"q": "1"}))


def test_empty_lists_say_what_would_be_here(client_of, alice, victor, draft_of):
    assert "New deployment" in words(client_of(alice).get(LIST))
    first = words(client_of(victor).get(LIST))
    assert "No deployment yet." in first
    assert "New deployment" not in first
    draft_of()
    none = client_of(victor).get(LIST, {"state": "closed"})
    assert "No deployment fits these filters." in words(none)
    dated = client_of(victor).get(LIST, {"from": "2020-01-01", "to": "2020-01-02", "state": "draft"})
    assert "1 fits when the date is left out." in words(dated)
    assert 'href="?state=draft">Leave the date out' in dated.content.decode()
    end = client_of(victor).get(LIST, {"after": "1"})
    assert "Nothing older." in words(end)


def test_tabs_show_mine_what_waits_and_what_is_in_flight(client_of, deployment_in, draft_of, alice, bob, carol, olga):
    mine = deployment_in("changes_requested")
    asked = deployment_in("in_review")
    flying = deployment_in("submitted", author=carol)
    stuck = world.in_limbo(deployment_in("submitted", author=carol, body=real_time_body(service_name="b")), person=True)
    up = deployment_in("submitted", author=carol, body=real_time_body(service_name="c"))
    up = world.in_the_cloud(up, "deploying", progress=10)
    done = deployment_in("submitted", author=carol, body=real_time_body(service_name="d"))
    world.in_the_cloud(done, "running")
    assert numbers(client_of(alice).get(LIST, {"only": "mine"})) == [asked.pk, mine.pk]
    assert numbers(client_of(alice).get(LIST, {"only": "waiting"})) == [mine.pk]
    assert numbers(client_of(bob).get(LIST, {"only": "waiting"})) == [asked.pk]
    assert numbers(client_of(olga).get(LIST, {"only": "waiting"})) == [stuck.pk]
    assert numbers(client_of(olga).get(LIST, {"only": "moving"})) == [up.pk, stuck.pk, flying.pk]
    assert numbers(client_of(olga).get(LIST, {"only": "mine"})) == []


def test_htmx_gets_the_part_that_changes_and_a_clean_address(look, several):
    answer = look.get(LIST, {"state": "draft", "q": "", "from": "no"}, headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="exports" hx-swap-oob="true"' in text
    assert re.search(r'id="id_from_error" hx-swap-oob="true">.*Write the day', text)
    assert answer["HX-Push-Url"] == f"{LIST}?state=draft&from=no"
    assert "HX-Request" in answer["Vary"]
    back = look.get(LIST, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_moving_rows_ask_again_in_one_request_and_stop_when_they_have_settled(look, deployment_in, draft_of):
    draft_of()
    one = world.in_the_cloud(deployment_in("submitted"), "deploying", progress=43)
    asks = f'hx-get="{LIST}?look={one.pk}"'
    assert asks in look.get(LIST).content.decode()
    pulse = look.get(LIST, {"look": one.pk}, headers=HTMX).content.decode()
    assert f'id="state-{one.pk}" hx-swap-oob="true"' in pulse
    assert "Deploying 43 %" in pulse
    assert asks in pulse
    Service.objects.update(status="running", is_settled=True)
    settled = look.get(LIST, {"look": one.pk}, headers=HTMX).content.decode()
    assert "Running" in settled
    assert "hx-get" not in settled


@pytest.mark.parametrize("asked", ["", "x", "1,2,x", "9" * 40, "-1", ",,,", "٣"])
def test_asking_about_rows_that_are_none_breaks_nothing(look, asked, db):
    answer = look.get(LIST, {"look": asked}, headers=HTMX)
    assert answer.status_code == 200


def test_text_of_a_draft_comes_back_as_text(look, draft_of):
    draft_of(real_time_body(service_name="<script>alert(1)</script>", description="x"))
    text = look.get(LIST).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_what_is_in_review_tells_its_votes(look, deployment_in, bob, prod):
    from deployer.workflow import review

    one = deployment_in("in_review", target=prod)
    assert "In review, 0 of 2" in words(look.get(LIST))
    review.decide(one, "approve", seen=one.seen, by=bob)
    assert "In review, 1 of 2" in words(look.get(LIST))


def test_a_page_costs_the_same_number_of_queries_however_many_rows(
    look, deployment_in, draft_of, django_assert_max_num_queries
):
    world.in_the_cloud(deployment_in("submitted"), "running")
    with django_assert_max_num_queries(11):
        assert len(numbers(look.get(LIST))) == 1
    every = some_drafts(draft_of, 60)
    with django_assert_max_num_queries(11):
        assert len(numbers(look.get(LIST, {"after": every[10], "state": "draft", "q": "m", "target": "dev"}))) == 25


def test_each_row_leads_to_its_deployment_and_two_can_be_compared(look, several):
    text = look.get(LIST).content.decode()
    for one in several.values():
        assert f'href="{reverse("deployment-page", args=[one.pk])}"' in text
        assert f'name="pick" value="{one.pk}"' in text
    assert f'action="{reverse("deployment-compare-two")}"' in text


def test_nobody_without_a_role_sees_the_list(client_of, victor):
    victor.groups.clear()
    assert client_of(victor).get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302
