"""What would be sent, for programs and while somebody types."""

import json

import pytest
from django.urls import reverse

from deployer.domain import payload as payloads
from tests import factories
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db


def address(deployment) -> str:
    return f"/deployments/{deployment.pk}/payload.json"


def test_a_draft_gives_its_exact_body(client_of, victor, draft_of):
    body = factories.real_time_body(factories.entry(weight="100"), description="", own={"b": 1.0})
    answer = client_of(victor).get(address(draft_of(body)))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    expected = factories.real_time_body(factories.entry(weight=100), own={"b": 1})
    assert answer.content.decode() == payloads.canonical(expected)


def test_as_soon_as_one_problem_blocks_all_are_listed(client_of, alice, draft_of):
    body = factories.real_time_body(factories.entry(weight=90), own=1)
    answer = client_of(alice).get(address(draft_of(body)))
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/json")
    problems = json.loads(answer.content)
    assert list(problems) == ["problems"]
    assert {(one["path"], one["severity"]) for one in problems["problems"]} == {("config", "block"), ("own", "warn")}


def test_a_version_gives_the_bytes_that_were_signed(client_of, alice, deployment_in):
    deployment = deployment_in("in_review")
    client = client_of(alice)
    first = deployment.versions.get(number=1)
    assert client.get(address(deployment)).content.decode() == first.payload
    page = f"/deployments/{deployment.pk}/edit/"
    client.post(page, form_of(client.get(page)) | {"service_name": ""})
    assert client.get(address(deployment)).status_code == 422  # a draft again
    assert client.get(address(deployment) + "?version=1").content.decode() == first.payload


@pytest.mark.parametrize("version", ["0", "2", "x", "", "-1", "9" * 40, "1.0", "１"])
def test_an_unknown_version_is_not_found(client_of, alice, deployment_in, version):
    assert client_of(alice).get(address(deployment_in("approved")), {"version": version}).status_code == 404


def test_a_withdrawn_draft_is_still_checked(client_of, alice, draft_of):
    from deployer.workflow import review

    deployment = draft_of(factories.real_time_body(service_name=""))
    review.withdraw(deployment, seen=deployment.seen, by=alice)
    assert client_of(alice).get(address(deployment)).status_code == 422


def test_a_check_says_the_news_and_saves_nothing(client_of, alice, deployment_in):
    deployment = deployment_in("in_review")
    client = client_of(alice)
    page = f"/deployments/{deployment.pk}/edit/"
    form = form_of(client.get(page)) | {"service_name": "a b"}
    answer = client.post(reverse("compose-check", args=[deployment.pk]), form, headers={"HX-Request": "true"})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-beside="service_name"' in said
    assert "Not saved yet" in said
    assert 'name="service_name"' not in said  # no input is swapped
    deployment.refresh_from_db()
    assert (deployment.state, deployment.service_name) == ("in_review", "mnist")
