"""Digits no number is written with, and more of them than any number has: a sentence or 404, never a crash."""

import pytest

from tests import factories
from tests.web.form_reading import form_of

MANY = "0" * 5_000  # more than Python reads as one number


@pytest.mark.parametrize("digits", ["²", "٣", MANY])
@pytest.mark.parametrize(
    ("button", "value"),
    [
        ("as_text", "config-{}-model_id"),
        ("as_text", "config-0-envs-{}-key"),
        ("as_text", "config-{}-additional_properties-max_surge"),
        ("remove-item", "service_secrets-{}"),
    ],
)
def test_a_button_with_odd_digits_means_nothing(client_of, alice, draft_of, dev, button, value, digits):
    dev.edition = "otc-2025"
    dev.save()
    body = factories.real_time_body(factories.entry("m1", 100, envs={"A": 1}), service_secrets=[{"secretId": "a"}])
    deployment = draft_of(body, target=dev)
    client = client_of(alice)
    form = form_of(client.get(f"/deployments/{deployment.pk}/edit/"))
    answer = client.post(f"/deployments/{deployment.pk}/edit/rows/", form | {button: value.format(digits)})
    assert answer.status_code == 422


@pytest.mark.parametrize("digits", ["²", "٣", MANY, "1" * 5_000])
@pytest.mark.parametrize(
    "address",
    [
        "/audit/?after={}",
        "/deployments/?after={}",
        "/deployments/?q={}",
        "/deployments/?look={}",
        "/deployments/new/?of={}",
        "/deployments/compare/?a={}&b=1",
        "/reviews/?after={}",
        "/sending/?after={}",
        "/targets/enquiries/{}/",
        "/deployments/{n}/events/?before={}",
        "/deployments/{n}/payload.json?version={}",
        "/deployments/{n}/compare/{}/",
        "/deployments/{n}/timeline/?before={}",
        "/deployments/{n}/status/?state=draft&newest={}&panel=draft",
    ],
)
def test_a_page_with_odd_digits_answers(client_of, alice, draft_of, address, digits):
    deployment = draft_of()
    address = address.replace("{n}", str(deployment.pk)).replace("{}", digits)
    answer = client_of(alice).get(address, headers={"HX-Request": "true"})
    assert answer.status_code in (200, 204, 302, 404, 422)
