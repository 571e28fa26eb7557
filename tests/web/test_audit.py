"""The audit: every event in words, filtered, and how the chain stands."""

import re
from datetime import UTC, datetime

import pytest
from django.db import transaction

from deployer.models import Chain, Event
from deployer.web import words
from deployer.workflow import history
from tests.browser import world

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def numbers(answer) -> list[int]:
    return [int(found) for found in re.findall(r'<tr id="e-(\d+)">', answer.content.decode())]


@pytest.fixture
def look(client_of, victor):
    return client_of(victor)


def note(action: str, by=None, deployment=None, **more) -> Event:
    with transaction.atomic():
        return history.write([history.Entry(action, by, deployment, **more)])[0]


# One row for each action: facts and comment as the verbs write them, then the sentence a person reads.
SENTENCES = [
    ("created", {}, "", "began a draft", ""),
    ("imported", {}, "", "began a draft from pasted text", ""),
    ("copied", {"copied_from": 12}, "", "began a draft as a copy of 12", ""),
    ("copied", {}, "", "began a draft as a copy", ""),
    (
        "edited",
        {"before": {"revision": 3, "state": "approved"}, "after": {"revision": 4, "state": "draft"}},
        "",
        "saved the draft, revision 4",
        "It was approved and is a draft again.",
    ),
    (
        "edited",
        {"before": {"revision": 1, "state": "draft"}, "after": {"revision": 2, "state": "draft"}},
        "",
        "saved the draft, revision 2",
        "",
    ),
    ("review_asked", {"version": 2}, "Soon, if you can.", "asked for review of version 2", "“Soon, if you can.”"),
    ("approved", {"version": 2}, "", "approved version 2", ""),
    ("approval_complete", {"version": 2, "needed": 2}, "", "counted 2 of 2 approvals", ""),
    ("changes_requested", {"version": 1}, "Fewer.", "asked for changes to version 1", "“Fewer.”"),
    ("rejected", {"version": 1}, "No.", "rejected version 1", "“No.”"),
    ("withdrawn", {}, "", "withdrew it", ""),
    ("submitted", {"version": 3}, "", "submitted version 3", ""),
    ("sending", {"attempt": 2}, "", "began to send it, attempt 2", ""),
    ("accepted", {"service_id": "abc", "by": "send"}, "", "heard that the cloud accepted it", "Service abc."),
    (
        "accepted",
        {"service_id": "abc", "by": "look"},
        "",
        "found the service and took it as the outcome",
        "Service abc.",
    ),
    ("refused", {"code": "ModelArts.3516"}, "", "heard that the cloud refused it, ModelArts.3516", ""),
    ("put_back", {}, "", "put it back in the line: nothing had left", ""),
    ("answer_lost", {}, "", "lost the answer: the outcome is unknown", ""),
    ("needs_person", {}, "", "needs a person to decide", ""),
    (
        "preflight_finished",
        {"version": 2, "verdict": "block", "block": 1, "warn": 0, "pass": 4},
        "",
        "checked version 2 against the cloud: it is blocked",
        "1 blocking, 4 passed.",
    ),
    ("preflight_finished", {"verdict": "failed"}, "", "checked it against the cloud: the cloud could not be asked", ""),
    ("cancelled", {"reason": "Stale."}, "", "cancelled the sending", "Stale."),
    ("cancel", {"submission": 1}, "Wrong day.", "cancelled the sending", "“Wrong day.”"),
    ("send_again", {"submission": 1}, "I looked.", "had it sent again", "“I looked.”"),
    ("give_up", {"submission": 1}, "Gone.", "gave up looking for it", "“Gone.”"),
    ("settle_as", {"service_id": "s-1"}, "Seen.", "said which service it is", "Service s-1. “Seen.”"),
    (
        "rescheduled",
        {"after": {"at": "2025-11-24T18:00:00+00:00"}},
        "",
        "chose another time to send it, 24 Nov 2025 18:00 UTC",
        "",
    ),
    ("rescheduled", {"after": {"at": ""}}, "", "had it sent as soon as it may go", ""),
    ("freeze_begun", {"place": "dev", "ends_at": None}, "Why.", "froze sending to dev", "Until it is lifted. “Why.”"),
    ("freeze_lifted", {"place": "all targets"}, "Done.", "lifted the freeze of all targets", "“Done.”"),
    ("twin_found", {"service_id": "s-2"}, "", "found a twin of its service", "Service s-2."),
    ("effect_found", {"service_id": "s-3"}, "", "found that a lost call had made a service", "Service s-3."),
    ("sent_again", {}, "", "sent it again by itself, as the target allows", ""),
    ("removal_asked", {"service_id": "s-2"}, "Paid.", "asked to delete the twin", "Service s-2. “Paid.”"),
    ("removal_done", {"service_id": "s-2", "outcome": "deleted"}, "", "deleted the twin", "Service s-2."),
    ("removal_done", {"outcome": "refused"}, "", "could not delete the twin", ""),
    ("cloud_status", {"before": "deploying", "after": "running"}, "", "heard from the cloud: running", ""),
    ("cloud_status", {"after": "failed", "error": "No image."}, "", "heard from the cloud: failed", "No image."),
    (
        "cloud_status",
        {"after": {"status": "failed", "error_msg": "No image."}},
        "",
        "heard from the cloud: failed",
        "No image.",
    ),
    (
        "target_changed",
        {"before": {"approvals": 1, "region": "a"}, "after": {"approvals": 2, "region": "a"}},
        "",
        "changed the target",
        "Changed: approvals.",
    ),
    ("target_changed", {"before": {}, "after": {"approvals": 1}}, "", "made the target", ""),
    ("person_changed", {"before": {"roles": 1}, "after": {"roles": 2}}, "", "changed the person", "Changed: roles."),
    ("keys_rotated", {"values": 3}, "", "encrypted the secrets anew with the first key", "Values: 3."),
    ("approval_stale", {"reason": "It moved."}, "", "found that its approval no longer counts", "It moved."),
    ("something_new", {"x": 1}, "As said.", "something_new", "“As said.”"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "facts", "comment", "title", "detail"), SENTENCES)
def test_every_event_has_its_sentence(alice, action, facts, comment, title, detail):
    said = words.sentence(note(action, alice, data=facts, comment=comment))
    assert (said.title, said.detail) == (title, detail)
    assert said.icon


def test_every_known_action_is_in_the_table_and_in_the_filter():
    assert {action for action, *_ in SENTENCES} - {"something_new"} == set(words.TABLE) == set(words.ACTIONS)


@pytest.mark.parametrize("action", sorted(words.TABLE))
def test_a_sentence_never_trips_over_strange_facts(db, action):
    for facts in ({}, {"before": "x", "after": 7}, {"version": None, "before": {}, "after": {"status": None}}):
        assert words.sentence(note(action, data=facts)).title


def test_deployers_own_notes_are_told_and_peoples_are_quoted(alice):
    own = note("answer_lost", comment="No answer after 30 s.")
    assert words.who(own) == "Deployer"
    assert words.sentence(own).detail == "No answer after 30 s."
    assert words.who(note("withdrawn", alice)) == "Alice Brandt"


def test_the_page_lists_everything_newest_first_with_the_chain(look, deployment_in):
    one = deployment_in("rejected")
    answer = look.get("/audit/")
    text = text_of(answer)
    chain = Chain.objects.get()
    assert numbers(answer) == [3, 2, 1]
    for said in (
        "3 events",
        "Chained up to event 3",
        "python3 manage.py verify_audit",
        "rejected version 1",
        "“Not like this.”",
    ):
        assert said in text
    assert chain.head in answer.content.decode()
    assert Event.objects.get(number=2).hash in text
    assert f'href="/deployments/{one.pk}/"' in answer.content.decode()


def test_an_event_opens_with_its_facts_before_and_after(look, alice, dev):
    facts = {"before": {"approvals": 1}, "after": {"approvals": 2, "revives": True}}
    note("target_changed", alice, target=dev, data=facts)
    text = text_of(look.get("/audit/"))
    assert "Before approvals 1" in text
    assert "After approvals 2, revives true" in text
    assert 'href="/targets/dev/"' in look.get("/audit/").content.decode()


def test_filters_find(look, deployment_in, draft_of, bob, prod):
    asked = deployment_in("in_review")  # 1 imported, 2 review_asked
    draft_of(by=bob, target=prod)  # 3 imported
    for query, found in {
        "action=imported": [3, 1],
        "person=bob": [3],
        "target=prod": [3],
        f"deployment={asked.pk}": [2, 1],
        "action=imported&person=alice": [1],
        "action=approved": [],
        f"deployment={2**63 - 1}": [],
    }.items():
        answer = look.get(f"/audit/?{query}")
        assert answer.status_code == 200
        assert numbers(answer) == found, query


def test_days_are_inclusive_and_counted_in_the_readers_zone(look, alice, time_machine):
    time_machine.move_to(datetime(2026, 3, 9, 23, 30, tzinfo=UTC), tick=False)
    note("withdrawn", alice)
    time_machine.move_to(datetime(2026, 3, 12, 12, tzinfo=UTC), tick=False)
    assert numbers(look.get("/audit/?from=2026-03-09&to=2026-03-09")) == [1]
    assert numbers(look.get("/audit/?from=2026-03-10")) == []
    look.cookies["zone"] = "Europe/Berlin"
    assert numbers(look.get("/audit/?from=2026-03-10&to=2026-03-10")) == [1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("action=exploded", "No event is called exploded."),
        ("person=mallory", "No person is named mallory."),
        ("target=mars", "No target is named mars."),
        ("deployment=abc", "Write its number, as 1284."),
        ("deployment=0", "Write its number, as 1284."),
        ("deployment=1.5", "Write its number, as 1284."),
        ("deployment=NaN", "Write its number, as 1284."),
        (f"deployment={'9' * 40}", "Write its number, as 1284."),
        ("from=soon", "Write the day as 2026-11-22."),
        ("from=2026-03-02&to=2026-03-01", "Turn them round."),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_beside_it(look, alice, query, said):
    note("withdrawn", alice)
    answer = look.get(f"/audit/?{query}")
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert numbers(answer) == []


def test_pages_follow_the_key(look, alice):
    with transaction.atomic():
        history.write([history.Entry("withdrawn", alice) for _ in range(120)])
    first = look.get("/audit/")
    assert numbers(first) == list(range(120, 70, -1))
    onward = re.search(r'href="([^"]*)" rel="next"', first.content.decode())[1]
    second = look.get(onward)
    assert numbers(second) == list(range(70, 20, -1))
    assert numbers(look.get("/audit/?after=21")) == list(range(20, 0, -1))
    assert "Nothing older." in text_of(look.get("/audit/?after=1"))


def test_text_of_people_comes_back_as_text(look, alice):
    note("rejected", alice, comment="<img src=x onerror=alert(1)>", data={"x": "</script><b>"})
    text = look.get("/audit/").content.decode()
    assert "<img" not in text
    assert "<b>" not in text


def test_empty_audits_say_what_would_be_here(look, alice):
    assert "Nothing has happened yet." in text_of(look.get("/audit/"))
    note("withdrawn", alice)
    assert "No event fits these filters." in text_of(look.get("/audit/?action=approved"))


def test_the_page_has_a_query_budget(look, deployment_in, draft_of, olga, django_assert_max_num_queries):
    world.build(deployment_in, draft_of, by=olga)
    with django_assert_max_num_queries(13):
        look.get("/audit/?after=50&person=alice&target=dev")


def test_the_audit_needs_a_role(client_of, victor):
    victor.groups.clear()
    assert client_of(victor).get("/audit/").status_code == 403
