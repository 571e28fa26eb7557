"""The newer fields in a real browser: saved while somebody types, boxes by keyboard, one more secret."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import factories
from tests.browser.drafts import is_saved, saved
from tests.domain.bodies_2025 import everything

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = "[name='additional_properties-smn_notification-events']"


@pytest.fixture
def newer(dev):
    dev.edition = "otc-2025"
    dev.save()
    return dev


def test_newer_fields_are_saved_while_somebody_types(at, draft_of, newer, console):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    page.locator("#more > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#priority").focus()
    page.keyboard.press("2")
    page.locator(f"{EVENTS}[value='3']").focus()
    page.keyboard.press("Space")
    page.locator(f"{EVENTS}[value='11']").focus()
    page.keyboard.press("Space")
    page.locator("#service_secrets-0-secretId").focus()
    page.keyboard.type("secret-1")
    expect(page.locator("#service_secrets-0-mouthPath-problems")).to_contain_text("Say where the secret is mounted.")
    page.keyboard.press("Tab")
    page.keyboard.type("/one")
    expect(page.locator("#service_secrets-0-mouthPath-problems")).to_be_empty()
    page.get_by_role("button", name=re.compile("Add another.*Mounted secrets")).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#service_secrets-1-secretId")).to_be_focused()
    expect(page.locator("#body-text")).to_contain_text('"mouthPath": "/one"')
    is_saved(page)
    body = saved(deployment)
    assert body["priority"] == 2
    assert body["additional_properties"] == {"smn_notification": {"events": [3, 11]}}
    assert body["service_secrets"] == [{"secretId": "secret-1", "mouthPath": "/one"}]
    assert console == []


def test_a_problem_of_a_model_opens_its_settings(at, draft_of, newer, console):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    page.locator("#config-0-more > summary").click()
    box = page.locator("#config-0-additional_properties-log_volume")
    box.fill('[{"host_path": "/var/log/x", "mount_path": "/logs"}]')
    expect(page.locator(f"#{box.get_attribute('id')}-problems")).to_contain_text("They need one.")
    expect(box).to_have_attribute("aria-invalid", "true")
    page.locator("#config-0-more > summary").click()
    page.locator("#summary a", has_text="log volumes").click()
    expect(box).to_be_focused()
    page.locator("#pool_name").fill("pool-a")
    expect(page.locator("#why-not")).to_have_text("Nothing stands in the way.")
    is_saved(page)
    assert saved(deployment)["pool_name"] == "pool-a"
    assert console == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_newer_fields_can_be_read_by_everybody(at, page, draft_of, newer, console, scheme):
    page.emulate_media(color_scheme=scheme)
    at(draft_of(everything()))
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for place in ("#more", "#config-0-more"):
        found = Axe().run(page, context=place, options=rules)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 800})
    sideways = "place => { const box = document.querySelector(place); return box.scrollWidth - box.clientWidth }"
    assert [page.evaluate(sideways, place) for place in ("#more", "#config-0-more")] == [0, 0]
    assert console == []
