"""Into the line once, and the hands people may lay on what is there."""

import pytest
from django.db import IntegrityError, transaction

from deployer.models import Event, Submission
from deployer.workflow import review, submission
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed

pytestmark = pytest.mark.django_db


def stuck(deployment, outcome="unknown"):
    Submission.objects.filter(deployment=deployment).update(
        outcome=outcome, needs_person=True, reason="Nothing was found.", next_action_at=None
    )
    deployment.submission.refresh_from_db()
    return deployment


def test_submitting_writes_one_row_with_the_print_of_the_version(deployment_in, olga):
    deployment = submission.submit(deployment_in("approved"), seen=1, by=olga)
    row = Submission.objects.get()
    version = deployment.versions.get()
    assert (row.version, row.fingerprint, row.service_name) == (version, version.fingerprint, "mnist")
    assert (row.outcome, row.created_by, deployment.submission) == ("waiting", olga, row)
    assert Event.objects.first().action == "submitted"


def test_whoever_puts_it_in_the_line_is_heard_inside_the_transaction(deployment_in, alice):
    heard = []

    def listen(sender, submission, **_):
        heard.append((submission.pk, transaction.get_connection().in_atomic_block))

    submission.became_due.connect(listen, sender=Submission)
    try:
        deployment = submission.submit(deployment_in("approved"), seen=1, by=alice)
    finally:
        submission.became_due.disconnect(listen, sender=Submission)
    assert heard == [(deployment.submission.pk, True)]


def test_submitting_twice_makes_one_row(deployment_in, alice):
    deployment = deployment_in("approved")
    submission.submit(deployment, seen=1, by=alice)
    with pytest.raises(MovedOn, match="It is submitted now"):
        submission.submit(deployment, seen=1, by=alice)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "in_review", "changes_requested", "withdrawn", "rejected"])
def test_only_what_is_approved_is_submitted(state, deployment_in, alice):
    deployment = deployment_in(state)
    with pytest.raises(MovedOn):
        submission.submit(deployment, seen=deployment.seen, by=alice)
    assert not Submission.objects.exists()


def test_the_database_refuses_a_second_open_row_for_one_deployment(deployment_in):
    row = deployment_in("submitted").submission
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_cancelled_one_goes_back_and_keeps_its_approval(deployment_in, alice, olga):
    deployment = deployment_in("submitted")
    back = submission.by_hand(deployment, "cancel", seen=deployment.submission.pk, by=olga, comment="Not today.")
    assert back.state == "changes_requested"
    again = review.ask_review(back, seen=back.seen, by=alice)
    assert again.state == "approved"  # the print did not change, so neither did what was agreed
    assert submission.submit(again, seen=again.seen, by=alice).submission.outcome == "waiting"
    assert [row.outcome for row in Submission.objects.order_by("pk")] == ["cancelled", "waiting"]


def test_what_somebody_works_on_is_not_cancelled(deployment_in, olga):
    deployment = deployment_in("submitted")
    Submission.objects.update(lease="worker")
    deployment.submission.refresh_from_db()
    with pytest.raises(MovedOn):
        submission.by_hand(deployment, "cancel", seen=deployment.submission.pk, by=olga, comment="Stop.")


@pytest.mark.parametrize(
    ("verb", "outcome", "state"),
    [
        ("send_again", "waiting", "submitted"),
        ("give_up", "given_up", "changes_requested"),
    ],
)
def test_an_operator_decides_what_was_lost_with_a_reason(verb, outcome, state, deployment_in, olga):
    deployment = stuck(deployment_in("submitted"))
    key = deployment.submission.pk
    with pytest.raises(HasProblems):
        submission.by_hand(deployment, verb, seen=key, by=olga, comment=" ")
    fresh = submission.by_hand(deployment, verb, seen=key, by=olga, comment="Looked, nothing there.")
    row = Submission.objects.get()
    assert (row.outcome, row.needs_person, fresh.state) == (outcome, False, state)
    assert Event.objects.first().action == verb
    assert Event.objects.first().comment == "Looked, nothing there."
    with pytest.raises(MovedOn):
        submission.by_hand(deployment, verb, seen=key, by=olga, comment="Again.")


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "victor", "root"])
def test_nobody_else_decides_what_was_lost(name, people, deployment_in):
    deployment = stuck(deployment_in("submitted"))
    for verb in ("send_again", "give_up"):
        with pytest.raises(NotAllowed):
            submission.by_hand(deployment, verb, seen=deployment.submission.pk, by=people[name], comment="Go.")


def test_what_was_not_lost_is_not_decided(deployment_in, olga):
    deployment = deployment_in("submitted")
    for verb in ("send_again", "give_up"):
        with pytest.raises(MovedOn):
            submission.by_hand(deployment, verb, seen=deployment.submission.pk, by=olga, comment="Go.")


def test_what_never_left_is_sent_again_but_not_given_up(deployment_in, olga):
    deployment = stuck(deployment_in("submitted"), outcome="waiting")
    assert set(submission.hands_on(olga, deployment.submission)) == {"cancel", "send_again"}


def test_the_rule_book_of_today_is_asked_once_more(deployment_in, alice, settings):
    """Limits may have become tighter since the review; what they block is not sent."""
    from deployer.domain.problems import BLOCK, Problem
    from deployer.workflow import rulebook

    deployment = deployment_in("approved")
    real = rulebook.checking.check

    def tighter(*given, **known):
        found = real(*given, **known)
        return type(found)(**{**vars(found), "problems": [*found.problems, Problem("config", BLOCK, "Too much.")]})

    rulebook.checking.check = tighter
    try:
        with pytest.raises(HasProblems) as refused:
            submission.submit(deployment, seen=deployment.seen, by=alice)
    finally:
        rulebook.checking.check = real
    assert [problem.message for problem in refused.value.problems] == ["Too much."]
    assert not Submission.objects.exists()


def test_a_row_knows_its_project_whatever_its_target_is_called(deployment_in):
    row = deployment_in("submitted").submission
    assert row.site == row.target.site
    row.target.name, row.target.endpoint = "renamed", row.target.endpoint.upper() + "/"
    assert row.site == row.target.site
    row.target.project_id = "another"
    assert row.site != row.target.site
