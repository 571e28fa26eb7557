"""Targets by keyboard alone: endpoints are filled in, projects found, the connection tested, the target saved.

The worker's steps are called here, between two looks of the page.
"""

import re

import pytest
from playwright.sync_api import expect

from deployer.models import Enquiry, Target
from deployer.worker.enquire import enquire
from tests.browser.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(page, live_server, context, log_in, root) -> Hands:
    log_in(context, root)
    return Hands(page, live_server.url)


def the_worker_answers(kind: str) -> None:
    assert enquire(Enquiry.objects.get(kind=kind, answered_at=None).pk, "tests")


def test_a_target_is_added_by_keyboard(admin, page, live_server, sandbox, console):
    page.goto(f"{live_server.url}/targets/new/")
    admin.type_in(page.get_by_label("Name", exact=True), "mine")
    admin.type_in(page.get_by_label("Region"), "eu-de")
    page.keyboard.press("Tab")
    expect(page.get_by_label("ModelArts")).to_have_value("https://modelarts.eu-de.otc.t-systems.com")
    expect(page.get_by_label("IAM", exact=True)).to_have_value("https://iam.eu-de.otc.t-systems.com")
    expect(page.locator("#fill-said")).to_have_text("Filled in for eu-de, Open Telekom Cloud.")
    expect(page.get_by_role("button", name="Fill in the endpoints")).to_be_focused()
    admin.type_in(page.get_by_label("ModelArts"), sandbox.url)
    admin.type_in(page.get_by_label("IAM", exact=True), sandbox.url)
    admin.type_in(page.locator("#vpc_endpoint"), "")
    page.keyboard.press("Delete")
    admin.type_in(page.get_by_label("User", exact=True), "demo")
    admin.type_in(page.get_by_label(re.compile("^Domain")), "demo")
    admin.type_in(page.locator("#secret"), "demo")

    admin.press(page.get_by_role("button", name="Find projects"))
    expect(page.locator("#found")).to_contain_text("Asking for projects")
    the_worker_answers("projects")
    admin.press(page.get_by_role("button", name="region-1_prod"))
    expect(page.get_by_label("Project id")).to_have_value("5a0d80b5c0de4c0fa11ab1e5eed00002")
    expect(page.locator("#secret")).to_have_value("demo")

    admin.press(page.get_by_role("button", name="Test connection"))
    expect(page.locator("#steps")).to_contain_text("Trying the connection")
    the_worker_answers("connection")
    expect(page.locator("#steps")).to_contain_text("All that a test can try works.")
    expect(page.locator("#steps li")).to_contain_text(["Address of IAM", "Log in", "May list services"])
    assert page.locator("#steps[hx-get]").count() == 0, "an answered question is not asked for again"

    admin.press(page.get_by_role("button", name="Save the target"))
    expect(page.locator("#messages")).to_contain_text("mine is made.")
    target = Target.objects.get()
    assert (target.endpoint, target.project_name, target.secret) == (sandbox.url, "region-1_prod", "demo")
    assert console == []


@pytest.mark.parametrize("region", ["eu-de", "region-of-my-own"])
def test_what_is_typed_while_the_endpoints_are_filled_in_stays(region, admin, page, live_server, console):
    page.goto(f"{live_server.url}/targets/new/")
    held = []
    page.route("**/targets/new/", lambda route: route.continue_() if held else held.append(route))
    page.get_by_label("Region").fill(region)
    with page.expect_request("**/targets/new/"):
        page.keyboard.press("Tab")
    admin.type_in(page.get_by_label("ModelArts"), "https://modelarts.mine.example.com")
    page.locator("#iam_endpoint").focus()
    page.keyboard.type("https://iam.mi")
    held[0].continue_()
    expect(page.locator("#fill-said")).to_have_text(re.compile("Filled in|not known here"))
    expect(page.get_by_label("ModelArts")).to_have_value("https://modelarts.mine.example.com")
    expect(page.locator("#iam_endpoint")).to_be_focused()
    page.keyboard.type("ne.example.com")
    expect(page.locator("#iam_endpoint")).to_have_value("https://iam.mine.example.com")
    vpc = "https://vpc.eu-de.otc.t-systems.com" if region == "eu-de" else ""
    expect(page.locator("#vpc_endpoint")).to_have_value(vpc)
    assert console == []


def test_what_follows_is_said_while_one_types(admin, page, live_server, deployment_in, dev):
    deployment = deployment_in("approved")
    page.goto(f"{live_server.url}/targets/dev/edit/")
    expect(page.locator("#follows")).to_contain_text("No approval is touched by this.")
    admin.type_in(page.get_by_label("Approvals", exact=True), "2")
    page.keyboard.press("Tab")
    expect(page.locator("#follows")).to_contain_text(f"1 approved deployment goes back to review: {deployment.pk}.")
    expect(page.locator("#follows")).to_contain_text("2 approvals, none by who wrote or edited.")
    admin.press(page.get_by_label("This is meant"), "Space")
    admin.press(page.get_by_role("button", name="Save dev"))
    expect(page.locator("#messages")).to_contain_text("1 approved deployment went back to review.")


def test_enter_saves_and_problems_take_the_focus(admin, page, live_server, dev):
    page.goto(f"{live_server.url}/targets/dev/edit/")
    admin.type_in(page.get_by_label("User", exact=True), "other")
    page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#secret")).to_be_focused()


def test_the_boxes_follow_the_login(admin, page, live_server, dev):
    page.goto(f"{live_server.url}/targets/dev/edit/")
    expect(page.get_by_label("Access key", exact=True)).to_be_hidden()
    expect(page.locator("#secret")).to_have_accessible_name("Password")
    admin.press(page.get_by_role("radio", name="User and password"), "ArrowRight")
    expect(page.get_by_label("Access key", exact=True)).to_be_visible()
    expect(page.locator("#secret")).to_have_accessible_name("Secret key")
    expect(page.get_by_label("User", exact=True)).to_be_hidden()
