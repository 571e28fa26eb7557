"""Refused credentials are not tried again and again: IAM locks an account after five wrong passwords."""

import pytest
from django.core.cache import cache

from deployer.models import Preflight, Submission
from deployer.worker import clouds, facts
from deployer.worker.preflight import preflight
from deployer.worker.refusals import RefusedLately
from deployer.worker.send import send
from deployer.workflow import review
from tests.cloud_troubles import good, in_vpc

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong(here):
    here.secret = "wrong"
    here.save()
    return here


def logins(cloud) -> int:
    return cloud.count("POST", "/auth/tokens")


def test_a_preflight_with_a_wrong_password_is_one_login(cloud, wrong, draft_of, alice):
    review.ask_review(draft_of(in_vpc(), target=wrong), seen=1, by=alice)
    row = Preflight.objects.latest("pk")
    assert preflight(row.pk, "tester:1")
    row.refresh_from_db()
    assert (logins(cloud), row.verdict) == (1, "failed")


def test_a_line_with_a_wrong_password_is_one_login_and_a_persons_case(cloud, here, deployment_in):
    rows = [deployment_in("submitted", target=here, body=good(service_name=f"n{i}")).submission for i in range(6)]
    here.refresh_from_db()
    here.secret = "wrong"
    here.save()
    for row in rows:
        assert send(row.pk, "tester:1")
        clouds.forget()  # as another process would: it has no client, and remembers nothing itself
    assert logins(cloud) == 1
    assert {(row.outcome, row.needs_person) for row in Submission.objects.all()} == {("waiting", True)}
    assert all("does not accept" in row.reason for row in Submission.objects.all())


def test_other_credentials_are_tried_at_once(cloud, wrong):
    right = type(wrong).objects.get(pk=wrong.pk)
    for _ in range(2):
        with pytest.raises(clouds.LoginRefused), clouds.looking_at(wrong) as client:
            client.login()
    right.secret = "other"
    with pytest.raises(clouds.LoginRefused) as raised, clouds.looking_at(right) as client:
        client.login()
    assert not isinstance(raised.value, RefusedLately)
    assert logins(cloud) == 2


def test_after_a_while_they_are_tried_again(cloud, wrong):
    for _ in range(2):
        with pytest.raises(clouds.LoginRefused), clouds.looking_at(wrong) as client:
            client.login()
        cache.clear()
        clouds.forget()
    assert logins(cloud) == 2


def test_the_memory_tells_nothing_of_the_password(wrong, monkeypatch):
    kept = {}
    monkeypatch.setattr(cache, "set", lambda key, value, **_: kept.update({key: value}))
    with pytest.raises(clouds.LoginRefused), clouds.looking_at(wrong) as client:
        client.login()
    assert kept
    assert clouds.mark_of(wrong) not in str(kept)
    assert "wrong" not in str(kept).replace("wrong password", "")


def test_a_host_of_networks_that_refuses_us_spoils_no_other_answer(cloud, here):
    cloud.next_time("401", match="GET /v1/*/vpcs", times=50)
    cloud.next_time("401", match="GET /v1/*/subnets", times=50)
    found = facts.gather(here, in_vpc(), clouds.of(here), seconds=5)
    assert isinstance(found.vpcs, facts.Unknown)
    assert isinstance(found.subnets, facts.Unknown)
    assert found.models
