"""The composer in a real browser: by keyboard, saved while somebody types, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from deployer.models import Deployment
from tests import factories
from tests.browser.drafts import is_saved, saved

pytestmark = pytest.mark.django_db(transaction=True)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def test_the_total_follows_each_key_and_the_draft_is_saved_on_the_way(at, draft_of, console):
    deployment = draft_of(factories.real_time_body(factories.entry("a", 70), factories.entry("b", "")))
    page = at(deployment)
    total = page.locator("[data-total=weight]")
    box = page.locator("#config-1-weight")
    box.focus()
    page.keyboard.type("3")
    expect(total).to_have_text(re.compile(r"^\s*73 of 100"))
    page.keyboard.type("0")
    expect(total).to_have_text(re.compile(r"^\s*100 of 100"))
    expect(page.locator("#why-not")).to_have_text("Nothing stands in the way.")
    is_saved(page)
    assert saved(deployment)["config"][1]["weight"] == 30
    assert focused(page) == "config-1-weight"
    assert console == []


def test_saving_keeps_focus_caret_and_what_is_typed_meanwhile(at, draft_of, console):
    deployment = draft_of(factories.real_time_body(service_name="abcdef"))
    page = at(deployment)
    page.locator("#service_name").focus()
    page.keyboard.press("Home")
    page.keyboard.type("x y")
    expect(page.locator("#service_name-problems")).to_contain_text('" " is none of them.')
    expect(page.locator("#service_name")).to_have_attribute("aria-invalid", "true")
    assert focused(page) == "service_name"
    assert page.evaluate("document.activeElement.selectionStart") == 3
    for sign in ["ArrowLeft", "Backspace"]:
        page.keyboard.press(sign)
    expect(page.locator("#service_name-problems")).to_be_empty()
    is_saved(page)
    assert saved(deployment)["service_name"] == "xyabcdef"
    assert console == []


def test_rows_come_and_go_by_keyboard(at, draft_of, console):
    deployment = draft_of(factories.real_time_body(factories.entry("a", 100, envs={"A": "1"}, own={"x": 1})))
    page = at(deployment)
    page.locator("#config-0-model_id").fill("typed")
    page.get_by_role("button", name="Add model").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#config-1-model_id")).to_be_focused()
    page.keyboard.type("second")
    expect(page.locator("#config-0-model_id")).to_have_value("typed")
    page.get_by_role("button", name="Duplicate model 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#config-1-model_id")).to_be_focused()
    expect(page.locator("#config-2-model_id")).to_have_value("second")
    expect(page.locator("#config-1-weight")).to_have_value("0")
    page.keyboard.type("copy")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#config-2-model_id")).to_have_value("copy")
    expect(page.locator("#config-2-model_id")).to_be_focused()
    page.get_by_role("button", name="Remove model 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#row-place")).to_contain_text("typed removed.")
    expect(page.locator(".model-row")).to_have_count(2)
    is_saved(page)
    assert [row["model_id"] for row in saved(deployment)["config"]] == ["second", "copy"]
    page.locator(".model-gone").get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".model-row")).to_have_count(3)
    expect(page.locator("#config-0-model_id")).to_be_focused()
    body = saved(deployment)
    assert [row["model_id"] for row in body["config"]] == ["typed", "second", "copy"]
    assert body["config"][0]["own"] == {"x": 1}
    assert console == []


def test_variables_are_pasted_and_removed(at, draft_of, console):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    page.get_by_text("Environment variables").click()
    page.get_by_role("button", name="Add variable").click()
    expect(page.locator("#config-0-envs-0-key")).to_be_focused()
    page.keyboard.type("LOG")
    page.keyboard.press("Tab")
    page.keyboard.type("info")
    page.get_by_text("Paste .env or JSON").click()
    page.get_by_label("Lines of NAME=value").fill("# notes\nexport A='1 2'\nLOG=debug\nB=x # y\n")
    page.get_by_role("button", name="Take them over").click()
    expect(page.locator(".env-value")).to_have_count(3)
    is_saved(page)
    assert saved(deployment)["config"][0]["envs"] == {"LOG": "debug", "A": "1 2", "B": "x"}
    page.get_by_role("button", name="Remove variable 1, model 1").click()
    expect(page.locator(".env-value")).to_have_count(2)
    expect(page.locator("#config-0-envs-1-key")).to_be_focused()
    expect(page.locator("#body-text")).not_to_contain_text("LOG")
    assert saved(deployment)["config"][0]["envs"] == {"A": "1 2", "B": "x"}
    assert console == []


def test_custom_resources_come_when_they_are_asked_for(at, draft_of, console):
    page = at(draft_of(factories.real_time_body()))
    expect(page.locator("#config-0-custom_spec-cpu")).to_have_count(0)
    page.locator("#config-0-specification").fill("custom")
    page.locator("#config-0-custom_spec-cpu").fill("4")
    page.locator("#config-0-specification").focus()
    is_saved(page)
    expect(page.locator("#body-text")).to_contain_text('"cpu": 4')
    assert console == []


def test_another_type_keeps_what_was_typed(at, draft_of, console):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    page.locator("#service_name").fill("kept-name")
    page.locator("#infer_type").select_option("batch")
    page.locator("#config-0-src_path").fill("https://data.example.com/in/")
    expect(page.locator("#service_name")).to_have_value("kept-name")
    page.locator("#infer_type").select_option("real-time")
    expect(page.locator("#config-0-weight")).to_have_value("100")
    is_saved(page)
    assert saved(deployment)["config"][0]["src_path"] == "https://data.example.com/in/"
    assert console == []


def test_a_second_tab_is_told_and_can_choose(at, context, draft_of, live_server, console):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    other = context.new_page()
    other.goto(f"{live_server.url}/deployments/{deployment.pk}/edit/")
    other.locator("#description").fill("from the other tab")
    expect(other.locator("#body-text")).to_contain_text("from the other tab")
    page.locator("#service_name").fill("from-this-tab")
    expect(page.locator("#draft-news")).to_contain_text("Changed elsewhere.")
    expect(page.locator("#service_name")).to_have_value("from-this-tab")
    assert saved(deployment)["service_name"] == "mnist"
    page.get_by_role("button", name="Compare and choose").click()
    expect(page).to_have_title(re.compile("two saved"))
    page.locator("input[name=choose-description][value=theirs]").check()
    page.get_by_role("complementary").get_by_role("button", name="Save these choices").click()
    page.wait_for_url("**/edit/")
    body = saved(deployment)
    assert (body["service_name"], body["description"]) == ("from-this-tab", "from the other tab")
    assert [said for said in console if "409" not in said] == []


def two_texts(page, context, address):
    """Another tab saves a description, this one types a name and compares."""
    other = context.new_page()
    other.goto(address)
    other.locator("#description").fill("from the other tab")
    expect(other.locator("#body-text")).to_contain_text("from the other tab")
    other.close()
    page.locator("#service_name").fill("from-this-tab")
    page.get_by_role("button", name="Compare and choose").click()
    expect(page).to_have_title(re.compile("two saved"))


def test_whoever_goes_back_from_two_texts_is_offered_their_own(at, context, draft_of, console):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    two_texts(page, context, page.url)
    page.go_back()
    offered = page.locator("#messages .notice")
    expect(offered).to_contain_text("What you typed before is not in this draft")
    expect(page.locator("#service_name")).to_have_value("mnist")
    offered.get_by_role("button", name="Compare and choose").click()
    expect(page).to_have_title(re.compile("two saved"))
    page.get_by_role("complementary").get_by_role("button", name="Save these choices").click()
    expect(page.locator("#service_name")).to_have_value("from-this-tab")
    expect(offered).to_have_count(0)
    body = saved(deployment)
    assert (body["service_name"], body["description"]) == ("from-this-tab", "from the other tab")
    page.reload()
    expect(page.locator("#service_name")).to_have_value("from-this-tab")
    expect(offered).to_have_count(0)
    assert [said for said in console if "409" not in said] == []


@pytest.mark.parametrize("how", ["on the page of two texts", "in the composer"])
def test_what_was_dropped_is_not_offered_again(how, at, context, draft_of):
    page = at(draft_of(factories.real_time_body()))
    two_texts(page, context, page.url)
    if how == "in the composer":
        page.go_back()
        page.locator("#messages").get_by_role("button", name="Drop it").click()
    else:
        page.get_by_role("link", name="Drop mine").click()
    expect(page.locator("#description")).to_have_value("from the other tab")
    page.reload()
    expect(page.locator("#description")).to_have_value("from the other tab")
    expect(page.locator("#messages .notice")).to_have_count(0)


def test_what_one_typed_is_not_offered_to_another(at, context, draft_of, live_server, log_in, bob):
    deployment = draft_of(factories.real_time_body())
    page = at(deployment)
    two_texts(page, context, page.url)
    log_in(context, bob)
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/edit/")
    expect(page.locator("#description")).to_have_value("from the other tab")
    expect(page.locator("#messages .notice")).to_have_count(0)


def test_without_script_every_button_works(browser, live_server, log_in, alice, draft_of):
    deployment = draft_of(factories.real_time_body())
    context = browser.new_context(java_script_enabled=False)
    log_in(context, alice)
    page = context.new_page()
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/edit/")
    page.fill("#service_name", "no-script")
    page.click("#add-model")
    page.fill("#config-1-model_id", "second")
    page.get_by_role("button", name="Move model 2 up").click()
    assert page.input_value("#config-0-model_id") == "second"
    page.get_by_role("button", name="Remove model 1").click()
    page.get_by_role("button", name="Undo").click()
    page.fill("#config-0-weight", "0")
    page.press("#config-0-weight", "Enter")  # the first button of the form is Save
    body = saved(deployment)
    context.close()
    assert body["service_name"] == "no-script"
    assert [(row["model_id"], row["weight"]) for row in body["config"]] == [("second", 0), ("model-a", 100)]


def test_asking_with_problems_leads_to_them(at, draft_of):
    deployment = draft_of(factories.real_time_body(factories.entry(weight=90)))
    page = at(deployment)
    page.locator("#service_name").fill("")
    page.get_by_role("complementary").get_by_role("button", name="Ask for review").click()
    expect(page.locator("#summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error:"))
    page.locator("#summary").get_by_text("Give the service a name.").click()
    expect(page.locator("#service_name")).to_be_focused()
    page.keyboard.type("named")
    expect(page.locator("#summary")).not_to_contain_text("Give the service a name.")
    page.locator("#config-0-weight").fill("100")
    expect(page.locator("#summary")).to_have_count(0)
    page.get_by_role("complementary").get_by_role("button", name="Ask for review").click()
    page.wait_for_url(f"**/deployments/{deployment.pk}/")
    deployment.refresh_from_db()
    assert deployment.state == "in_review"


def test_a_draft_begins_and_is_saved_by_keyboard(page, context, live_server, log_in, alice, dev, console):
    log_in(context, alice)
    page.goto(f"{live_server.url}/deployments/new/")
    page.locator("input[name=infer_type][value=real-time]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    expect(page.locator("#summary")).to_have_count(0)
    expect(page.locator("#why-not")).to_contain_text("still missing")
    page.locator("#service_name").focus()
    page.keyboard.type("by-keyboard")
    page.keyboard.press("Control+s")
    expect(page.locator("#draft-name")).to_have_text("by-keyboard")
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    assert saved(Deployment.objects.get())["service_name"] == "by-keyboard"
    assert console == []


def test_a_save_that_fails_is_tried_again(at, draft_of):
    deployment = draft_of()
    page = at(deployment)
    page.route("**/edit/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("#description").fill("kept")
    expect(page.locator("#save-state")).to_contain_text("Not saved, trying again in")
    page.unroute("**/edit/")
    is_saved(page)
    assert saved(deployment)["description"] == "kept"
