"""Every page in both themes: no axe violation (WCAG 2.2 AA), a quiet browser, a title, no sideways scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from deployer.domain import draft as drafts
from deployer.workflow import drafting
from tests.browser import world

pytestmark = [pytest.mark.looks, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

PLACES = [
    "/",
    "/deployments/",
    "/deployments/?state=draft&q=sentiment&from=2020-01-01",
    "/deployments/?q=nothing-fits-this",
    "/deployments/?from=yesterday",
    "/deployments/new/",
    "/deployments/import/",
    "/sending/",
    "/sending/?show=waits",
    "/reviews/",
    "/services/",
    "/targets/",
    "/targets/dev/",
    "/audit/",
    "/deployments/999999/",
]
PLACES_OF_ADMINS = ["/targets/", "/targets/dev/", "/targets/new/", "/targets/dev/edit/"]
PLACES_OF_OPERATORS = ["/", "/sending/", "/sending/?show=person&target=dev", "/targets/dev/", "/services/twin-1/"]
PAGES_OF_ONE = [
    "draft", "broken", "in_review", "changes_requested", "approved", "waiting", "withdrawn", "rejected",
    "deploying", "running", "failed", "unknown", "needs_person",
]  # fmt: skip


def addresses(made) -> list[str]:
    one = [f"/deployments/{made[name].pk}/" for name in PAGES_OF_ONE]
    edits = [f"/deployments/{made[name].pk}/edit/" for name in ("draft", "broken", "batch", "changes_requested")]
    more = [
        f"/deployments/{made['draft'].pk}/compare/{made['running'].pk}/",
        f"/deployments/{made['running'].pk}/versions/1/",
        f"/services/{made['running'].submission.service_id}/",
    ]
    checks = [f"/deployments/{made[name].pk}/preflight/" for name in ("draft", "in_review", "approved", "waiting")]
    return [*PLACES, *one, *edits, *more, *checks]


def of_roles(made) -> dict[str, list[str]]:
    """What only some may change, as they see it: where it is frozen, where a twin stands, where a person decides."""
    ones = [f"/deployments/{made[name].pk}/" for name in ("approved", "waiting", "needs_person", "running")]
    return {"root": PLACES_OF_ADMINS, "olga": [*PLACES_OF_OPERATORS, *ones]}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_and_quiet(
    theme, live_server, context, page, console, log_in, people, prod, deployment_in, draft_of
):
    made = world.build(deployment_in, draft_of, by=people["olga"])
    world.add_troubles(made, by=people["olga"])
    log_in(context, people["bob"])
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    found = []
    for address in addresses(made):
        console.clear()
        page.goto(live_server.url + address)
        found += [f"{address}: {line}" for line in faults_of(page, console, address)]
    for name, places in of_roles(made).items():
        log_in(context, people[name])
        for address in places:
            console.clear()
            page.goto(live_server.url + address)
            found += [f"{address} for {name}: {line}" for line in faults_of(page, console, address)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_is_accessible_and_quiet(theme, live_server, context, page, console):
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.goto(f"{live_server.url}/accounts/login/")
    assert faults_of(page, console, "login") == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_two_who_saved_are_accessible_and_quiet(
    theme, width, live_server, context, page, console, log_in, people, draft_of
):
    draft = draft_of(world.TWO_MODELS)
    log_in(context, people["bob"])
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}/deployments/{draft.pk}/edit/")
    doc = drafts.loads(draft.draft)
    doc["fields"] |= {"description": "of alice", "cluster_id": "pool-of-alice"}
    doc["rows"][0]["fields"]["weight"], doc["rows"][1]["fields"]["weight"] = 60, 40
    drafting.save(draft, doc, revision=draft.revision, by=people["alice"])
    page.get_by_label("Description").fill("of bob")
    page.get_by_label("Service name").fill("of-bob")
    page.locator("[name=config-0-weight]").fill("10")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="You and Alice Brandt both changed")).to_be_visible()
    console[:] = [said for said in console if "409" not in said]  # the answer that is wanted
    assert faults_of(page, console, "conflict") == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="All of Alice Brandt").click()
    page.get_by_role("complementary").get_by_role("button", name="Save these choices").click()
    page.wait_for_url("**/edit/")
    saved = drafts.body_of(drafts.loads(type(draft).objects.get(pk=draft.pk).draft))
    assert (saved["description"], saved["service_name"], saved["cluster_id"]) == ("of alice", "of-bob", "pool-of-alice")
    assert [one["weight"] for one in saved["config"]] == [60, 40]


def test_nothing_scrolls_sideways_on_a_narrow_screen(
    live_server, context, page, log_in, people, prod, deployment_in, draft_of
):
    made = world.build(deployment_in, draft_of, by=people["olga"])
    world.add_troubles(made, by=people["olga"])
    log_in(context, people["bob"])
    page.set_viewport_size({"width": 390, "height": 844})
    wide = []
    for address in addresses(made):
        page.goto(live_server.url + address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide.append(f"{address}: {over} px")
    for name, places in of_roles(made).items():
        log_in(context, people[name])
        for address in places:
            page.goto(live_server.url + address)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                wide.append(f"{address} for {name}: {over} px")
    assert not wide, "\n".join(wide)


def faults_of(page, console, address: str) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    faults = [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in violations
        for node in violation["nodes"][:3]
    ]
    # A missing page is told by the browser's console too; that is the point of the page.
    said = [line for line in console if "404" not in line or "999999" not in address]
    title = page.title()
    if not title or title == "Deployer":
        faults.append("no title of its own")
    return faults + said
