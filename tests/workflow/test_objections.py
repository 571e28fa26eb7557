"""A request for changes is not undone by its author's asking again: the same text needs a new word from somebody."""

import pytest

from deployer.domain import draft as drafts
from deployer.models import Deployment, Submission
from deployer.workflow import drafting, review, targets
from deployer.workflow.standing import standing

pytestmark = pytest.mark.django_db


def objected(deployment, by):
    return review.decide(deployment, "request_changes", seen=deployment.seen, by=by, comment="Not like this.")


def asked(deployment, by):
    return review.ask_review(deployment, seen=deployment.seen, by=by)


def test_asking_again_without_a_change_does_not_pass_over_an_objection(deployment_in, alice, bob, carol):
    deployment = asked(objected(deployment_in("approved"), carol), alice)
    assert (deployment.version_number, deployment.state) == (1, "in_review")
    assert standing(deployment).given == 0
    deployment = review.decide(deployment, "approve", seen=1, by=bob)
    assert deployment.state == "approved"  # he has heard it, and says yes again


def test_nothing_goes_out_by_itself_over_an_objection(draft_of, alice, bob, carol, prod):
    prod.submits_itself = True
    prod.save()
    deployment = asked(draft_of(target=prod), alice)
    deployment = review.decide(deployment, "approve", seen=1, by=bob)
    deployment = asked(objected(deployment, carol), alice)
    deployment = review.decide(deployment, "approve", seen=1, by=carol)
    assert deployment.state == "in_review"
    assert not Submission.objects.exists()


def test_an_objection_to_a_text_stays_when_the_text_comes_back(deployment_in, alice, carol, dev):
    dev.revives = True
    dev.save()
    deployment = objected(deployment_in("approved"), carol)
    for words in ("x", ""):
        doc = drafts.loads(deployment.draft)
        doc["fields"]["description"] = words
        deployment = drafting.save(deployment, doc, revision=deployment.revision, by=alice).deployment
    deployment = asked(deployment, alice)
    assert deployment.state == "in_review"


def test_an_objection_to_another_text_takes_nothing(draft_of, alice, bob, carol, dev):
    dev.revives = True
    dev.save()
    deployment = review.decide(asked(draft_of(), alice), "approve", seen=1, by=bob)
    for place, words in enumerate(("x", "")):
        doc = drafts.loads(deployment.draft)
        doc["fields"]["description"] = words
        deployment = drafting.save(deployment, doc, revision=deployment.revision, by=alice).deployment
        deployment = asked(deployment, alice)
        if place == 0:
            deployment = objected(deployment, carol)
    assert deployment.state == "approved"  # she spoke of the other text


def lists_of(*people) -> list[int]:
    return [Deployment.objects.awaiting_review_by(person).count() for person in people]


def test_what_needs_a_new_word_is_on_the_lists_again(deployment_in, alice, bob, carol):
    deployment = objected(deployment_in("approved"), carol)
    assert lists_of(bob, carol) == [0, 0]
    asked(deployment, alice)
    assert lists_of(bob, carol) == [1, 1]
    review.decide(deployment, "approve", seen=1, by=bob)
    assert lists_of(bob, carol) == [0, 0]  # approved


def test_whose_approval_counts_has_it_off_the_list(draft_of, alice, bob, carol, prod):
    deployment = asked(draft_of(target=prod), alice)
    assert lists_of(alice, bob, carol) == [0, 1, 1]
    review.decide(deployment, "approve", seen=1, by=bob)
    assert lists_of(alice, bob, carol) == [0, 0, 1]


def test_what_went_back_to_review_with_its_target_is_on_the_lists_again(deployment_in, bob, carol):
    deployment_in("approved")
    targets.save("dev", region="elsewhere")
    assert lists_of(bob, carol) == [1, 1]
