"""Asking and deciding: what counts, what turns stale, what a version is."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.models import Decision, Event, ModelShare, Submission, Version
from deployer.workflow import drafting, review, submission
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed
from deployer.workflow.standing import standing, standings
from tests.factories import entry, real_time_body

pytestmark = pytest.mark.django_db


def asked(draft_of, alice, target=None, body=None):
    return review.ask_review(draft_of(body, target=target), seen=1, by=alice)


def edited(deployment, by, **fields):
    doc = drafts.loads(deployment.draft)
    doc["fields"] |= fields
    return drafting.save(deployment, doc, revision=deployment.revision, by=by).deployment


def approved_by(deployment, *persons):
    for person in persons:
        deployment = review.decide(deployment, "approve", seen=deployment.seen, by=person)
    return deployment


def test_a_version_keeps_the_bytes_the_print_and_the_models(draft_of, alice):
    body = real_time_body(entry("a", "70"), entry("b", 30), description="")
    deployment = asked(draft_of, alice, body=body)
    version = deployment.versions.get()
    assert version.fingerprint == payloads.fingerprint(version.payload)
    assert '"description"' not in version.payload
    assert '"weight":70' in version.payload
    assert version.target_fingerprint == deployment.target.fingerprint
    assert list(version.editors.all()) == [alice]
    shares = ModelShare.objects.filter(version=version)
    assert [(one.model_id, one.weight) for one in shares] == [("a", 70), ("b", 30)]


def test_a_draft_with_problems_is_not_asked_and_all_of_them_are_named(draft_of, alice):
    deployment = draft_of({"infer_type": "real-time", "config": [entry(weight=90)]})
    with pytest.raises(HasProblems) as raised:
        review.ask_review(deployment, seen=1, by=alice)
    assert [problem.path for problem in raised.value.problems] == ["service_name", "config"]
    assert not Version.objects.exists()


def test_asking_again_without_a_change_makes_no_new_version_and_keeps_the_approval(deployment_in, alice, olga):
    deployment = deployment_in("submitted")
    deployment = submission.by_hand(deployment, "cancel", seen=deployment.submission.pk, by=olga, comment="Later")
    again = review.ask_review(deployment, seen=deployment.seen, by=alice)
    assert (again.version_number, again.versions.count()) == (1, 1)
    assert again.state == "approved"  # the text is the one that was approved


def test_a_text_that_came_back_is_a_new_version_and_asks_again(deployment_in, alice, dev):
    deployment = deployment_in("approved")
    there = edited(deployment, alice, description="x")
    back = edited(there, alice, description="")
    assert review.ask_review(back, seen=back.seen, by=alice).state == "in_review"


def test_where_approvals_revive_the_same_text_needs_no_new_one(deployment_in, alice, dev):
    dev.revives = True
    dev.save()
    deployment = deployment_in("approved")
    there = edited(deployment, alice, description="x")
    assert review.ask_review(there, seen=there.seen, by=alice).state == "in_review"
    there.refresh_from_db()
    back = edited(there, alice, description="")
    again = review.ask_review(back, seen=back.seen, by=alice)
    assert (again.version_number, again.state) == (3, "approved")


def test_two_approvals_are_two_people(draft_of, alice, bob, carol, prod):
    deployment = asked(draft_of, alice, prod)
    deployment = approved_by(deployment, bob, bob)
    assert (deployment.state, standing(deployment).given) == ("in_review", 1)
    assert approved_by(deployment, carol).state == "approved"
    assert Event.objects.filter(action="approval_complete").count() == 1


def test_the_last_word_of_a_person_counts(draft_of, alice, bob, carol, prod):
    deployment = approved_by(asked(draft_of, alice, prod), bob)
    deployment = review.decide(deployment, "request_changes", seen=1, by=bob, comment="I was wrong.")
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    assert standing(deployment).given == 0
    assert approved_by(deployment, carol).state == "in_review"
    assert approved_by(deployment, bob).state == "approved"


def test_who_edits_after_approving_counts_no_more(draft_of, alice, bob, carol, prod):
    deployment = approved_by(asked(draft_of, alice, prod), bob)
    deployment = edited(deployment, bob, description="x")
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    with pytest.raises(NotAllowed, match="You edited it"):
        review.decide(deployment, "approve", seen=2, by=bob)


def test_editors_add_up_over_all_versions(draft_of, alice, bob):
    deployment = edited(draft_of(), bob, description="Bob's")
    deployment = edited(deployment, alice, description="Alice's again")  # nothing of Bob is left
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    with pytest.raises(NotAllowed):
        review.decide(deployment, "approve", seen=1, by=bob)


@pytest.mark.parametrize(
    "change",
    [{"endpoint": "http://127.0.0.1:10"}, {"project_id": "another"}, {"approvals": 2}, {"region": "elsewhere"}],
)
def test_a_change_of_the_target_makes_approvals_stale(change, deployment_in, dev, alice):
    deployment = deployment_in("approved")
    for name, value in change.items():
        setattr(dev, name, value)
    dev.save()
    deployment.refresh_from_db()
    deployment.target.refresh_from_db()
    assert standing(deployment).given == 0
    with pytest.raises(MovedOn, match="approvals count now"):
        submission.submit(deployment, seen=1, by=alice)


def test_a_new_password_of_the_target_makes_nothing_stale(deployment_in, dev, alice):
    deployment = deployment_in("approved")
    dev.secret, dev.username = "another", "somebody"
    dev.save()
    assert submission.submit(deployment, seen=1, by=alice).state == "submitted"


def test_asking_again_after_the_target_changed_makes_a_version_of_its_own(deployment_in, dev, alice, carol):
    deployment = deployment_in("approved")
    dev.project_id = "another"
    dev.save()
    deployment = review.decide(deployment, "request_changes", seen=1, by=carol, comment="Other project.")
    again = review.ask_review(deployment, seen=deployment.seen, by=alice)
    assert (again.version_number, again.state) == (2, "in_review")


def test_an_approval_lapses_where_the_target_says_so(deployment_in, dev, alice):
    dev.approval_hours = 24
    dev.save()
    deployment = deployment_in("approved")
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        assert standing(deployment).is_met
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=5)):
        assert standing(deployment).given == 0
        with pytest.raises(MovedOn):
            submission.submit(deployment, seen=1, by=alice)


def test_an_approver_who_is_none_any_more_does_not_count(deployment_in, alice, bob):
    deployment = deployment_in("approved")
    bob.groups.remove(Group.objects.get(name="approver"))
    assert standing(deployment).given == 0
    with pytest.raises(MovedOn):
        submission.submit(deployment, seen=1, by=alice)


def test_one_who_left_does_not_count(deployment_in, bob):
    deployment = deployment_in("approved")
    bob.is_active = False
    bob.save()
    assert standing(deployment).given == 0


@pytest.mark.parametrize("verdict", ["request_changes", "reject"])
@pytest.mark.parametrize("comment", ["", "  \n"])
def test_a_verdict_against_needs_a_reason(verdict, comment, deployment_in, bob):
    deployment = deployment_in("in_review")
    with pytest.raises(HasProblems):
        review.decide(deployment, verdict, seen=1, by=bob, comment=comment)
    assert not Decision.objects.exists()


def test_one_rejection_closes_it(draft_of, alice, bob, carol, prod):
    deployment = approved_by(asked(draft_of, alice, prod), bob)
    closed = review.decide(deployment, "reject", seen=1, by=carol, comment="No.")
    assert (closed.state, closed.closed_as) == ("closed", "rejected")
    with pytest.raises(MovedOn):
        review.ask_review(closed, seen=closed.seen, by=alice)


def test_an_approval_may_send_at_once(draft_of, alice, bob, dev):
    dev.submits_itself = True
    dev.save()
    deployment = approved_by(asked(draft_of, alice), bob)
    assert deployment.state == "submitted"
    row = Submission.objects.get()
    assert (row.created_by, row.outcome) == (None, "waiting")


def test_many_are_judged_in_as_many_queries_as_one(draft_of, alice, bob, prod, django_assert_num_queries):
    rows = [approved_by(asked(draft_of, alice, prod), bob) for _ in range(5)]
    one = [type(rows[0]).objects.select_related("target").prefetch_related("editors").get(pk=rows[0].pk)]
    every = list(type(rows[0]).objects.select_related("target").prefetch_related("editors"))
    with django_assert_num_queries(3):
        assert standings(one)[rows[0].pk].given == 1
    with django_assert_num_queries(3):
        assert [stand.given for stand in standings(every).values()] == [1] * 5


def test_a_second_approval_with_other_words_is_told_so(deployment_in, prod, bob):
    deployment = deployment_in("in_review", target=prod)
    for comment in ("Good.", "Good.", ""):
        review.decide(deployment, "approve", seen=1, by=bob, comment=comment)
    with pytest.raises(MovedOn, match="already"):
        review.decide(deployment, "approve", seen=1, by=bob, comment="Better than good.")
    assert list(Decision.objects.values_list("comment", flat=True)) == ["Good."]
