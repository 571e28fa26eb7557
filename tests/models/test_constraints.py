"""Wrong states are impossible: the database itself refuses each, whoever writes it."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone

from deployer.models import CatalogList, Chain, Deployment, Submission, Target
from tests.factories import TargetFactory
from tests.models import rows

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SENDING = {"outcome": "sending", "lease": "token"}
FINAL = {"settled_at": NOW, "next_action_at": None}
OVER = {"finished_at": NOW, "next_action_at": None}


def refused(make, **facts) -> str:
    """The name of the rule that spoke."""
    with pytest.raises(IntegrityError) as spoken, transaction.atomic():
        make(**facts)
    return str(spoken.value)


# What to make, with which facts, and the rule that refuses it (None: it is taken).
CASES = [
    ("a plain draft", rows.deployment, {}, None),
    ("an unheard-of state", rows.deployment, {"state": "sleeping", "version_number": 1}, "deployment_state_is_known"),
    ("closed for no reason", rows.deployment, {"state": "closed"}, "deployment_is_closed_for_a_reason"),
    ("closed as nonsense", rows.deployment, {"state": "closed", "closed_as": "x"}, "deployment_is_closed_for_a_reason"),
    ("open with a reason", rows.deployment, {"closed_as": "withdrawn"}, "deployment_is_closed_for_a_reason"),
    ("closed as withdrawn", rows.deployment, {"state": "closed", "closed_as": "withdrawn"}, None),
    ("closed as rejected", rows.deployment, {"state": "closed", "closed_as": "rejected"}, None),
    ("closed as expired", rows.deployment, {"state": "closed", "closed_as": "expired"}, None),
    ("in review without a version", rows.deployment, {"state": "in_review"}, "deployment_in_review_has_a_version"),
    ("approved without a version", rows.deployment, {"state": "approved"}, "deployment_in_review_has_a_version"),
    (
        "in review, never asked",
        rows.deployment,
        {"state": "in_review", "version_number": 1},
        "deployment_in_review_was_asked",
    ),
    (
        "in review with one",
        rows.deployment,
        {"state": "in_review", "version_number": 1, "asked_at": "2026-11-02T09:00Z"},
        None,
    ),
    (
        "submitted without a submission",
        rows.deployment,
        {"state": "submitted", "version_number": 1},
        "deployment_submitted_has_a_submission",
    ),
    ("version nought", rows.version, {"number": 0}, "version_starts_at_one"),
    ("an unheard-of verdict", rows.decision, {"verdict": "maybe", "comment": "x"}, "decision_verdict_is_known"),
    ("a rejection without a word", rows.decision, {"verdict": "reject"}, "decision_against_says_why"),
    ("changes wanted without a word", rows.decision, {"verdict": "request_changes"}, "decision_against_says_why"),
    ("an approval without a word", rows.decision, {}, None),
    ("a target without approvals", TargetFactory, {"name": "x", "approvals": 0}, "target_asks_for_an_approval"),
    ("a login without a user", TargetFactory, {"name": "x", "username": ""}, "target_login_is_whole"),
    ("a login without a domain", TargetFactory, {"name": "x", "domain_name": ""}, "target_login_is_whole"),
    ("keys without a key", TargetFactory, {"name": "x", "login": "keys"}, "target_login_is_whole"),
    ("an unheard-of login", TargetFactory, {"name": "x", "login": "smile"}, "target_login_is_whole"),
    ("keys with a key", TargetFactory, {"name": "x", "login": "keys", "access_key": "AK"}, None),
    (
        "a target that lets none through",
        TargetFactory,
        {"name": "x", "most_calls": 0},
        "target_lets_one_call_through",
    ),
    ("waiting", rows.submission, {}, None),
    ("waiting for nothing", rows.submission, {"next_action_at": None}, "submission_in_line_has_a_next_step"),
    (
        "unknown for nothing",
        rows.submission,
        {"outcome": "unknown", "next_action_at": None},
        "submission_in_line_has_a_next_step",
    ),
    (
        "unknown for a person",
        rows.submission,
        {"outcome": "unknown", "next_action_at": None, "needs_person": True, "reason": "Nothing found."},
        None,
    ),
    ("for a person, without why", rows.submission, {"needs_person": True}, "submission_needs_a_person_for_a_reason"),
    ("sending by nobody", rows.submission, {"outcome": "sending"}, "submission_sending_is_leased"),
    ("sending", rows.submission, SENDING, None),
    (
        "accepted as an empty id",
        rows.submission,
        {"outcome": "accepted", "service_id": "", **FINAL},
        "submission_accepted_knows_its_service",
    ),
    (
        "accepted as nothing",
        rows.submission,
        {"outcome": "accepted", **FINAL},
        "submission_accepted_knows_its_service",
    ),
    ("accepted", rows.submission, {"outcome": "accepted", "service_id": "s", **FINAL}, None),
    ("refused at no time", rows.submission, {"outcome": "refused"}, "submission_final_is_settled"),
    ("cancelled at no time", rows.submission, {"outcome": "cancelled"}, "submission_final_is_settled"),
    ("refused", rows.submission, {"outcome": "refused", **FINAL}, None),
    ("a run that is open", rows.preflight, {}, None),
    ("a run with a verdict", rows.preflight, {"verdict": "pass", **OVER}, None),
    ("a run over without a verdict", rows.preflight, {**OVER}, "preflight_is_open_or_has_a_verdict"),
    ("a verdict while it is open", rows.preflight, {"verdict": "pass"}, "preflight_is_open_or_has_a_verdict"),
    (
        "a run over and due",
        rows.preflight,
        {"verdict": "pass", "finished_at": NOW},
        "preflight_is_open_or_has_a_verdict",
    ),
    ("event nought", rows.event, {"number": 0}, "event_starts_at_one"),
    ("an offer", rows.offer, {}, None),
    ("an offer of an unheard-of kind", rows.offer, {"kind": "star"}, "offer_kind_is_known"),
    ("a question", rows.enquiry, {}, None),
    (
        "an answer that keeps its question",
        rows.enquiry,
        {"answered_at": NOW, "next_action_at": None},
        "enquiry_answered_keeps_no_secret",
    ),
    (
        "an answer that is still due",
        rows.enquiry,
        {"answered_at": NOW, "question": ""},
        "enquiry_answered_keeps_no_secret",
    ),
    ("an answer", rows.enquiry, {"answered_at": NOW, "question": "", "next_action_at": None}, None),
    ("a freeze", rows.freeze, {}, None),
    ("a freeze for no reason", rows.freeze, {"reason": ""}, "freeze_has_a_reason"),
    (
        "a freeze that ends before it begins",
        rows.freeze,
        {"begun_at": NOW, "ends_at": NOW},
        "freeze_ends_after_it_began",
    ),
    ("a freeze lifted by nobody", rows.freeze, {"lifted_at": NOW}, "freeze_is_lifted_by_somebody_or_not"),
    ("a removal", rows.removal, {}, None),
    ("a removal for no reason", rows.removal, {"reason": ""}, "removal_has_a_reason"),
    ("a removal that waits for nothing", rows.removal, {"next_action_at": None}, "removal_moves_or_is_settled"),
    ("deleted at no time", rows.removal, {"outcome": "deleted", "next_action_at": None}, "removal_moves_or_is_settled"),
    ("deleted", rows.removal, {"outcome": "deleted", **FINAL}, None),
    ("a second chain", Chain.objects.create, {"id": 2}, "chain_is_one"),
]


@pytest.mark.parametrize(("make", "facts", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_database_knows_what_cannot_be(make, facts, rule):
    if rule is None:
        assert make(**facts).pk
    else:
        assert rule in refused(make, **facts)


def test_every_check_of_our_tables_has_its_case():
    from django.apps import apps
    from django.db.models import CheckConstraint

    every = {
        rule.name
        for model in apps.get_app_config("deployer").get_models()
        for rule in model._meta.constraints
        if isinstance(rule, CheckConstraint)
    }
    assert every == {case[3] for case in CASES if case[3]}


def test_numbers_within_a_parent_are_unique():
    first = rows.version()
    refused(rows.version, deployment=first.deployment)
    shared = rows.share(version=first)
    refused(rows.share, version=shared.version)
    sent = rows.attempt(submission=rows.submission(version=first))
    refused(rows.attempt, submission=sent.submission)


def test_an_offer_is_listed_once_in_its_part():
    rows.offer()
    refused(rows.offer)
    rows.offer(part="pool")
    rows.offer(target=TargetFactory(name="other"))
    of = TargetFactory()
    CatalogList.objects.create(target=of, kind="model")
    refused(CatalogList.objects.create, target=of, kind="model")


def test_a_service_is_known_once_in_each_target():
    rows.service()
    refused(rows.service)
    rows.service(target=TargetFactory(name="other"))


def test_a_service_id_belongs_to_one_submission_of_a_target():
    rows.submission(outcome="accepted", service_id="s-1", **FINAL)
    refused(rows.submission, outcome="accepted", service_id="s-1", **FINAL)
    elsewhere = rows.version(deployment=rows.deployment(target=TargetFactory(name="other")))
    refused(rows.submission, version=elsewhere, outcome="accepted", service_id="s-1", **FINAL)  # of the same project
    elsewhere = rows.version(deployment=rows.deployment(target=TargetFactory(name="third", project_id="another")))
    rows.submission(version=elsewhere, outcome="accepted", service_id="s-1", **FINAL)


@pytest.mark.parametrize("first", [SENDING, {"outcome": "unknown"}])
@pytest.mark.parametrize("second", [SENDING, {"outcome": "unknown"}])
def test_only_one_of_a_name_is_in_flight_in_a_target(first, second):
    rows.submission(**first)
    refused(rows.submission, **second)
    rows.submission(**{**second, "service_name": "another"})
    rows.submission()  # waiting in the line beside it is fine
    elsewhere = rows.version(deployment=rows.deployment(target=TargetFactory(name="other")))
    refused(rows.submission, version=elsewhere, **second)  # of the same project
    elsewhere = rows.version(deployment=rows.deployment(target=TargetFactory(name="third", project_id="another")))
    rows.submission(version=elsewhere, **second)


@pytest.mark.parametrize("outcome", ["waiting", "sending", "unknown", "accepted"])
def test_a_deployment_is_in_the_line_or_accepted_once(outcome):
    first = rows.submission()
    facts = {"lease": "t", "service_id": "s", "settled_at": NOW, "service_name": "b"}
    refused(rows.submission, version=first.version, outcome=outcome, **facts)


def test_after_a_refusal_it_may_be_sent_again():
    first = rows.submission(outcome="refused", **FINAL)
    again = rows.submission(version=first.version)
    assert Submission.objects.open().get() == again


def test_names_of_targets_are_unique():
    TargetFactory(name="dev")
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(name="dev", username="u", domain_name="d")


def test_a_service_is_removed_once_at_a_time():
    first = rows.removal(outcome="deleting")
    refused(rows.removal, submission=first.submission, service=first.service)
    rows.removal(submission=first.submission, service=first.service, outcome="refused", **FINAL)


def test_an_event_of_the_cloud_is_copied_once():
    first = rows.cloud_event()
    refused(rows.cloud_event, service=first.service)
    rows.cloud_event(service=first.service, mark="f" * 64)


def test_a_hash_stands_once_in_the_chain():
    first = rows.event()
    refused(rows.event, number=2, hash=first.hash)


def test_what_others_point_at_cannot_be_removed():
    one = rows.submission()
    for row in (one.deployment, one.target, one.deployment.author):
        with pytest.raises((ProtectedError, RestrictedError)):
            row.delete()
    assert Deployment.objects.count() == 1
