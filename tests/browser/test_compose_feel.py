"""What makes the composer pleasant: it follows the name, masks values, marks what differs, loses nothing."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from deployer.models import Deployment
from tests import factories
from tests.browser.drafts import is_saved, saved
from tests.browser.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def two_models() -> dict:
    return factories.real_time_body(factories.entry("a", 70), factories.entry("b", 30))


def test_heading_and_title_follow_the_name(at, draft_of, console):
    page = at(draft_of())
    page.locator("#service_name").fill("ticket-router")
    expect(page.locator("#draft-name")).to_have_text("ticket-router")
    expect(page).to_have_title(re.compile("^ticket-router, draft"))
    page.locator("#service_name").fill("no good")
    expect(page).to_have_title(re.compile("^Error: no good, draft"))
    assert console == []


def test_a_row_that_comes_can_move_and_so_can_its_neighbour(at, draft_of, console):
    page = at(draft_of())
    page.get_by_role("button", name="Add model").click()
    expect(page.get_by_role("button", name="Move model 1 down")).to_be_visible()
    expect(page.get_by_role("button", name="Move model 2 up")).to_be_visible()
    page.get_by_role("button", name="Move model 2 up").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#config-1-model_id")).to_have_value("model-a")
    # At the end of its way a row goes on from its other arrow.
    expect(page.get_by_role("button", name="Move model 1 down")).to_be_focused()
    assert console == []


def test_values_are_masked_and_stay_so(at, draft_of, console):
    body = factories.real_time_body(factories.entry(envs={"LOG": "secret, {x}", "B": ""}))
    page = at(draft_of(body))
    mask = page.get_by_role("button", name="Mask values")
    hidden = (
        "[...document.querySelectorAll('.env-value, [data-value]')].map((e) => getComputedStyle(e).webkitTextSecurity)"
    )
    assert set(page.evaluate(hidden)) == {"none"}
    mask.click()
    expect(mask).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(hidden) == ["disc"] * 4
    page.get_by_role("button", name="Add variable").click()
    expect(page.locator("#config-0-envs-2-key")).to_be_focused()
    expect(mask).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#config-0-envs-0-value")).to_have_value("secret, {x}")
    page.reload()
    expect(mask).to_have_attribute("aria-pressed", "true")
    mask.click()
    assert set(page.evaluate(hidden)) == {"none"}
    assert console == []


def test_the_body_marks_what_the_last_version_does_not_say(at, deployment_in, console):
    page = at(deployment_in("changes_requested", body=two_models()))
    expect(page.locator("#h-body + p")).to_contain_text("differ from version 1")
    expect(page.locator("#body-text mark")).to_have_count(0)
    page.locator("#config-0-weight").fill("60")
    expect(page.locator("#body-text mark")).to_have_text('      "weight": 60')
    assert console == []


def test_an_idle_vpc_is_cleared_at_once(at, draft_of, console):
    names = ("vpc_id", "subnet_network_id", "security_group_id")
    deployment = draft_of(factories.real_time_body(cluster_id="pool", **dict.fromkeys(names, "x")))
    page = at(deployment)
    page.get_by_role("button", name="Clear the three").click()
    expect(page.locator("#vpc_id")).to_have_value("")
    expect(page.locator("#cluster_id")).to_be_focused()
    expect(page.locator("#in-force")).not_to_contain_text("no effect")
    is_saved(page)
    assert not saved(deployment).keys() & set(names)
    assert saved(deployment)["cluster_id"] == "pool"
    assert console == []


@pytest.mark.parametrize("button", ["Move model 2 up", "Duplicate model 1", "Add model"])
def test_what_is_typed_while_a_button_is_answered_is_kept(at, draft_of, button, console):
    deployment = draft_of(two_models())
    page = at(deployment)
    held = []
    page.route("**/edit/rows/", lambda route: held.append(route))
    page.get_by_role("button", name=button).click()
    page.locator("#config-1-model_id").focus()
    page.keyboard.press("End")
    page.keyboard.type("-typed later")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.locator("#description").evaluate("box => { box.value = 'and this' }")
    held[0].continue_()
    place = {"Move model 2 up": 0, "Duplicate model 1": 2, "Add model": 1}[button]
    typed = page.locator(f"#config-{place}-model_id")
    expect(typed).to_have_value("b-typed later")
    expect(typed).to_be_focused()
    assert typed.evaluate("box => box.selectionStart") == len("b-typed later") - 3
    expect(page.locator("#description")).to_have_value("and this")
    page.unroute("**/edit/rows/")
    is_saved(page)
    expect(page.locator("#body-text")).to_contain_text("b-typed later")
    assert saved(deployment)["config"][place]["model_id"] == "b-typed later"
    assert console == []


def in_again(context, live_server, person) -> None:
    """Signed in anew in another tab: another session and another token."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    client.get("/")
    for name in ("sessionid", "csrftoken"):
        if name in client.cookies:
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def come_back(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_signed_out_meanwhile_nothing_typed_is_lost(at, context, live_server, draft_of, alice):
    deployment = draft_of()
    page = at(deployment)
    Session.objects.all().delete()
    page.locator("#description").fill("typed after the end")
    expect(page.locator("#signed-out")).to_contain_text("What you typed is still here.")
    expect(page.locator("#save-state")).to_have_text("Not saved, signed out")
    expect(page.locator("[name=password]")).to_have_count(0)
    in_again(context, live_server, alice)
    come_back(page)
    expect(page.locator("#signed-out")).to_have_count(0)
    is_saved(page)
    assert saved(deployment)["description"] == "typed after the end"


def test_somebody_else_who_signs_in_saves_nothing_of_it(at, context, live_server, draft_of, bob):
    deployment = draft_of()
    page = at(deployment)
    Session.objects.all().delete()
    page.locator("#description").fill("by alice")
    expect(page.locator("#signed-out")).to_be_visible()
    in_again(context, live_server, bob)
    come_back(page)
    expect(page.locator("#signed-out")).to_contain_text("Somebody else is signed in")
    assert "description" not in saved(deployment)


def test_a_page_that_only_shows_goes_to_the_door(page, context, live_server, log_in, deployment_in, alice):
    deployment = deployment_in("submitted")
    log_in(context, alice)
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/")
    page.wait_for_function("() => Boolean(window.htmx)")
    Session.objects.all().delete()
    page.evaluate("document.querySelectorAll('[data-poll]').forEach((one) => htmx.trigger(one, 'poll-now'))")
    page.wait_for_url(re.compile(rf"/accounts/login/\?next=/deployments/{deployment.pk}/"))


def test_ctrl_enter_asks_for_review(at, draft_of):
    deployment = draft_of(two_models())
    page = at(deployment)
    page.locator("#config-1-weight").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/deployments/{deployment.pk}/")
    assert Deployment.objects.get(pk=deployment.pk).state == "in_review"


def test_ctrl_enter_presses_the_button_of_the_form_one_types_in(
    page, context, live_server, log_in, deployment_in, bob, alice
):
    deployment = deployment_in("in_review")
    log_in(context, bob)
    hands = Hands(page, live_server.url)
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/")
    hands.press(page.locator("details.move > summary", has_text="Reject").first)
    expect(page.locator("details[open].move textarea")).to_be_focused()
    page.keyboard.type("Not like this.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1 + .badge, .page-title .badge").first).to_have_text("Rejected")
    assert Deployment.objects.get(pk=deployment.pk).closed_as == "rejected"


def test_ctrl_enter_in_pasted_variables_takes_them_over(at, draft_of):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    page.get_by_text("Environment variables").first.click()
    page.get_by_text("Paste .env or JSON").click()
    area = page.get_by_label("Lines of NAME=value, or a JSON object")
    area.fill("LEVEL=info")
    area.press("Control+Enter")
    expect(page.locator("#config-0-envs-0-key")).to_have_value("LEVEL")
    deployment.refresh_from_db()
    assert deployment.state == "draft"  # nobody was asked


def test_the_words_about_marks_stand_where_marks_are(at, alice, deployment_in):
    deployment = deployment_in("changes_requested")
    page = at(deployment)
    expect(page.locator(".marks-note")).to_be_hidden()
    page.locator("#service_name").fill("another-name")
    expect(page.locator(".marks-note")).to_be_visible()
