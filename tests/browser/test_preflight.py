"""The checks in a browser: they come by themselves, open the approval, and take nothing of what is typed."""

import pytest
from playwright.sync_api import expect

from deployer.domain.preflight import Result
from deployer.models import Preflight
from tests.factories import preflight_passed

pytestmark = pytest.mark.django_db(transaction=True)

BLOCKS = Result("flavor", "config[0].specification", "block", "modelarts.vm.cpu.2u is sold out.", "Choose another.")


def test_a_pass_opens_the_approval_and_leaves_what_is_typed(
    live_server, context, page, console, log_in, people, dev, deployment_in, draft_of
):
    from deployer.workflow import review

    dev.preflight = "required"
    dev.save()
    deployment = review.ask_review(draft_of(target=dev), seen=1, by=people["alice"])
    log_in(context, people["bob"])
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/")
    approval = page.locator("#approve-place")
    expect(approval).to_contain_text("The preflight of version 1 is still running.")
    page.get_by_text("Request changes", exact=True).click()
    page.get_by_label("What should change").fill("Half of a thought")
    preflight_passed(deployment)
    expect(page.locator("#preflight")).to_have_attribute("data-verdict", "pass")
    expect(approval.get_by_role("button", name="Approve version 1")).to_be_enabled()
    expect(approval.locator("form")).to_be_visible()
    expect(page.locator("#preflight-said")).to_have_text("Checks against the cloud: passed. 1 passed.")
    expect(page.get_by_label("What should change")).to_have_value("Half of a thought")
    page.get_by_role("button", name="Run again").click()
    expect(approval).to_contain_text("is still running")
    expect(page.locator("#preflight-run")).to_be_focused()
    assert Preflight.objects.filter(finished_at__isnull=True).count() == 1
    assert console == []


def test_the_composer_checks_what_is_typed_without_leaving_it(
    live_server, context, page, console, log_in, people, draft_of
):
    draft = draft_of()
    log_in(context, people["alice"])
    page.goto(f"{live_server.url}/deployments/{draft.pk}/edit/")
    page.get_by_label("Description").fill("just typed")
    page.get_by_role("button", name="Check against the cloud").click()
    side = page.locator("#preflight")
    expect(side).to_have_attribute("data-verdict", "open")
    assert '"description":"just typed"' in Preflight.objects.get().payload
    preflight_passed(draft, BLOCKS)
    expect(side).to_have_attribute("data-verdict", "block")
    expect(page.locator("#preflight-said")).to_contain_text("1 blocking")
    side.get_by_role("link", name="modelarts.vm.cpu.2u is sold out.").click()
    expect(page.locator("#config-0-specification")).to_be_focused()
    page.get_by_label("Description").fill("typed since")
    expect(page.locator("#preflight-aged")).to_have_text("The text has changed since.")
    assert console == []
