"""The main job, end to end, by keyboard alone: composed, sent back, mended, approved, submitted, running."""

import json
import re

import pytest
import requests
from playwright.sync_api import ConsoleMessage, Page, expect

from deployer.models import Deployment
from deployer.worker.steps import advance
from deployer.workflow import history
from tests.browser.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)


def is_complaint(message: ConsoleMessage) -> bool:
    """A browser reports an answer of 409 as an error; here it is the answer that was wanted."""
    return message.type == "error" and "409 (Conflict)" not in message.text


@pytest.fixture
def hands_of(browser, browser_context_args, live_server, people):
    """Each person in a browser of their own; what their consoles complained about is judged at the end."""
    opened, said = [], []

    def of(name: str) -> Hands:
        context = browser.new_context(**browser_context_args)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if is_complaint(message) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        opened.append(context)
        hands = Hands(page, live_server.url)
        hands.log_in(name)
        return hands

    yield of
    for context in opened:
        context.close()
    assert said == []


def test_the_whole_road_by_keyboard(hands_of, dev, at_sandbox, sandbox):
    at_sandbox(dev)
    alice, bob = hands_of("alice"), hands_of("bob")
    number = composed(alice)
    asked(alice)
    own_work_is_not_approved(alice, number)
    sent_back(bob, number)
    mended(alice, number)
    approved(bob, number)
    submitted(alice, number)
    runs(alice, sandbox)
    remembered(alice, number)


def composed(alice: Hands) -> int:
    """Two versions 70 / 30 with a variable; the total follows each key."""
    page = alice.page
    alice.press(page.get_by_role("link", name="Deployments", exact=True))
    alice.press(page.get_by_role("link", name="New deployment").first)
    alice.press(page.locator("[name=target][value=dev]"), "Space")
    alice.reach(page.locator("[name=infer_type]:checked, [name=infer_type]").first)
    page.keyboard.press("Space")
    alice.press(page.get_by_role("button", name="Begin draft"))
    page.wait_for_function("() => Boolean(window.htmx && customElements.get('traffic-split'))")
    alice.type_in(page.locator("#service_name"), "sentiment-api")
    total = page.locator("[data-total=weight]")
    model_row(alice, 0, "0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0", "70", "2")
    expect(total).to_have_text(re.compile(r"^\s*70 of 100"))
    alice.press(page.locator("#config-0-variables > summary"))
    alice.press(page.locator("#config-0-add-variable"))
    expect(page.locator("#config-0-envs-0-key")).to_be_focused()
    page.keyboard.type("LOG_LEVEL")
    page.keyboard.press("Tab")
    page.keyboard.type("info")
    alice.press(page.get_by_role("button", name="Add model"))
    expect(page.locator("#config-1-model_id")).to_be_focused()
    model_row(alice, 1, "91c27f3a-52d8-4f7e-b1a4-6de3c08f5521", "3", "1")
    expect(total).to_have_text(re.compile(r"^\s*73 of 100"))
    alice.reach(page.locator("#config-1-weight"))
    page.keyboard.press("End")
    page.keyboard.type("0")
    expect(total).to_have_text(re.compile(r"^\s*100 of 100"))
    return int(re.search(r"/deployments/(\d+)/edit/", page.url)[1])


def model_row(hands: Hands, at: int, model: str, weight: str, instances: str) -> None:
    fields = {"model_id": model, "specification": "modelarts.vm.cpu.2u", "instance_count": instances, "weight": weight}
    for name, text in fields.items():
        hands.type_in(hands.page.locator(f"#config-{at}-{name}"), text)


def asked(alice: Hands) -> None:
    alice.press(alice.page.locator("#ask"))
    expect(alice.page.locator("#live")).to_have_attribute("data-state", "in_review")


def own_work_is_not_approved(alice: Hands, number: int) -> None:
    """The button stays, does nothing, and says who can."""
    page = alice.page
    button = page.get_by_role("button", name="Approve version 1")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator(f"#{button.get_attribute('aria-describedby')}")).to_contain_text("Bob Kessler")
    alice.press(button)
    assert Deployment.objects.get(pk=number).state == "in_review"


def sent_back(bob: Hands, number: int) -> None:
    page = bob.page
    bob.press(page.get_by_role("link", name="Reviews"))
    expect(page.locator("nav[aria-label=Main] .count")).to_contain_text("1")
    bob.press(page.get_by_role("link", name=f"Review {number}"))
    bob.press(page.locator("summary", has_text="Request changes"))
    expect(page.locator("#comment-request_changes")).to_be_focused()
    page.keyboard.type("One instance is enough for a first day.")
    bob.press(page.locator("#move-request_changes button"))
    expect(page.locator("#live")).to_have_attribute("data-state", "changes_requested")
    expect(page.locator("#messages")).to_contain_text("Version 1 is back with Alice Brandt.")


def mended(alice: Hands, number: int) -> None:
    page = alice.page
    page.goto(f"{alice.url}/deployments/{number}/")
    expect(page.locator("#panel")).to_contain_text("“One instance is enough for a first day.”")
    alice.press(page.locator(".page-actions").get_by_role("link", name="Edit"))
    page.wait_for_function("() => Boolean(window.htmx && customElements.get('traffic-split'))")
    alice.type_in(page.locator("#config-0-instance_count"), "1")
    asked(alice)
    expect(page.locator("#h-asked + p")).to_have_text("version 2 against version 1")


def approved(bob: Hands, number: int) -> None:
    page = bob.page
    page.goto(f"{bob.url}/deployments/{number}/")
    bob.type_in(page.locator("#comment-approve"), "Good.")
    bob.press(page.get_by_role("button", name="Approve version 2"))
    expect(page.locator("#live")).to_have_attribute("data-state", "approved")


def submitted(alice: Hands, number: int) -> None:
    page = alice.page
    page.goto(f"{alice.url}/deployments/{number}/")
    alice.press(page.get_by_role("button", name="Submit to dev"))
    expect(page.locator("#live")).to_have_attribute("data-outcome", "waiting")


def runs(alice: Hands, sandbox) -> None:
    """Nobody touches the page any more: it goes by itself from waiting to running, then asks no more."""
    page, live, seen = alice.page, alice.page.locator("#live"), []
    page.evaluate("window.isTheSame = true")
    for _ in range(60):
        advance("road")
        if "deploying" in seen:  # the page has shown it; now let time pass
            requests.post(f"{sandbox.url}/_sandbox/advance", json={"seconds": 30}, timeout=5).raise_for_status()
        page.wait_for_timeout(500)
        seen.append(live.get_attribute("data-service-status"))
        if seen[-1] == "running":
            break
    assert seen[-1] == "running", seen
    assert "deploying" in seen
    assert page.evaluate("window.isTheSame")  # never loaded anew
    expect(live).not_to_have_attribute("hx-get", re.compile("."))
    expect(page.locator("#head-badge")).to_contain_text("Running")
    expect(page.locator("#access-address")).to_be_visible()
    expect(page.locator("#announce")).to_have_text("Running")
    service = requests.get(f"{sandbox.url}/_sandbox/services", timeout=5).json()
    assert len(service) == 1
    assert live.get_attribute("data-service-id") == service[0]["service_id"]


def remembered(alice: Hands, number: int) -> None:
    """Who did what, and when, on the page and in the list."""
    page = alice.page
    line = page.locator("#happened")
    for words in ["submitted version 2", "approved version 2", "asked for changes to version 1", "asked for review"]:
        expect(line).to_contain_text(words)
    alice.press(page.get_by_role("link", name="Deployments", exact=True).first)
    row = page.locator("tr", has=page.locator(f'a[href="/deployments/{number}/"]')).first
    expect(row).to_contain_text("sentiment-api")
    expect(row).to_contain_text("Running")
    sent = json.loads(Deployment.objects.get(pk=number).submission.version.payload)
    assert [(one["weight"], one["instance_count"]) for one in sent["config"]] == [(70, 1), (30, 1)]
    assert sent["config"][0]["envs"] == {"LOG_LEVEL": "info"}
    assert isinstance(history.verify(), int)


def test_a_page_that_moved_on_keeps_the_words(hands_of, deployment_in, carol):
    from deployer.workflow import review

    deployment = deployment_in("in_review")
    bob = hands_of("bob")
    page: Page = bob.page
    page.goto(f"{bob.url}/deployments/{deployment.pk}/")
    review.decide(deployment, "request_changes", seen=1, by=carol, comment="Too early.")
    bob.type_in(page.locator("#comment-approve"), "Looks good.")
    bob.press(page.locator("summary", has_text="Reject"))
    expect(page.locator("#comment-reject")).to_have_value("Looks good.")  # what was typed goes along
    page.keyboard.press("Control+a")
    page.keyboard.type("Not in this quarter.")
    with page.expect_navigation() as gone:
        bob.press(page.locator("#move-reject button"))
    assert gone.value.status == 409
    expect(page.get_by_role("alert")).to_contain_text("Carol Nowak asked for changes meanwhile.")
    expect(page.locator("#kept")).to_have_text("Not in this quarter.")


def test_pressing_twice_sends_once(hands_of, deployment_in):
    deployment = deployment_in("in_review")
    bob = hands_of("bob")
    bob.page.goto(f"{bob.url}/deployments/{deployment.pk}/")
    bob.page.evaluate(
        "() => { const form = document.querySelector('#move-approve'); form.requestSubmit(); form.requestSubmit(); }"
    )
    expect(bob.page.locator("#live")).to_have_attribute("data-state", "approved")
    expect(bob.page.locator("#messages")).to_contain_text("Approved version 1.")


def test_whoever_is_logged_out_is_led_to_the_door(hands_of, deployment_in, alice):
    from django.contrib.sessions.models import Session

    deployment = deployment_in("submitted")
    hands = hands_of("alice")
    hands.page.goto(f"{hands.url}/deployments/{deployment.pk}/")
    Session.objects.all().delete()
    hands.page.wait_for_url(re.compile(rf"/accounts/login/\?next=/deployments/{deployment.pk}/"))
