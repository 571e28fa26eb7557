"""The page of one deployment: every state, its versions, its past, and how many queries it costs."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import escape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.models import Attempt, Deployment
from deployer.workflow import drafting, outcome, review, submission
from tests.browser import world
from tests.factories import batch_body, entry, real_time_body

pytestmark = pytest.mark.django_db

STATES = ["draft", "in_review", "changes_requested", "approved", "submitted", "withdrawn", "rejected"]
# Session, person, roles, the latest preflight, the page's questions: the same number whatever the length of the past.
BUDGET = 27


def page_of(client, deployment: Deployment, more: str = "") -> str:
    answer = client.get(f"/deployments/{deployment.pk}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def with_versions(deployment_in, alice, bob, count: int) -> Deployment:
    """In review at version `count`, sent back each time before."""
    deployment = deployment_in("in_review")
    for number in range(2, count + 1):
        deployment = review.decide(deployment, "request_changes", seen=number - 1, by=bob, comment="Once more.")
        doc = drafts.loads(deployment.draft)
        doc["fields"]["description"] = f"Attempt {number}"
        deployment = drafting.save(deployment, doc, revision=deployment.revision, by=alice).deployment
        deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    return deployment


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["alice", "bob", "olga", "victor", "root"])
def test_every_state_has_a_page_for_everybody_with_a_role(state, who, people, client_of, deployment_in):
    deployment = deployment_in(state)
    text = page_of(client_of(people[who]), deployment)
    assert set(re.findall(r'name="seen" value="(\d+)"', text)) == {str(deployment.seen)}
    assert text.count('data-service-status="') == 1
    assert f'data-state="{deployment.state}"' in text
    outcome = "waiting" if state == "submitted" else ""
    assert f'data-outcome="{outcome}" data-service-status="" data-service-id=""' in text
    assert "<title>mnist, " in text


@pytest.mark.parametrize("number", ["999999", "99999999999999999999999"])
@pytest.mark.parametrize("more", ["", "status/", "timeline/", "versions/1/", "compare/1/"])
def test_a_number_that_is_not_there_is_404(number, more, client_of, alice):
    assert client_of(alice).get(f"/deployments/{number}/{more}").status_code == 404


def test_reading_is_never_a_post(client_of, alice, deployment_in):
    deployment = deployment_in("in_review")
    for more in ["", "status/", "timeline/", "versions/1/", f"compare/{deployment.pk}/"]:
        assert client_of(alice).post(f"/deployments/{deployment.pk}/{more}").status_code == 405
    assert client_of(alice).get(f"/deployments/{deployment.pk}/copy/").status_code == 405


def test_seen_is_the_revision_of_a_draft_and_the_version_from_then_on(client_of, alice, draft_of):
    deployment = draft_of()
    for text in ("one", "two"):
        doc = drafts.loads(deployment.draft)
        doc["fields"]["description"] = text
        deployment = drafting.save(deployment, doc, revision=deployment.revision, by=alice).deployment
    assert 'name="seen" value="3"' in page_of(client_of(alice), deployment)
    deployment = review.ask_review(deployment, seen=3, by=alice)
    assert 'name="seen" value="1"' in page_of(client_of(alice), deployment)


def test_a_new_service_is_said_in_sentences_with_its_warnings(client_of, bob, deployment_in):
    body = real_time_body(
        entry("a", 70, envs={"TOKEN": "ghp_" + "a1B2" * 9}),
        entry("b", 30),
        cluster_id="pool-1",
        vpc_id="v",
        subnet_network_id="s",
        security_group_id="g",
    )
    text = page_of(client_of(bob), deployment_in("in_review", body=body))
    assert "2 models share the traffic 70 / 30, 2 instances, runs until stopped." in text
    assert "Dedicated pool pool-1. The VPC has no effect." in text
    assert "This looks like a GitHub token." in text
    assert "a new service, version 1" in text


def test_a_batch_job_is_said_by_its_data(client_of, bob, deployment_in):
    text = page_of(client_of(bob), deployment_in("in_review", body=batch_body()))
    assert "New batch job" in text
    assert "https://infers-data.obs.xxxx.com/in/" in text
    assert "Input path" in text


def test_a_later_version_is_compared_with_the_one_before(client_of, alice, bob, deployment_in):
    text = page_of(client_of(bob), with_versions(deployment_in, alice, bob, 3))
    assert "version 3 against version 2" in text
    assert "Attempt 2" in text
    assert "Attempt 3" in text


def test_a_copy_is_compared_with_what_it_was_copied_from(client_of, bob, deployment_in):
    source = deployment_in("submitted")
    copied = drafting.copy(source, by=bob)
    text = page_of(client_of(bob), copied)
    assert f"the draft, the same as {source.pk}, version 1" in text
    doc = drafts.loads(copied.draft)
    doc["rows"][0]["fields"]["instance_count"] = 3
    drafting.save(copied, doc, revision=1, by=bob)
    text = page_of(client_of(bob), copied)
    assert f"the draft against {source.pk}, version 1" in text
    assert "Changes the capacity." in text


def test_a_draft_lists_its_problems_each_leading_to_its_field(client_of, alice, victor, draft_of):
    deployment = draft_of(real_time_body(entry(weight=90), service_name=""))
    text = page_of(client_of(alice), deployment)
    assert "2 problems stand in the way." in text
    assert f'href="/deployments/{deployment.pk}/edit/#service_name"' in text
    assert "/edit/#" not in page_of(client_of(victor), deployment)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"config": 5},
        {"config": [5, None, "x", {"weight": [1], "envs": 3, "custom_spec": "z"}], "schedule": {"a": 1}},
        {"service_name": {"a": [1]}, "infer_type": 7, "description": ["x"], "cluster_id": False, "strange": 1.5e20},
        {"service_name": "<script>alert(1)</script>", "description": "\u202e\u0007<b>💥</b>", "config": []},
    ],
)
def test_half_written_drafts_have_a_page_too(body, client_of, alice, draft_of):
    text = page_of(client_of(alice), draft_of(body))
    assert "<script>alert" not in text
    assert "<b>" not in text


def test_the_panel_shows_who_said_what_and_what_is_stale(client_of, alice, bob, carol, prod, draft_of):
    deployment = review.ask_review(draft_of(target=prod), seen=1, by=alice)
    deployment = review.decide(deployment, "approve", seen=1, by=bob, comment="Fine for me.")
    text = page_of(client_of(carol), deployment)
    assert "1 of 2 given" in text
    assert "“Fine for me.”" in text
    assert "2 approvals, none by who wrote or edited it." in text
    doc = drafts.loads(deployment.draft)
    doc["fields"]["description"] = "x"
    deployment = drafting.save(deployment, doc, revision=1, by=alice).deployment
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    text = page_of(client_of(carol), deployment)
    assert "0 of 2 given" in text
    assert "approved version 1" in text
    assert f'href="/deployments/{deployment.pk}/versions/2/?against=1"' in text


def test_what_is_approved_but_lapsed_is_not_offered_to_be_sent(client_of, alice, dev, deployment_in):
    dev.approval_hours = 24
    dev.save()
    deployment = deployment_in("approved")
    text = page_of(client_of(alice), deployment)
    assert "One lasts 24 hours. The first one given lapses in 23 h 59 min" in text
    assert f'action="/deployments/{deployment.pk}/submit/"' in text
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        text = page_of(client_of(alice), deployment)
    assert "0 of 1 approvals count now, so it is not sent." in text
    assert "approved version 1, lapsed" in text
    assert f'action="/deployments/{deployment.pk}/submit/"' not in text


@pytest.fixture
def cancelled(deployment_in, olga) -> Callable[..., Deployment]:
    """Approved, submitted, and back with its authors."""

    def cancel(**where) -> Deployment:
        deployment = deployment_in("submitted", **where)
        return submission.by_hand(deployment, "cancel", seen=deployment.submission_id, by=olga, comment="Later.")

    return cancel


def stand_of(client, deployment: Deployment) -> str:
    return page_of(client, deployment).partition('id="panel"')[2].partition("<form")[0]


def test_approvals_of_an_unchanged_text_say_what_they_are_worth(client_of, alice, cancelled):
    deployment = cancelled()
    text = stand_of(client_of(alice), deployment)
    assert "1 of 1 given" in text
    assert "Version 1 keeps its approvals: asked for as it is, it needs no other." in text
    assert review.ask_review(deployment, seen=deployment.seen, by=alice).state == "approved"


def test_a_changed_text_shows_none_of_the_approvals_of_the_one_before(client_of, alice, cancelled):
    deployment = cancelled()
    doc = drafts.loads(deployment.draft)
    doc["fields"]["description"] = "Something else"
    deployment = drafting.save(deployment, doc, revision=deployment.revision, by=alice).deployment
    text = stand_of(client_of(alice), deployment)
    assert "0 of 1 given" in text
    assert "Version 1 has approvals. What is written now is another text and is reviewed anew." in text
    assert "data-given" not in text
    assert review.ask_review(deployment, seen=deployment.seen, by=alice).state == "in_review"


def test_an_unchanged_text_keeps_what_is_left_of_its_approvals(client_of, alice, carol, prod, cancelled):
    deployment = cancelled(target=prod)
    carol.groups.clear()
    text = stand_of(client_of(alice), deployment)
    assert "1 of 2 given" in text
    assert "Version 1 keeps what was given, if it is asked for as it is." in text


def test_a_version_is_shown_as_it_was_asked(client_of, alice, bob, victor, deployment_in):
    deployment = with_versions(deployment_in, alice, bob, 3)
    client = client_of(victor)
    first = page_of(client, deployment, "versions/1/")
    assert "a new service, version 1" in first
    assert "“Once more.”" in first
    assert "version 2 against version 1" in page_of(client, deployment, "versions/2/")
    assert "version 1 against version 3" in page_of(client, deployment, "versions/1/?against=3")
    for wrong in [
        "versions/4/",
        "versions/0/",
        "versions/2/?against=9",
        "versions/2/?against=x",
        "versions/2/?against=²",
    ]:
        assert client.get(f"/deployments/{deployment.pk}/{wrong}").status_code == 404


def test_deploying_again_makes_a_new_draft_with_the_same_words(client_of, bob, deployment_in):
    source = deployment_in("submitted")
    answer = client_of(bob).post(f"/deployments/{source.pk}/copy/")
    copied = Deployment.objects.get(copied_from=source)
    assert answer["Location"] == f"/deployments/{copied.pk}/edit/"
    assert drafts.body_of(drafts.loads(copied.draft)) == json.loads(source.versions.get().payload)
    assert client_of(bob).post(f"/deployments/{source.pk}/copy/", {"version": "7"}).status_code == 404
    assert client_of(bob).post(f"/deployments/{source.pk}/copy/", {"version": "x"}).status_code == 404


def test_the_past_is_read_page_by_page(client_of, alice, bob, victor, deployment_in):
    deployment = with_versions(deployment_in, alice, bob, 12)
    total = deployment.events.count()
    client, address, numbers = client_of(victor), f"/deployments/{deployment.pk}/timeline/", []
    while address:
        text = client.get(address).content.decode()
        numbers += [int(number) for number in re.findall(r'id="event-(\d+)"', text)]
        older = re.search(r"\?before=(\d+)", text.split("Older")[0][-400:]) if "Older" in text else None
        address = f"/deployments/{deployment.pk}/timeline/?before={older[1]}" if older else ""
    assert len(numbers) == total > 30
    assert numbers == sorted(numbers, reverse=True)
    for wrong in ["x", "-1", "0", "9" * 30, "²"]:
        assert client.get(f"/deployments/{deployment.pk}/timeline/?before={wrong}").status_code == 404


def test_a_page_of_twenty_versions_costs_no_more_queries_than_one(client_of, people, alice, bob, deployment_in):
    one, twenty = deployment_in("in_review"), with_versions(deployment_in, alice, bob, 20)
    for name, person in people.items():
        client = client_of(person)
        counted = []
        for deployment in (one, twenty):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page_of(client, deployment)
            counted.append(len(queries))
        # The version before is read where there is one; the groups of those who spoke, where somebody did.
        assert counted[1] <= counted[0] + 3, (name, counted)
        assert counted[1] <= BUDGET, (name, counted)


@pytest.mark.parametrize("state", STATES)
def test_no_page_of_a_state_is_over_its_budget(state, client_of, bob, deployment_in, django_assert_max_num_queries):
    deployment, client = deployment_in(state), client_of(bob)
    with django_assert_max_num_queries(BUDGET):
        page_of(client, deployment)


def test_saves_of_one_person_in_a_row_are_one_item_of_the_past(client_of, alice, bob, victor, draft_of):
    deployment = draft_of()
    for number, person in enumerate([alice] * 90 + [bob] * 2 + [alice]):
        doc = drafts.loads(deployment.draft)
        doc["fields"]["description"] = f"words {number}"
        deployment = drafting.save(deployment, doc, revision=deployment.revision, by=person).deployment
    text = client_of(victor).get(f"/deployments/{deployment.pk}/timeline/").content.decode()
    items = re.findall(r'id="event-(\d+)"', text)
    assert len(items) == 3
    assert ", in 2 saves" in text
    assert ", in 77 saves" in text  # as far as one page reads
    older = re.search(r"\?before=(\d+)", text)
    rest = client_of(victor).get(f"/deployments/{deployment.pk}/timeline/?before={older[1]}").content.decode()
    assert ", in 13 saves" in rest
    assert "before=" not in rest


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ('{"error_code": "ModelArts.9999", "error_msg": "<b>no</b>"}', '{\n  "error_code": "ModelArts.9999",'),
        ("<html>502 Bad Gateway</html>", "<html>502 Bad Gateway</html>"),
        ("[" * 4000, "[[["),
    ],
)
def test_the_clouds_own_words_are_one_click_away(raw, shown, client_of, victor, deployment_in):
    row = outcome.claim(deployment_in("submitted").submission.pk, outcome="waiting", seconds=60)
    assert outcome.begin_sending(row, seconds=60)
    said = outcome.Tried("send", "tests", timezone.now(), "The cloud refused: no.", 400, "req-1", raw)
    outcome.refused(row, said, reason="The cloud refused: no.", code="ModelArts.9999")
    page = client_of(victor).get(f"/deployments/{row.deployment_id}/").content.decode()
    inside = re.search(r'<details class="raw-answer small">.*?</details>', page, re.DOTALL)
    assert inside, "nothing to click"
    assert escape(shown) in inside[0]
    assert "<b>no</b>" not in page


def test_looks_that_find_the_same_are_one_step(client_of, victor, deployment_in):
    lost = world.in_limbo(deployment_in("submitted"), person=False).submission
    now = timezone.now()
    facts = {"submission": lost, "kind": "look", "worker": "w", "finished_at": now}
    for number in range(2, 15):
        Attempt.objects.create(**facts, number=number, outcome="not_found", detail="Nothing.", started_at=now)
    Attempt.objects.create(**facts, number=15, outcome="not_found", detail="It shows twice.", started_at=now)
    page = client_of(victor).get(f"/deployments/{lost.deployment_id}/").content.decode()
    rows = re.search(r'aria-labelledby="h-sending".*?</table>', page, re.DOTALL)[0].split("<tr>")[2:]
    assert ["2–14" in row and "13 times" in row and "since " in row for row in rows[-3:]] == [False, True, False]
    assert [">15<" in row and "It shows twice." in row for row in rows[-3:]] == [True, False, False]
    assert [">1<" in row and " times" not in row for row in rows[-3:]] == [False, False, True]
