"""Pickers in a real browser: by keyboard alone, for screen readers, among 5,000 models, narrow, and quiet."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from deployer.models import CatalogEntry, CatalogList
from deployer.worker import details, refresh
from deployer.workflow import catalog
from deployer.workflow.catalog import Offer
from tests import factories, offers
from tests.browser.drafts import is_saved, saved
from tests.browser.test_looks import RULES

pytestmark = pytest.mark.django_db(transaction=True)
MODEL = "#config-0-model_id"
OPEN = ".picker-popup:not([hidden])"


@pytest.fixture
def some(dev) -> None:
    offers.bring(
        dev,
        "model",
        offers.model("id-1", "sentiment", "5.0.0"),
        offers.model("id-2", "sentiment", "4.2.0"),
        offers.model("id-3", "layout", "3.0.1"),
        offers.model("id-4", "draft-writer", "0.3.0", "publishing"),
    )


def options(page: Page):
    return page.locator(f"{OPEN} [role=option]")


def marked(page: Page):
    return page.locator(f"{OPEN} [role=option][aria-selected=true]")


def test_a_model_is_chosen_by_keyboard_alone(at, draft_of, some, console):
    deployment = draft_of()
    page = at(deployment)
    box = page.locator(MODEL)
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_count(4)
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Control+a")
    page.keyboard.type("sent 4")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(marked(page)).to_contain_text("sentiment 4.2.0")
    page.keyboard.press("Enter")
    expect(box).to_have_value("id-2")
    expect(box).to_be_focused()
    expect(page.locator(OPEN)).to_have_count(0)
    expect(page.locator("#config-0-model_id-stands")).to_contain_text("sentiment 4.2.0, published")
    is_saved(page)
    assert saved(deployment)["config"][0]["model_id"] == "id-2"
    expect(page.locator(".legend[data-legend]")).to_contain_text("sentiment 4.2.0")
    box.fill("id-9")
    expect(page.locator(".legend[data-legend]")).to_contain_text("id-9")
    assert console == []


def test_arrows_pages_home_and_end_move_and_wrap(at, draft_of, dev, console):
    offers.models(dev, 60)
    page = at(draft_of())
    box = page.locator(MODEL)
    box.press("ArrowDown")
    expect(options(page)).to_have_count(20)
    steps = [("ArrowDown", 0), ("ArrowUp", 19), ("ArrowDown", 0), ("PageDown", 10), ("PageDown", 19), ("PageUp", 9)]
    for key, place in [*steps, ("Home", 0), ("End", 19)]:
        box.press(key)
        expect(options(page).nth(place)).to_have_attribute("aria-selected", "true")
        expect(marked(page)).to_have_count(1)
        assert box.get_attribute("aria-activedescendant") == options(page).nth(place).get_attribute("id")
    expect(options(page).nth(19)).to_be_in_viewport()
    assert console == []


def test_escape_and_tab_leave_what_is_typed(at, draft_of, some, console):
    deployment = draft_of()
    page = at(deployment)
    box = page.locator(MODEL)
    box.fill("")
    box.press_sequentially("lay")
    expect(options(page)).to_have_count(1)
    box.press("ArrowDown")
    box.press("Escape")
    expect(page.locator(OPEN)).to_have_count(0)
    box.press("Escape")
    expect(box).to_have_value("lay")
    box.press("ArrowDown")
    expect(options(page)).to_have_count(1)
    box.press("ArrowDown")
    box.press("Tab")
    expect(page.locator("#config-0-specification")).to_be_focused()
    expect(page.locator(OPEN)).to_have_count(0)
    expect(box).to_have_value("lay")
    is_saved(page)
    assert saved(deployment)["config"][0]["model_id"] == "lay"
    assert console == []


def test_enter_on_an_open_list_never_saves_or_takes_what_cannot_be_chosen(at, draft_of, some, console):
    page = at(draft_of())
    box = page.locator(MODEL)
    box.fill("writer")
    expect(options(page)).to_have_count(1)
    box.press("ArrowDown")
    expect(marked(page)).to_have_attribute("aria-disabled", "true")
    box.press("Enter")
    expect(box).to_have_value("writer")
    expect(page.locator("#picks-said")).to_have_text(
        "draft-writer 0.3.0 can’t be chosen: not published: publishing. Its id can be typed."
    )
    options(page).first.click(force=True)  # it is no disabled button: a press tells why
    expect(box).to_have_value("writer")
    box.press("Escape")
    box.fill("id-4")
    box.press("Tab")
    expect(page.locator("#config-0-model_id-stands")).to_contain_text("draft-writer 0.3.0: not published: publishing")
    assert console == []


def test_screen_readers_are_told(at, draft_of, some, console):
    page = at(draft_of())
    box = page.get_by_role("combobox", name="Model and version")
    for name, value in {"aria-autocomplete": "list", "aria-expanded": "false"}.items():
        expect(box).to_have_attribute(name, value)
    assert "config-0-model_id-stands" in box.get_attribute("aria-describedby").split()
    said = page.locator("#picks-said")
    expect(said).to_have_attribute("role", "status")
    expect(said).to_have_text("")
    box.press("ArrowDown")
    expect(said).to_have_text("4 models")
    expect(page.get_by_role("listbox", name="models")).to_have_id(box.get_attribute("aria-controls"))
    expect(page.get_by_role("option", name=re.compile("sentiment 5.0.0 published id-1"))).to_be_visible()
    box.fill("nothing like it")
    expect(said).to_contain_text("fits. An id can be typed all the same.")
    box.fill("sentiment")
    expect(said).to_have_text("2 models")
    assert console == []


def test_the_mouse_opens_chooses_and_leaves(at, draft_of, some, console):
    page = at(draft_of())
    opener = page.locator(f"id-picker:has({MODEL}) .picker-button")
    opener.click()
    expect(options(page)).to_have_count(4)
    opener.click()
    expect(page.locator(OPEN)).to_have_count(0)
    opener.click()
    page.locator("h1").click()
    expect(page.locator(OPEN)).to_have_count(0)
    opener.click()
    options(page).nth(2).click()
    expect(page.locator(MODEL)).to_have_value("id-3")
    expect(page.locator(MODEL)).to_be_focused()
    assert console == []


def test_a_row_that_comes_by_a_swap_picks_too_and_rows_still_move(at, draft_of, some, console):
    page = at(draft_of(factories.real_time_body(factories.entry("id-1"))))
    page.get_by_role("button", name="Add model").click()
    box = page.locator("#config-1-model_id")
    expect(box).to_be_focused()
    box.press("ArrowDown")
    expect(options(page)).to_have_count(4)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("id-1")
    box.press("Alt+ArrowUp")
    expect(page.locator(MODEL)).to_be_focused()
    expect(page.locator("#config-1-model_id")).to_have_value("id-1")
    assert console == []


def test_an_answer_that_comes_late_is_dropped(at, draft_of, some, console):
    page = at(draft_of())
    page.route("**/pick/model/?*", lambda route: (page.wait_for_timeout(900 if "q=lay&" in route.request.url else 0),
                                                  route.continue_()))  # fmt: skip
    box = page.locator(MODEL)
    box.fill("lay")
    page.wait_for_timeout(250)
    box.fill("sentiment")
    expect(options(page)).to_have_count(2)
    page.wait_for_timeout(1200)
    expect(options(page)).to_have_count(2)
    assert console == []


def test_a_list_without_entries_does_not_get_in_the_way_of_typing(at, draft_of, console):
    page = at(draft_of())
    box = page.locator(MODEL)
    box.fill("typed")
    page.wait_for_timeout(500)
    expect(page.locator(OPEN)).to_have_count(0)
    box.press("ArrowDown")
    expect(page.locator(OPEN)).to_contain_text("The list of models has not been read yet. An id can be typed.")
    assert console == []


def test_a_fresh_list_is_asked_for_and_comes_by_itself(at, draft_of, dev, some, console):
    page = at(draft_of())
    box = page.locator(MODEL)
    box.press("ArrowDown")
    expect(options(page)).to_have_count(4)
    box.press("Alt+r")
    expect(page.locator(OPEN)).to_contain_text("Being read…")
    assert CatalogList.objects.get(target=dev, kind="model").asked_at
    offers.bring(dev, "model", offers.model("id-9", "newest"))
    expect(options(page)).to_have_count(1)
    expect(options(page)).to_contain_text("newest 1.0.0")
    expect(page.locator(OPEN)).to_contain_text("Refresh now")
    assert console == []


def test_a_vpc_narrows_what_follows_and_a_foreign_subnet_is_told(at, draft_of, dev, console):
    offers.bring(dev, "vpc", Offer("", "v-1", name="vpc-ml"), Offer("", "v-2", name="vpc-lab"))
    offers.bring(dev, "subnet", Offer("", "s-1", "v-1", name="subnet-a"), Offer("", "s-2", "v-2", name="subnet-lab"))
    page = at(draft_of(factories.real_time_body(subnet_network_id="s-2")))
    page.locator("#vpc_id").press("Alt+ArrowDown")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#vpc_id")).to_have_value("v-1")
    stands = page.locator("#subnet_network_id-stands")
    expect(stands).to_contain_text("subnet-lab: belongs to another VPC, vpc-lab")
    page.locator("#subnet_network_id").press("ArrowDown")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#subnet_network_id")).to_have_value("s-1")
    expect(stands).to_have_text("subnet-a")
    assert console == []


def test_a_subnet_brings_its_vpc_where_none_is_typed(at, draft_of, dev, console):
    offers.bring(dev, "vpc", Offer("", "v-1", name="vpc-ml"), Offer("", "v-2", name="vpc-lab"))
    offers.bring(dev, "subnet", Offer("", "s-1", "v-1", name="subnet-a"), Offer("", "s-2", "v-2", name="subnet-lab"))
    offers.bring(dev, "security_group", Offer("", "g-1", "v-1", name="open"), Offer("", "g-2", "v-2", name="lab"))
    deployment = draft_of()
    page = at(deployment)
    page.locator("#subnet_network_id").press("ArrowDown")
    expect(options(page).nth(1)).to_contain_text("subnet-lab vpc-lab")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#vpc_id")).to_have_value("v-2")
    expect(page.locator("#picks-said")).to_have_text("subnet-lab chosen. Its VPC vpc-lab follows.")
    expect(page.locator("#subnet_network_id")).to_be_focused()
    expect(page.locator("#vpc_id-stands")).to_contain_text("vpc-lab")
    expect(page.locator(OPEN)).to_have_count(0)
    is_saved(page)
    assert saved(deployment)["vpc_id"] == "v-2"
    page.locator("#security_group_id").press("ArrowDown")
    expect(options(page)).to_have_count(1)
    expect(options(page)).to_contain_text("lab")
    assert console == []


def test_a_vpc_that_is_typed_stays_whatever_is_chosen_after_it(at, draft_of, dev):
    offers.bring(dev, "vpc", Offer("", "v-1", name="vpc-ml"))
    offers.bring(dev, "subnet", Offer("", "s-1", "v-1", name="subnet-a"))
    page = at(draft_of())
    page.locator("#subnet_network_id").press("ArrowDown")
    expect(options(page)).to_have_count(1)
    page.locator("#vpc_id").evaluate("box => { box.value = 'typed-meanwhile'; }")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#subnet_network_id")).to_have_value("s-1")
    expect(page.locator("#vpc_id")).to_have_value("typed-meanwhile")


def faults(page: Page) -> list[tuple[str, str]]:
    violations = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in violations]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.looks
def test_an_open_list_is_accessible(theme, at, draft_of, context, live_server, some, console):
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    deployment = draft_of(factories.real_time_body(factories.entry("id-4")))
    page = at(deployment)
    page.locator(MODEL).press("ArrowDown")
    expect(options(page)).to_have_count(4)
    page.locator(MODEL).press("ArrowDown")
    assert faults(page) == []
    page.goto(f"{live_server.url}/deployments/{deployment.pk}/pick/model/?for=config-0-model_id")
    expect(page.get_by_role("button", name="Choose layout 3.0.1")).to_be_visible()
    assert faults(page) == []
    assert console == []


def test_5000_models_on_a_narrow_screen(at, draft_of, dev, page, console):
    offers.models(dev, 5_000)
    page.set_viewport_size({"width": 390, "height": 844})
    page = at(draft_of())
    box = page.locator(MODEL)
    box.fill("model-4 3.")
    expect(options(page)).not_to_have_count(0)
    expect(page.locator(f"{OPEN} .picker-foot")).to_contain_text("Type to narrow.")
    frame = page.locator(OPEN).bounding_box()
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert console == []


# -- Must show 2: a batch job from its model's definition


def test_a_model_picked_in_a_batch_draft_brings_uri_type_and_rule(at, draft_of, dev, sandbox, at_sandbox, console):
    """The real sandbox, and the worker's own steps: the list, then the definition while the page waits for it."""
    at_sandbox(dev)
    catalog.begin(dev)
    refresh.refresh(CatalogList.objects.get(target=dev, kind="model").pk, "tests")
    CatalogEntry.objects.update(detail="", detail_at=None)
    deployment = draft_of(factories.batch_body(model_id="", req_uri="", mapping_type=""))
    page = at(deployment)
    page.locator(MODEL).press_sequentially("fraud")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("fill-from-model")).to_contain_text("Reading the model’s definition…")
    details.fetch(CatalogEntry.objects.get(name="fraud-watch").pk)
    expect(page.locator("#config-0-mapping_type")).to_have_value("csv")
    expect(page.locator("#config-0-req_uri")).to_have_value("/")
    expect(page.locator(MODEL)).to_be_focused()
    is_saved(page)
    leaves = saved(deployment)["config"][0]["mapping_rule"]["properties"]["data"]["properties"]["req_data"]["items"][0]
    assert [one["index"] for one in leaves["properties"].values()] == [0, 1, 2, 3, 4]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#config-0-mapping_type")).to_have_value("")
    assert console == []


@pytest.mark.parametrize("typed", ["#description", "#config-0-instance_count"])
def test_filling_that_is_pressed_while_a_save_is_on_its_way(typed, at, draft_of, dev, console):
    """The answer to the save tells anew what can be filled in; the button that was pressed must live that long."""
    offers.bring(dev, "model", offers.model("id-1", "sentiment", "5.0.0"))
    catalog.set_detail(CatalogEntry.objects.get(), offers.definition(("/score", offers.ROWS)))
    page = at(draft_of(factories.batch_body(model_id="id-1", req_uri="", mapping_type="")))
    held = []
    page.route("**/edit/", lambda route: route.continue_() if held else held.append(route))
    page.locator(typed).fill("7")
    with page.expect_request("**/edit/"):
        page.locator(typed).press("Tab")
    page.get_by_role("button", name="Fill from the model").click()
    held[0].continue_()
    expect(page.locator("#config-0-req_uri")).to_have_value("/score")
    expect(page.locator("#config-0-mapping_type")).to_have_value("csv")
    expect(page.locator(typed)).to_have_value("7")
    is_saved(page)
    assert console == []
