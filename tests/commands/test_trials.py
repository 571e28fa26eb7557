"""The commands `rehearse` and `seed_history`, for trials of the sender and of scale."""

import json

import pytest
from django.core.management.base import CommandError

from deployer.models import Decision, Deployment, Event, Person, Service, Submission, Target, Version
from deployer.workflow import history
from tests.commands.calling import said

pytestmark = pytest.mark.django_db


def test_a_drill_goes_through_the_real_verbs(people, prod):
    numbers = json.loads(said("rehearse", "--deployments", "3", "--target", "prod"))
    assert numbers == list(Deployment.objects.order_by("number").values_list("number", flat=True))
    assert set(Deployment.objects.values_list("state", flat=True)) == {"submitted"}
    assert len(set(Submission.objects.values_list("service_name", flat=True))) == 3
    assert Decision.objects.count() == 6


def test_a_drill_makes_the_preflights_it_needs(people, prod, at_sandbox):
    prod.preflight = "required"
    at_sandbox(prod)
    numbers = json.loads(said("rehearse", "--deployments", "2", "--target", "prod"))
    assert [one.preflights.get().verdict for one in Deployment.objects.filter(pk__in=numbers)] == ["pass", "pass"]
    assert set(Deployment.objects.values_list("state", flat=True)) == {"submitted"}


def test_a_drill_that_the_checks_stop_says_why(people, prod):
    prod.preflight, prod.secret = "required", ""
    prod.save()
    with pytest.raises(CommandError, match="prod takes no drill now. The preflight of version 1 could not look"):
        said("rehearse", "--deployments", "2", "--target", "prod")


def test_a_drill_makes_missing_people_who_cannot_log_in(dev):
    said("rehearse", "--deployments", "1", "--target", "dev")
    assert not Person.objects.get(username="alice").has_usable_password()


def test_a_drill_runs_only_where_local_targets_are_allowed(people, dev, settings):
    settings.ALLOW_LOCAL_TARGETS = False
    with pytest.raises(CommandError, match="DEPLOYER_ALLOW_LOCAL_TARGETS"):
        said("rehearse", "--deployments", "1", "--target", "dev")


def test_a_drill_needs_a_target(people):
    with pytest.raises(CommandError, match="no target named"):
        said("rehearse", "--deployments", "1", "--target", "nowhere")


def test_a_past_is_whole_and_its_chain_holds(people, dev, prod):
    said("seed_history", "--deployments", "300")
    assert Deployment.objects.count() == 300
    assert history.verify() == Event.objects.count()
    assert set(Deployment.objects.values_list("state", flat=True)) >= {"draft", "in_review", "submitted", "closed"}
    assert set(Submission.objects.values_list("outcome", flat=True)) >= {"accepted", "refused"}
    assert Version.objects.filter(number=2).exists()


def test_nothing_of_the_past_is_ever_due(people, dev):
    said("seed_history", "--deployments", "200")
    assert Submission.objects.open().count() == 0
    assert Service.objects.filter(next_look_at__isnull=False).count() == 0


def test_nobody_signed_their_own_work_in_the_past(people, dev, prod):
    said("seed_history", "--deployments", "200")
    for decision in Decision.objects.select_related("version__deployment"):
        assert decision.person not in decision.version.deployment.editors.all()


def test_the_past_is_valid_by_the_rule_book(people, dev):
    from deployer.domain import draft as drafts
    from deployer.domain import payload as payloads
    from deployer.domain.problems import blocks
    from deployer.workflow import review

    said("seed_history", "--deployments", "100")
    for version in Version.objects.select_related("deployment__target"):
        checked = review.check(version.deployment, drafts.loads(version.draft))
        assert not blocks(checked.problems), checked.problems
        assert checked.payload == version.payload
        assert payloads.fingerprint(version.payload) == version.fingerprint


def told() -> list[tuple]:
    facts = ("number", "action", "deployment_id", "by_key", "at", "comment", "data")
    return list(Event.objects.exclude(deployment=None).order_by("number").values_list(*facts))


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_tells_the_same_past():
    from deployer.rehearsal.past import writing

    first, second = [], []
    wipe()
    for found in (first, second):
        writing.seed(60, 7)
        found += [*told(), *Version.objects.order_by("pk").values_list("draft", "payload", "created_at")]
        wipe()
    assert first == second


def wipe() -> None:
    """As new: the rows and the counters of their keys."""
    from django.core.management import call_command
    from django.db import connection

    from deployer.models import guards

    guards.lower_guards(connection)
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)


def test_a_second_past_goes_on_after_the_first(people, dev):
    said("seed_history", "--deployments", "40")
    said("seed_history", "--deployments", "40")
    assert Deployment.objects.count() == 80
    assert isinstance(history.verify(), int)


def test_without_people_and_targets_it_makes_some_that_cannot_be_used(db):
    said("seed_history", "--deployments", "20")
    assert not Person.objects.filter(is_active=True).exists()
    assert Target.objects.get().secret == ""
