"""Moves by POST: the order of answers, what is kept, what is told."""

import pytest

from deployer.domain import draft as drafts
from deployer.models import Decision, Event, Submission
from deployer.workflow import drafting, review
from tests.factories import entry, real_time_body

pytestmark = pytest.mark.django_db

MOVES = ["ask-review", "approve", "request-changes", "reject", "withdraw", "submit", "cancel", "send-again", "give-up"]


def post(client, deployment, move, **fields):
    return client.post(f"/deployments/{deployment.pk}/{move}/", fields)


@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_never_a_get(move, client_of, alice, deployment_in):
    assert client_of(alice).get(f"/deployments/{deployment_in('draft').pk}/{move}/").status_code == 405


@pytest.mark.parametrize("move", MOVES)
def test_a_number_that_is_not_there_is_404_for_everybody(move, client_of, alice, victor, deployment_in):
    for person in (alice, victor):
        for number in ("999999", "99999999999999999999999"):
            assert client_of(person).post(f"/deployments/{number}/{move}/", {"seen": 1}).status_code == 404


@pytest.mark.parametrize("seen", [None, "", "x", "-1", "1.5", "one"])
def test_a_seen_that_is_missing_or_no_number_is_422(seen, client_of, bob, deployment_in):
    deployment = deployment_in("in_review")
    fields = {} if seen is None else {"seen": seen}
    answer = post(client_of(bob), deployment, "approve", comment="Fine.", **fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a problem" in text
    assert "Fine." in text  # what was typed is kept
    assert not Decision.objects.exists()


def test_a_row_that_moved_on_comes_before_a_form_that_cannot_be_read(client_of, bob, deployment_in):
    assert post(client_of(bob), deployment_in("approved"), "approve").status_code == 409
    text = post(client_of(bob), deployment_in("approved"), "approve", seen=1, comment="Kept & shown").content.decode()
    assert '<pre class="code" id="kept"' in text
    assert "Kept &amp; shown" in text
    assert post(client_of(bob), deployment_in("in_review"), "approve", seen=9, comment="x" * 5000).status_code == 409


@pytest.mark.parametrize("seen", [0, 2, 99999999999999999999999])
def test_another_version_than_the_one_shown_is_409_with_what_happened(seen, client_of, bob, deployment_in):
    deployment = deployment_in("in_review")
    answer = post(client_of(bob), deployment, "approve", seen=seen, comment="Looks good to me.")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This has moved on." in text
    assert f"You were looking at {seen}" in text
    assert "Looks good to me." in text
    assert f'name="seen" value="{deployment.seen}"' in text
    assert not Decision.objects.exists()


def test_a_verdict_on_a_version_that_was_replaced_tells_who_did_it(client_of, alice, bob, deployment_in):
    deployment = deployment_in("in_review")
    seen = deployment.seen
    doc = drafts.loads(deployment.draft)
    doc["fields"]["description"] = "Another text."
    deployment = drafting.save(deployment, doc, revision=deployment.revision, by=alice).deployment
    assert post(client_of(bob), deployment, "approve", seen=seen).status_code == 409
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    answer = post(client_of(bob), deployment, "approve", seen=seen)
    assert answer.status_code == 409
    assert "Alice Brandt asked for review meanwhile. It is in review now, version 2." in answer.content.decode()
    assert post(client_of(bob), deployment, "approve", seen=2).status_code == 302


@pytest.mark.parametrize(("move", "words"), [("request-changes", "Say what should change."), ("reject", "Say why")])
def test_a_verdict_against_needs_a_reason(move, words, client_of, bob, deployment_in):
    deployment = deployment_in("in_review")
    answer = post(client_of(bob), deployment, move, seen=1, comment="  ")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert f'href="#comment-{move.replace("-", "_")}"' in text
    assert not Decision.objects.exists()


def test_a_comment_may_have_4000_characters_and_line_ends_count_once(client_of, bob, deployment_in):
    deployment = deployment_in("in_review")
    assert post(client_of(bob), deployment, "approve", seen=1, comment="x" * 4001).status_code == 422
    assert post(client_of(bob), deployment, "approve", seen=1, comment="a\x00b").status_code == 422
    text = "x" * 1999 + "\r\n" * 2 + "y" * 1999
    assert post(client_of(bob), deployment, "approve", seen=1, comment=text).status_code == 302
    assert Decision.objects.get().comment == text.replace("\r\n", "\n")


def test_markup_in_a_comment_comes_back_as_text(client_of, bob, deployment_in):
    deployment = deployment_in("in_review")
    strange = '<script>alert(1)</script> "&\u202e\u0007 ünïcödé 💥'
    assert post(client_of(bob), deployment, "request-changes", seen=1, comment=strange).status_code == 302
    text = client_of(bob).get(f"/deployments/{deployment.pk}/").content.decode()
    assert "<script>alert(1)" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2  # in the verdicts and in the timeline


def test_asking_with_problems_shows_them_beside_their_fields(client_of, alice, draft_of):
    deployment = draft_of(real_time_body(entry(weight=90)))
    answer = post(client_of(alice), deployment, "ask-review", seen=deployment.seen)
    assert answer.status_code == 422
    assert "The weights add up to 90. They must make 100." in answer.content.decode()
    deployment.refresh_from_db()
    assert (deployment.state, deployment.version_number) == ("draft", 0)


def test_each_success_says_what_comes_next(client_of, alice, bob, carol, prod, draft_of):
    deployment = draft_of(target=prod)

    def told(person, move, seen, comment=""):
        client = client_of(person)
        answer = client.post(f"/deployments/{deployment.pk}/{move}/", {"seen": seen, "comment": comment}, follow=True)
        assert answer.redirect_chain == [(f"/deployments/{deployment.pk}/", 302)]
        return [str(message) for message in answer.context["messages"]]

    assert told(alice, "ask-review", 1) == ["Asked for review of version 1. 2 approvals are needed."]
    assert told(bob, "approve", 1) == ["Approved version 1. 1 more approval is needed."]
    assert told(carol, "approve", 1) == ["Approved version 1. It has all its approvals and can be submitted."]
    assert told(alice, "submit", 1) == ["Submitted version 1. It is in the line to be sent."]


def test_an_approval_that_sends_at_once_says_so(client_of, alice, bob, dev, deployment_in):
    dev.submits_itself = True
    dev.save()
    deployment = deployment_in("in_review")
    answer = client_of(bob).post(f"/deployments/{deployment.pk}/approve/", {"seen": 1}, follow=True)
    assert "Approved version 1. It is in the line to be sent." in answer.content.decode()


def test_a_double_click_does_it_once(client_of, alice, bob, deployment_in):
    deployment = deployment_in("in_review")
    assert post(client_of(bob), deployment, "approve", seen=1).status_code == 302
    assert post(client_of(bob), deployment, "approve", seen=1).status_code == 409
    assert Decision.objects.count() == 1
    assert post(client_of(alice), deployment, "submit", seen=1).status_code == 302
    assert post(client_of(alice), deployment, "submit", seen=1).status_code == 409
    assert Submission.objects.count() == 1


def test_a_second_approver_is_not_made_stale_by_the_first(client_of, bob, carol, prod, deployment_in, draft_of, alice):
    deployment = review.ask_review(draft_of(target=prod), seen=1, by=alice)
    assert post(client_of(bob), deployment, "approve", seen=1).status_code == 302
    assert post(client_of(carol), deployment, "approve", seen=1).status_code == 302
    deployment.refresh_from_db()
    assert deployment.state == "approved"


def test_an_approval_overtaken_by_a_change_of_the_target_is_told(client_of, alice, dev, deployment_in):
    deployment = deployment_in("approved")
    dev.endpoint = "http://127.0.0.1:10"
    dev.save()
    answer = post(client_of(alice), deployment, "submit", seen=1)
    assert answer.status_code == 409
    assert "0 of 1 approvals count now" in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_hand_needs_a_reason_and_the_row_it_saw(client_of, olga, deployment_in):
    deployment = deployment_in("submitted")
    key = deployment.submission.pk
    assert post(client_of(olga), deployment, "cancel", submission=key).status_code == 422
    assert post(client_of(olga), deployment, "cancel", comment="Stop.").status_code == 422
    assert post(client_of(olga), deployment, "cancel", submission=key + 1, comment="Stop.").status_code == 409
    assert post(client_of(olga), deployment, "give-up", submission=key, comment="Stop.").status_code == 409
    assert post(client_of(olga), deployment, "cancel", submission=key, comment="Stop.").status_code == 302
    assert post(client_of(olga), deployment, "cancel", submission=key, comment="Stop.").status_code == 409
    deployment.refresh_from_db()
    assert deployment.state == "changes_requested"


def test_nothing_in_the_line_means_nothing_to_cancel(client_of, olga, victor, deployment_in):
    deployment = deployment_in("draft")
    assert post(client_of(victor), deployment, "cancel", seen=1, comment="Stop.").status_code == 403
    assert post(client_of(olga), deployment, "cancel", seen=1, comment="Stop.").status_code == 409
    assert post(client_of(olga), deployment, "cancel").status_code == 409


def test_approving_twice_is_one_verdict_and_the_button_says_so(client_of, bob, prod, deployment_in, draft_of, alice):
    deployment = review.ask_review(draft_of(target=prod), seen=1, by=alice)
    client, address = client_of(bob), f"/deployments/{deployment.pk}/"
    for _ in range(2):
        assert client.post(f"{address}approve/", {"seen": 1}).status_code == 302
    assert Decision.objects.count() == 1
    assert Event.objects.filter(action="approved").count() == 1
    assert "You approved it. 1 more approval is needed." in client.get(address).content.decode()


@pytest.mark.parametrize("seen", ["١", " 1", "+1", "1_0", "²", "1.0"])
def test_seen_is_written_in_plain_digits(seen, client_of, bob, deployment_in):
    assert post(client_of(bob), deployment_in("in_review"), "approve", seen=seen).status_code == 422
