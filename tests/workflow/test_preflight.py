"""Asking for preflights, what an approval waits for, and reports that come too late."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.domain.preflight import Result
from deployer.models import Event, Preflight
from deployer.workflow import drafting, preflight, review, submission
from deployer.workflow import targets as target_verbs
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed
from tests.factories import entry, preflight_passed, real_time_body

pytestmark = pytest.mark.django_db

WARNS = Result("versions", "config", "warn", "Different models share the traffic.")
BLOCKS = Result("flavor", "config[0].specification", "block", "gpu.p4 is sold out.", "Choose another.")


@pytest.fixture
def required(dev):
    dev.preflight = "required"
    dev.save()
    return dev


@pytest.fixture
def asked(draft_of, alice):
    def ask(target):
        deployment = draft_of(target=target)
        return review.ask_review(deployment, seen=1, by=alice)

    return ask


def claimed(deployment) -> Preflight:
    row = preflight.claim(preflight.newest(deployment).pk, seconds=60)
    assert row
    return row


def approve(deployment, by):
    return review.decide(deployment, "approve", seen=deployment.version_number, by=by)


def edited(deployment, by, text):
    doc = drafts.loads(deployment.draft)
    doc["fields"]["description"] = text
    return drafting.save(deployment, doc, revision=deployment.revision, by=by).deployment


def test_asking_for_review_queues_a_run_and_waits_for_none(asked, dev, alice):
    heard = []
    listen = lambda sender, preflight, **_: heard.append((preflight.pk, transaction.get_connection().in_atomic_block))  # noqa: E731
    submission.became_due.connect(listen, sender=Preflight)
    try:
        deployment = asked(dev)
    finally:
        submission.became_due.disconnect(listen, sender=Preflight)
    row = Preflight.objects.get()
    version = deployment.versions.get()
    assert heard == [(row.pk, True)]
    assert (row.version, row.fingerprint, row.payload) == (version, version.fingerprint, version.payload)
    assert (row.asked_by, row.target_fingerprint, row.verdict) == (alice, dev.fingerprint, "")
    assert row.next_action_at <= timezone.now()


def test_where_it_advises_an_approval_waits_for_nothing(asked, dev, bob):
    assert approve(asked(dev), bob).state == "approved"


@pytest.mark.parametrize("found", [[], [WARNS]])
def test_where_it_is_required_a_pass_opens_the_approval_warnings_or_not(found, asked, required, bob):
    deployment = asked(required)
    with pytest.raises(MovedOn, match=r"^The preflight of version 1 is still running\.$"):
        approve(deployment, bob)
    preflight_passed(deployment, *found)
    assert approve(deployment, bob).state == "approved"


def test_what_blocks_is_told_with_its_number_and_the_first_in_full(asked, required, bob):
    deployment = asked(required)
    preflight_passed(deployment, BLOCKS, WARNS)
    with pytest.raises(MovedOn, match="version 1 found a blocking problem: gpu.p4 is sold out"):
        approve(deployment, bob)
    assert review.decide(deployment, "request_changes", seen=1, by=bob, comment="Another flavor.").state


def test_a_run_that_could_not_look_does_not_open_it(asked, required, bob):
    deployment = asked(required)
    assert preflight.give_up(claimed(deployment), "The name of the endpoint is not known here.")
    with pytest.raises(MovedOn, match="could not look at the cloud. The name of the endpoint"):
        approve(deployment, bob)
    preflight.ask(deployment, by=bob)
    preflight_passed(deployment)
    assert approve(deployment, bob).state == "approved"


def test_an_old_pass_asks_for_a_fresh_one(asked, required, bob, settings):
    deployment = asked(required)
    preflight_passed(deployment)
    with (
        time_machine.travel(timezone.now() + timedelta(seconds=settings.PREFLIGHT_FRESH + 1), tick=False),
        pytest.raises(MovedOn, match="too old to count. Run it again"),
    ):
        approve(deployment, bob)


def test_a_pass_for_the_target_as_it_was_does_not_count(asked, required, bob):
    deployment = asked(required)
    preflight_passed(deployment)
    target_verbs.save("dev", approval_hours=12)
    with pytest.raises(MovedOn, match="older than the target's present settings"):
        approve(deployment, bob)


def test_a_new_version_needs_its_own_run(asked, required, alice, bob):
    deployment = asked(required)
    preflight_passed(deployment)
    deployment = edited(deployment, alice, "another text")
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    with pytest.raises(MovedOn, match="version 2 is still running"):
        approve(deployment, bob)


def test_without_any_run_it_says_so(asked, required, bob):
    deployment = asked(required)
    Preflight.objects.all().delete()
    with pytest.raises(MovedOn, match="version 1 has not run. Run it first"):
        approve(deployment, bob)


def test_its_end_is_in_the_chain_for_versions_alone(asked, dev, draft_of, alice):
    deployment = asked(dev)
    preflight_passed(deployment, BLOCKS, WARNS)
    event = Event.objects.get(action="preflight_finished")
    assert (event.by_key, event.deployment_id) == ("", deployment.pk)
    facts = event.facts
    assert (facts["version"], facts["verdict"], facts["block"], facts["warn"], facts["pass"]) == (1, "block", 1, 1, 0)
    draft = draft_of()
    preflight.ask(draft, by=alice)
    preflight_passed(draft)
    assert Event.objects.filter(action="preflight_finished").count() == 1


def test_a_draft_is_checked_as_it_stands(draft_of, alice):
    draft = edited(draft_of(), alice, "typed")
    row = preflight.ask(draft, by=alice)
    assert (row.version, row.revision) == (None, 2)
    assert '"description":"typed"' in row.payload


def test_a_draft_that_the_rule_book_blocks_has_no_request_to_check(draft_of, alice):
    with pytest.raises(HasProblems) as raised:
        preflight.ask(draft_of(real_time_body(entry(weight=90))), by=alice)
    assert [problem.path for problem in raised.value.problems] == ["config"]
    assert not Preflight.objects.exists()


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "olga"])
def test_authors_approvers_and_operators_run_it_again(name, asked, dev, people):
    deployment = asked(dev)
    preflight_passed(deployment)
    assert preflight.ask(deployment, by=people[name]).version.number == 1


@pytest.mark.parametrize("name", ["victor", "root"])
def test_others_only_look(name, asked, dev, people):
    with pytest.raises(NotAllowed, match="authors, approvers and operators"):
        preflight.ask(asked(dev), by=people[name])


@pytest.mark.parametrize("state", ["withdrawn", "rejected"])
def test_what_is_closed_is_not_checked_any_more(state, deployment_in, alice):
    with pytest.raises(MovedOn, match="nothing left to check"):
        preflight.ask(deployment_in(state), by=alice)


def test_a_new_ask_takes_the_place_of_an_open_one(asked, dev, alice):
    deployment = asked(dev)
    first = claimed(deployment)
    second = preflight.ask(deployment, by=alice)
    assert not preflight.finish(first, [WARNS])
    assert [row.pk for row in Preflight.objects.all()] == [second.pk]
    assert not Event.objects.filter(action="preflight_finished").exists()


def test_one_worker_has_it_at_a_time(asked, dev):
    deployment = asked(dev)
    row = claimed(deployment)
    assert preflight.claim(row.pk, seconds=60) is None
    Preflight.objects.update(next_action_at=timezone.now())  # its lease is over
    other = preflight.claim(row.pk, seconds=60)
    assert other
    assert not preflight.finish(row, [])
    assert preflight.finish(other, [])


def test_put_off_it_is_due_later_with_the_reason(asked, dev):
    row = claimed(asked(dev))
    preflight.put_off(row, reason="The cloud is in trouble (HTTP 503).", seconds=5)
    row.refresh_from_db()
    assert (row.tries, row.lease, row.finished_at) == (1, "", None)
    assert row.reason.startswith("The cloud is in trouble")
    assert not Preflight.objects.due().exists()


def test_runs_over_drafts_do_not_pile_up(draft_of, alice):
    draft = draft_of()
    for _ in range(preflight.KEPT + 5):
        preflight.ask(draft, by=alice)
        preflight_passed(draft)
    assert draft.preflights.count() == preflight.KEPT


@pytest.fixture
def came_back(asked, required, bob, olga, alice):
    """Approved, sent, cancelled a month ago, and asked for again without a change."""

    def make(*found):
        deployment = asked(required)
        preflight_passed(deployment)
        deployment = approve(deployment, bob)
        if deployment.state == "approved":
            deployment = submission.submit(deployment, seen=deployment.seen, by=olga)
        deployment = submission.by_hand(deployment, "cancel", seen=deployment.submission_id, by=olga, comment="Later")
        Preflight.objects.update(finished_at=timezone.now() - timedelta(days=30))
        return review.ask_review(deployment, seen=deployment.seen, by=alice)

    return make


@pytest.mark.parametrize(("submits_itself", "state"), [(False, "approved"), (True, "submitted")])
def test_a_version_that_is_approved_already_waits_for_its_run(submits_itself, state, came_back, required):
    required.submits_itself = submits_itself
    required.save()
    deployment = came_back()
    assert (deployment.state, deployment.submission) == ("in_review", None)
    preflight_passed(deployment)
    deployment.refresh_from_db()
    assert deployment.state == state
    actions = list(Event.objects.order_by("-pk").values_list("action", flat=True)[:3])
    ends = ["submitted", "approval_complete", "preflight_finished"]
    assert actions[: 2 + submits_itself] == (ends if submits_itself else ends[1:])


def test_a_run_that_blocks_leaves_it_in_review(came_back, required):
    required.submits_itself = True
    required.save()
    deployment = came_back()
    preflight_passed(deployment, BLOCKS)
    deployment.refresh_from_db()
    assert (deployment.state, deployment.submission) == ("in_review", None)


def test_a_run_without_enough_approvals_settles_nothing(asked, required):
    deployment = asked(required)
    preflight_passed(deployment)
    deployment.refresh_from_db()
    assert deployment.state == "in_review"
