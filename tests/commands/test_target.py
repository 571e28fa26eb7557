"""The command `target`: where to deploy, and what changes when it changes."""

import pytest
from django.core.management.base import CommandError

from deployer.models import CatalogList, Event, Target
from tests.commands.calling import said, typed  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("typed")]

PLACES = ["--endpoint", "https://modelarts.eu-de.otc.t-systems.com/", "--iam-endpoint", "https://iam.example.com"]
WHOLE = [*PLACES, "--project-id", "5a0d80b5", "--username", "robot", "--domain", "OTC00001"]


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv("DEPLOYER_TARGET_SECRET", "planted-secret-1")


def test_a_target_is_made(secret):
    said("target", "otc", *WHOLE, "--approvals", "2")
    target = Target.objects.get(name="otc")
    assert (target.endpoint, target.region) == ("https://modelarts.eu-de.otc.t-systems.com", "eu-de")
    assert (target.login, target.approvals, target.edition) == ("password", 2, "otc-2022")
    assert target.secret == "planted-secret-1"


def test_its_secret_is_in_no_event(secret):
    said("target", "otc", *WHOLE)
    event = Event.objects.get(action="target_changed")
    assert event.facts["secret_changed"] is True
    assert "planted" not in event.data


def test_a_target_may_sign_with_keys(typed):  # noqa: F811
    typed("a-secret-key\n")
    said("target", "otc", *PLACES, "--project-id", "5a0d80b5", "--access-key", "AK1")
    target = Target.objects.get(name="otc")
    assert (target.login, target.access_key, target.username) == ("keys", "AK1", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (PLACES, "--project-id"),
        ([*PLACES, "--project-id", "5a"], "--username and --domain, or --access-key"),
        ([*PLACES, "--project-id", "5a", "--username", "robot"], "user and domain"),
        ([*WHOLE, "--approvals", "0"], "At least 1 approval"),
        ([*WHOLE, "--edition", "otc-1999"], "no edition"),
        ([*WHOLE, "--project-id", "../5a"], "letters, digits and -"),
        ([*WHOLE, "--endpoint", "ftp://modelarts.example.com"], "--endpoint"),
        ([*WHOLE, "--iam-endpoint", "https://user:pw@iam.example.com"], "--iam-endpoint"),
        ([*WHOLE, "--endpoint", "https://169.254.169.254"], "never called"),
        ([*WHOLE, "--vpc-endpoint", "vpc.example.com"], "--vpc-endpoint"),
    ],
)
def test_nonsense_is_explained(secret, arguments, words):
    with pytest.raises(CommandError, match=words):
        said("target", "otc", *arguments)
    assert not Target.objects.exists()


def test_a_local_target_needs_leave(secret, settings):
    local = [*WHOLE, "--endpoint", "http://127.0.0.1:8100", "--iam-endpoint", "http://127.0.0.1:8100"]
    settings.ALLOW_LOCAL_TARGETS = False
    with pytest.raises(CommandError):
        said("target", "otc", *local)
    settings.ALLOW_LOCAL_TARGETS = True
    said("target", "otc", *local)


def test_a_target_names_its_region_its_networks_and_how_much_a_preflight_counts(secret):
    networks = ["--vpc-endpoint", "https://vpc.example.com/", "--region", "eu-nl", "--preflight", "required"]
    said("target", "otc", *WHOLE, *networks)
    target = Target.objects.get(name="otc")
    assert (target.vpc_endpoint, target.region, target.preflight) == ("https://vpc.example.com", "eu-nl", "required")
    said("target", "otc", "--vpc-endpoint", "")
    assert Target.objects.get(name="otc").network_endpoint == "https://vpc.eu-de.otc.t-systems.com"


def test_only_hosts_that_are_allowed_may_be_targets(secret, settings):
    settings.ALLOWED_CLOUD_HOSTS = ["*.otc.t-systems.com"]
    with pytest.raises(CommandError, match="iam.example.com is not among the hosts"):
        said("target", "otc", *WHOLE)


def test_temporary_keys_bring_their_token_from_the_environment(secret, monkeypatch):
    monkeypatch.setenv("DEPLOYER_TARGET_SECURITY_TOKEN", "planted-token-2")
    said("target", "otc", *PLACES, "--project-id", "5a0d80b5", "--access-key", "AK1")
    assert Target.objects.get(name="otc").security_token == "planted-token-2"
    assert "planted" not in Event.objects.get(action="target_changed").data


def test_the_catalog_of_a_new_target_is_due_at_once(secret):
    said("target", "otc", *WHOLE)
    assert CatalogList.objects.due().filter(target__name="otc").count() == 7


def test_a_name_is_a_word(secret):
    with pytest.raises(CommandError, match="letters, digits"):
        said("target", "o t c", *WHOLE)


def test_without_a_secret_nothing_is_made():
    with pytest.raises(CommandError, match="secret is missing"):
        said("target", "otc", *WHOLE)


def test_what_is_not_given_stays(dev):
    said("target", "dev", "--quiet-seconds", "30")
    target = Target.objects.get(pk=dev.pk)
    assert (target.quiet_seconds, target.project_id, target.secret) == (30, dev.project_id, "demo")


def test_another_way_to_log_in_needs_another_secret(dev):
    with pytest.raises(CommandError, match="secret is missing"):
        said("target", "dev", "--access-key", "AK1")


def test_saying_the_same_again_changes_nothing(dev):
    assert "as it was" in said("target", "dev", "--approvals", "1")
    assert Event.objects.count() == 0


def test_a_change_of_the_policy_sends_approved_work_back_to_review(deployment_in, dev):
    deployment = deployment_in("approved")
    words = said("target", "dev", "--approvals", "2")
    deployment.refresh_from_db()
    assert deployment.state == "in_review"
    assert "1 approved deployment went back to review." in words
    assert deployment.events.filter(action="approval_stale").count() == 1


def test_a_new_password_keeps_approvals(deployment_in, dev, secret):
    deployment = deployment_in("approved")
    said("target", "dev")
    deployment.refresh_from_db()
    assert deployment.state == "approved"
    assert Target.objects.get(pk=dev.pk).secret == "planted-secret-1"
