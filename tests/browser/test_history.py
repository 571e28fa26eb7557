"""The list of deployments in a real browser: filters without a page load, states that move, two to compare."""

import re

import pytest
from playwright.sync_api import Page, expect

from deployer.models import Service
from tests.browser import world
from tests.factories import real_time_body

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_list(page: Page, live_server, log_in, victor) -> str:
    log_in(page.context, victor)
    return f"{live_server.url}/deployments/"


def test_filters_change_the_list_and_the_address_without_losing_what_is_typed(
    page, at_list, console, deployment_in, draft_of
):
    draft_of(real_time_body(service_name="ticket-router"))
    deployment_in("in_review", body=real_time_body(service_name="churn-score"))
    page.goto(at_list)
    expect(page.locator("tbody tr")).to_have_count(2)
    search = page.get_by_role("searchbox", name="Search name, number, model, fingerprint")
    search.press_sequentially("churn")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(search).to_be_focused()
    expect(search).to_have_value("churn")
    expect(page).to_have_url(f"{at_list}?q=churn")
    page.locator(".filter-menu summary").press("Enter")
    page.get_by_label("Draft", exact=True).check()
    expect(page.get_by_text("No deployment fits these filters.")).to_be_visible()
    expect(page.locator("#state-words")).to_have_text("State: Draft")
    expect(page).to_have_url(f"{at_list}?q=churn&state=draft")
    expect(page.locator("#exports a").first).to_have_attribute("href", re.compile(r"export\.csv\?q=churn&state=draft"))
    page.keyboard.press("Escape")
    expect(page.get_by_label("Draft", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Remove filter: Search: churn").click()
    expect(page.get_by_role("link", name="ticket-router")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("No deployment fits these filters.")).to_be_visible()
    expect(page.locator("nav.tabs")).to_be_visible()
    assert console == []


def test_a_moving_row_comes_to_rest_by_itself_and_keeps_what_is_chosen(page, at_list, console, deployment_in):
    one = world.in_the_cloud(deployment_in("submitted"), "deploying", progress=43)
    page.goto(at_list)
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Deploying 43 %")
    box = page.get_by_label(f"Choose {one.pk}")
    box.check()
    expect(page.get_by_text("Choose one more to compare")).to_be_visible()
    Service.objects.update(status="running", is_settled=True)
    expect(row).to_contain_text("Running", timeout=8000)
    expect(box).to_be_checked()
    expect(page.locator("#pulse[hx-get]")).to_have_count(0)
    assert console == []


def test_two_are_chosen_and_compared(page, at_list, console, draft_of):
    first, second = draft_of(real_time_body(service_name="a")), draft_of(real_time_body(service_name="b"))
    page.goto(at_list)
    for one in (first, second):
        page.get_by_label(f"Choose {one.pk}").check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/deployments/\d+/compare/\d+/$"))
    assert console == []


def test_the_list_works_without_script(browser, browser_context_args, live_server, log_in, victor, draft_of):
    draft_of(real_time_body(service_name="ticket-router"))
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    log_in(context, victor)
    page = context.new_page()
    page.goto(f"{live_server.url}/deployments/")
    page.get_by_role("searchbox").fill("nothing")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_text("No deployment fits these filters.")).to_be_visible()
    page.get_by_role("searchbox").fill("router")
    page.locator("noscript button, button:visible:has-text('Show')").first.click()
    expect(page.get_by_role("link", name="ticket-router")).to_be_visible()
    context.close()
