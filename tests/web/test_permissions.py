"""Who may do what: every move, every state, every demo person, by POST and by what the page offers."""

import re

import pytest

from deployer.models import Deployment, Submission

pytestmark = pytest.mark.django_db

STATES = ["draft", "in_review", "changes_requested", "approved", "submitted", "withdrawn", "rejected"]
PEOPLE = ["alice", "bob", "carol", "olga", "victor", "root"]
# Written by hand, not read from the code: who may (of a deployment alice wrote alone), and out of which states.
MAY = {
    "ask-review": {"alice", "bob", "carol"},
    "approve": {"bob", "carol"},
    "request-changes": {"bob", "carol"},
    "reject": {"bob", "carol"},
    "withdraw": {"alice"},
    "submit": {"alice", "olga"},
}
LEAVES = {
    "ask-review": {"draft", "changes_requested"},
    "approve": {"in_review"},
    "request-changes": {"in_review", "approved"},
    "reject": {"in_review", "approved"},
    "withdraw": {"draft", "in_review", "changes_requested", "approved"},
    "submit": {"approved"},
}
ENTERS = {
    "ask-review": "in_review",
    "approve": "approved",
    "request-changes": "changes_requested",
    "reject": "closed",
    "withdraw": "closed",
    "submit": "submitted",
}


def post(client, deployment: Deployment, move: str, **fields):
    data = {"seen": deployment.seen, "comment": "Because."} | fields
    return client.post(f"/deployments/{deployment.pk}/{move}/", data)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MAY)
def test_those_who_may_not_get_403_and_nothing_happens(move, state, people, client_of, deployment_in):
    deployment = deployment_in(state)
    before = (deployment.state, deployment.events.count())
    for name in set(PEOPLE) - MAY[move]:
        answer = post(client_of(people[name]), deployment, move)
        assert answer.status_code == 403, name
        # 403 is asked before everything else: a form that cannot be read, or a stale one, changes nothing about it.
        assert client_of(people[name]).post(f"/deployments/{deployment.pk}/{move}/").status_code == 403
        assert post(client_of(people[name]), deployment, move, seen=999).status_code == 403
    deployment.refresh_from_db()
    assert (deployment.state, deployment.events.count()) == before


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MAY)
def test_those_who_may_move_it_where_the_state_allows(move, state, people, client_of, deployment_in):
    for name in sorted(MAY[move]):
        deployment = deployment_in(state)
        answer = post(client_of(people[name]), deployment, move)
        was = deployment.state
        deployment.refresh_from_db()
        if state in LEAVES[move]:
            assert answer.status_code == 302, (name, answer.content[:500])
            assert answer["Location"] == f"/deployments/{deployment.pk}/"
            assert deployment.state == ENTERS[move]
        else:
            assert answer.status_code == 409, name
            assert deployment.state == was


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", PEOPLE)
def test_the_page_offers_exactly_what_a_post_would_do(name, state, people, client_of, deployment_in):
    deployment = deployment_in(state)
    text = client_of(people[name]).get(f"/deployments/{deployment.pk}/").content.decode()
    offered = set(re.findall(rf'action="/deployments/{deployment.pk}/([a-z-]+)/"', text)) & set(MAY)
    assert offered == {move for move in MAY if name in MAY[move] and state in LEAVES[move]}
    closed = len(re.findall(r'aria-disabled="true" aria-describedby="why-\d+"', text))
    assert closed >= len([move for move in MAY if name not in MAY[move] and state in LEAVES[move]])


def test_an_editor_may_not_approve_though_the_author_is_another(client_of, alice, bob, carol, draft_of):
    from deployer.domain import draft as drafts
    from deployer.workflow import drafting, review

    deployment = draft_of()
    doc = drafts.loads(deployment.draft)
    doc["fields"]["description"] = "Bob was here."
    deployment = drafting.save(deployment, doc, revision=deployment.revision, by=bob).deployment
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    answer = post(client_of(bob), deployment, "approve")
    assert answer.status_code == 403
    assert "You edited it. Carol Nowak can approve it." in answer.content.decode()
    text = client_of(bob).get(f"/deployments/{deployment.pk}/").content.decode()
    assert "You edited it. Carol Nowak can approve it." in text
    assert f'action="/deployments/{deployment.pk}/approve/"' not in text
    assert post(client_of(alice), deployment, "approve").status_code == 403
    assert post(client_of(carol), deployment, "approve").status_code == 302


def test_an_approver_who_writes_may_not_approve_his_own(client_of, bob, carol, deployment_in):
    deployment = deployment_in("in_review", author=bob, reviewer=carol)
    answer = post(client_of(bob), deployment, "approve")
    assert answer.status_code == 403
    assert "You wrote it." in answer.content.decode()


def test_root_alone_neither_writes_approves_nor_sends(client_of, root, deployment_in):
    for state, move in [("draft", "ask-review"), ("in_review", "approve"), ("approved", "submit")]:
        assert post(client_of(root), deployment_in(state), move).status_code == 403
    assert client_of(root).post(f"/deployments/{deployment_in('draft').pk}/copy/").status_code == 403


@pytest.mark.parametrize("name", PEOPLE)
def test_deploying_again_is_for_authors(name, people, client_of, deployment_in):
    deployment = deployment_in("submitted")
    answer = client_of(people[name]).post(f"/deployments/{deployment.pk}/copy/")
    assert answer.status_code == (302 if name in {"alice", "bob", "carol"} else 403)
    assert Deployment.objects.filter(copied_from=deployment).count() == (answer.status_code == 302)


@pytest.mark.parametrize("name", PEOPLE)
def test_cancelling_what_waits_is_for_operators_and_the_author(name, people, client_of, deployment_in):
    deployment = deployment_in("submitted")
    answer = post(client_of(people[name]), deployment, "cancel", seen=deployment.submission.pk)
    assert answer.status_code == (302 if name in {"alice", "olga"} else 403)
    outcome = Submission.objects.get(deployment=deployment).outcome
    assert outcome == ("cancelled" if answer.status_code == 302 else "waiting")


@pytest.mark.parametrize("verb", ["send-again", "give-up"])
@pytest.mark.parametrize("name", PEOPLE)
def test_what_was_lost_is_decided_by_operators_alone(name, verb, people, client_of, deployment_in):
    deployment = deployment_in("submitted")
    Submission.objects.filter(deployment=deployment).update(
        outcome="unknown", needs_person=True, reason="Nothing was found.", next_action_at=None
    )
    answer = post(client_of(people[name]), deployment, verb, seen=deployment.submission.pk)
    assert answer.status_code == (302 if name == "olga" else 403)
    row = Submission.objects.get(deployment=deployment)
    if name == "olga":
        assert row.outcome == ("waiting" if verb == "send-again" else "given_up")
        assert not row.needs_person
    else:
        assert (row.outcome, row.needs_person) == ("unknown", True)


def test_a_stranger_is_sent_to_the_login(client, deployment_in):
    deployment = deployment_in("in_review")
    for address in ["", "status/", "timeline/", "versions/1/", f"compare/{deployment.pk}/"]:
        answer = client.get(f"/deployments/{deployment.pk}/{address}")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
    assert client.post(f"/deployments/{deployment.pk}/approve/", {"seen": 1}).status_code == 302
    deployment.refresh_from_db()
    assert deployment.state == "in_review"


def test_somebody_without_a_role_sees_nothing(client_of, deployment_in):
    from tests.factories import PersonFactory

    deployment = deployment_in("in_review")
    client = client_of(PersonFactory(username="nobody"))
    for address in ["", "status/", "timeline/", "versions/1/", f"compare/{deployment.pk}/"]:
        assert client.get(f"/deployments/{deployment.pk}/{address}").status_code == 403
    assert client.get("/reviews/").status_code == 403
    assert post(client, deployment, "approve").status_code == 403


def test_a_form_without_its_token_changes_nothing(bob, deployment_in):
    from django.test import Client

    deployment = deployment_in("in_review")
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert post(client, deployment, "approve").status_code == 403
    deployment.refresh_from_db()
    assert deployment.state == "in_review"
