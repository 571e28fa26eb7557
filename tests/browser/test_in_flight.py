"""Hands on the line by keyboard alone: freeze, submit for a time, lift, decide what was lost, delete a twin."""

import re

import pytest
from playwright.sync_api import expect

from deployer.models import Freeze, Removal, Submission
from tests.browser import world
from tests.browser.hands import Hands
from tests.factories import real_time_body

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(page, live_server, context, log_in, olga) -> Hands:
    log_in(context, olga)
    return Hands(page, live_server.url)


def test_an_operator_freezes_and_lifts_by_keyboard(operator, page, live_server, dev, console):
    page.goto(f"{live_server.url}/sending/")
    operator.type_in(page.get_by_label(re.compile("^Why")), "The project is being cleaned.")
    operator.press(page.get_by_role("button", name="Freeze sending"))
    expect(page.locator("#messages")).to_contain_text("Sending to all targets is frozen until it is lifted.")
    expect(page.locator("#freezes")).to_contain_text("The project is being cleaned.")
    operator.press(page.locator("summary", has_text="Lift the freeze"))
    operator.type_in(page.get_by_label(re.compile("^Why it may go on")), "It is clean.")
    operator.press(page.get_by_role("button", name="Let all targets go on"))
    expect(page.locator("#messages")).to_contain_text("Sending to all targets goes on.")
    assert Freeze.objects.get().lifted_by.username == "olga"
    assert console == []


def test_what_was_lost_is_decided_by_keyboard_and_a_look_wipes_nothing_typed(
    operator, page, live_server, deployment_in, console
):
    deployment = world.in_limbo(deployment_in("submitted", body=real_time_body(service_name="gone")), person=True)
    page.goto(f"{live_server.url}/sending/")
    page.wait_for_function("() => Boolean(window.htmx)")
    operator.type_in(page.get_by_label(re.compile("^Reason")), "Nothing of it is there.")
    page.evaluate("htmx.trigger('#in-flight', 'poll-now')")
    page.wait_for_timeout(300)
    expect(page.get_by_label(re.compile("^Reason"))).to_have_value("Nothing of it is there.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    operator.press(page.get_by_role("radio", name=re.compile("^Send again")), "Space")
    operator.press(page.get_by_role("button", name=f"Decide about {deployment.service_name}, {deployment.pk}"))
    expect(page.locator("#messages")).to_contain_text("It is in the line again.")
    assert Submission.objects.get().outcome == "waiting"
    assert console == []


def test_what_moves_is_read_again_while_nobody_types(operator, page, live_server, deployment_in, console):
    page.goto(f"{live_server.url}/sending/")
    deployment_in("submitted", body=real_time_body(service_name="patient"))
    page.goto(f"{live_server.url}/sending/")
    expect(page.locator("#in-flight")).to_contain_text("patient")
    world.in_limbo(Submission.objects.get().deployment, person=False)
    page.wait_for_function("() => Boolean(window.htmx)")
    page.evaluate("htmx.trigger('#in-flight', 'poll-now')")
    expect(page.locator("#in-flight")).to_contain_text("No answer after 30 s.")
    assert console == []


def test_a_twin_is_deleted_by_keyboard(operator, page, live_server, deployment_in, draft_of, olga, console):
    made = {"running": world.in_the_cloud(deployment_in("submitted"), "running")}
    world.add_troubles(made, by=olga)
    page.goto(f"{live_server.url}/sending/")
    operator.press(page.get_by_role("link", name="Decide about the twin twin-1"))
    operator.press(page.locator("summary", has_text="Delete the twin"))
    operator.type_in(page.get_by_label(re.compile("^Why kept")), "Paid twice.")
    operator.press(page.get_by_role("button", name="Delete twin-1"))
    expect(page.locator("#messages")).to_contain_text("Asked to delete twin-1.")
    assert Removal.objects.get().reason == "Paid twice."
    assert console == []
