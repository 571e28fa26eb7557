"""What waits for whom, oldest first, and how much it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deployer.web import reviews
from deployer.workflow import review

pytestmark = pytest.mark.django_db


def page_of(client, query: str = "") -> str:
    answer = client.get(f"/reviews/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def part(text: str, name: str) -> str:
    """The section with this heading."""
    return text.split(f'id="{name}"')[1].split("</section>")[0] if f'id="{name}"' in text else ""


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'<h3><a href="/deployments/(\d+)/"', text)]


def test_what_waits_for_me_stands_oldest_first_with_a_count_in_the_rail(client_of, bob, deployment_in):
    rows = [deployment_in("in_review").pk for _ in range(3)]
    deployment_in("draft")
    deployment_in("approved")
    text = page_of(client_of(bob))
    assert numbers(part(text, "h-me")) == rows
    assert re.search(r'class="count" data-due><span class="unseen">waiting: </span>3<', text)
    assert "You may decide: you neither wrote nor edited it." in text


def test_what_i_wrote_or_spoke_on_waits_for_others(client_of, alice, bob, carol, prod, deployment_in, draft_of):
    mine = deployment_in("in_review", author=bob, reviewer=carol)
    spoken = review.ask_review(draft_of(target=prod), seen=1, by=alice)
    review.decide(spoken, "approve", seen=1, by=bob)
    text = page_of(client_of(bob))
    assert numbers(part(text, "h-me")) == []
    assert "Nothing waits for you" in text
    others = part(text, "h-others")
    assert numbers(others) == [mine.pk, spoken.pk]
    assert "You wrote it. Carol Nowak can decide." in others
    assert "You approved version 1. Carol Nowak can decide." in others
    assert numbers(part(page_of(client_of(carol)), "h-me")) == [mine.pk, spoken.pk]


@pytest.mark.parametrize("name", ["alice", "olga", "victor", "root"])
def test_those_who_do_not_decide_see_what_others_decide(name, people, client_of, deployment_in):
    row = deployment_in("in_review")
    text = page_of(client_of(people[name]))
    assert part(text, "h-me") == ""
    assert numbers(part(text, "h-others")) == [row.pk]
    assert "Review<" not in text
    assert "waiting: " not in text


def test_my_last_verdicts_and_what_became_of_them(client_of, bob, deployment_in):
    deployment_in("submitted")
    deployment_in("rejected")
    text = part(page_of(client_of(bob)), "h-said")
    assert "Approved" in text
    assert "Waiting to send" in text
    assert "Rejected" in text
    assert "“Not like this.”" in text


def test_an_empty_house_says_what_would_be_here(client_of, bob):
    text = page_of(client_of(bob))
    for words in ["Nothing waits for you", "Nothing else is in review", "No verdict yet"]:
        assert words in text


def test_a_long_queue_is_read_page_by_page(client_of, bob, deployment_in, monkeypatch):
    monkeypatch.setattr(reviews, "PAGE", 2)
    rows = [deployment_in("in_review").pk for _ in range(5)]
    client, query, seen = client_of(bob), "", []
    while query is not None:
        text = page_of(client, query)
        seen += numbers(part(text, "h-me"))
        older = re.search(r'href="(\?after=\d+)" rel="next"', text)
        query = older[1] if older else None
    assert seen == rows


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 40, "²"])
def test_a_senseless_key_is_404(after, client_of, bob):
    assert client_of(bob).get("/reviews/", {"after": after}).status_code == 404


def test_ten_requests_cost_as_many_queries_as_one(client_of, bob, deployment_in):
    client = client_of(bob)
    counted = []
    for more in (2, 8):
        for _ in range(more):
            deployment_in("in_review")
            deployment_in("in_review", author=bob)
        with CaptureQueriesContext(connection) as queries:
            page_of(client)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 16, counted
