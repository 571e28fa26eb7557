"""Every page in both themes: no axe violation (WCAG 2.2 AA), a quiet browser, a title, no sideways scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe

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
    "/reviews/",
    "/services/",
    "/targets/",
    "/targets/dev/",
    "/audit/",
    "/deployments/999999/",
]
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
    return [*PLACES, *one, *edits, *more]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_and_quiet(
    theme, live_server, context, page, console, log_in, people, prod, deployment_in, draft_of
):
    made = world.build(deployment_in, draft_of, by=people["olga"])
    log_in(context, people["bob"])
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    found = []
    for address in addresses(made):
        console.clear()
        page.goto(live_server.url + address)
        found += [f"{address}: {line}" for line in faults_of(page, console, address)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_is_accessible_and_quiet(theme, live_server, context, page, console):
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.goto(f"{live_server.url}/accounts/login/")
    assert faults_of(page, console, "login") == []


def test_nothing_scrolls_sideways_on_a_narrow_screen(
    live_server, context, page, log_in, people, prod, deployment_in, draft_of
):
    made = world.build(deployment_in, draft_of, by=people["olga"])
    log_in(context, people["bob"])
    page.set_viewport_size({"width": 390, "height": 844})
    wide = []
    for address in addresses(made):
        page.goto(live_server.url + address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide.append(f"{address}: {over} px")
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
