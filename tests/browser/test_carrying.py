"""The body is taken along by keyboard alone: copied in a format, or a sentence says why there is nothing yet."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import entry, real_time_body

pytestmark = pytest.mark.django_db(transaction=True)


def press_in_menu(page: Page, name: str) -> None:
    page.get_by_role("button", name="Copy or download").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_a_format_is_copied(context: BrowserContext, page: Page, live_server, log_in, alice, draft_of):
    deployment = draft_of(real_time_body(service_name="mnist"))
    log_in(context, alice)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/")
    press_in_menu(page, "Copy as Terraform")
    expect(page.locator("#toasts")).to_contain_text("Copied.")
    expect(page.get_by_role("button", name="Copy as Terraform")).to_be_hidden()
    assert 'resource "huaweicloud_modelarts_service" "mnist" {' in page.evaluate("navigator.clipboard.readText()")


def test_what_blocks_is_said_in_place(context: BrowserContext, page: Page, live_server, log_in, alice, draft_of):
    deployment = draft_of(real_time_body(entry(weight=90)))
    log_in(context, alice)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/edit/")
    press_in_menu(page, "Copy as curl")
    expect(page.locator("#toasts")).to_contain_text("Nothing to copy yet. The weights add up to 90.")
    page.get_by_role("button", name="Copy or download").click()
    page.get_by_role("link", name="Download curl").click()
    expect(page.get_by_role("heading", name="There is nothing to take along yet")).to_be_visible()
    expect(page.get_by_role("link", name="To the deployment")).to_be_visible()
