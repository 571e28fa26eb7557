"""The custom elements and small scripts, in a real browser, under the product's security policy.

The pages are drawn from the product's own templates; a route answers for the server, so no address is needed.
"""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template import Context, Template
from playwright.sync_api import Page, Route, expect

ROOT = Path(__file__).parents[2]
SITE = "http://deployer.localhost"  # a safe origin by its name, so the clipboard is open; the route answers
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
KEPT = {"HX-Trigger-After-Settle": '{"draft-saved": true}'}
PERSON = SimpleNamespace(is_authenticated=True, role_names=["author"], get_full_name=lambda: "Alice Brandt")
MODELS = [("k1", "sentiment 4.1.3", "4.1.3", "60"), ("k2", "sentiment 4.2.0", "4.2.0", "25"), ("k3", "m3", "", "5")]

ROW = """<fieldset class="model-row"><legend class="unseen">{{ model }}</legend>
<input type="hidden" name="config-{{ i }}-key" value="{{ key }}">
<div class="row-lead">{% swatch 1 %}</div><div class="model-grid">
{% include "shared/_field.html" with id=model_id label="Model" value=model %}
{% include "shared/_weight.html" with id=weight_id value=weight name=model data_name=short %}
<button type="button" class="button" data-move="up" hx-post="/up/{{ key }}" hx-target="#rows"
 hx-swap="outerHTML">Up</button>
</div></fieldset>"""
PAGE = """{% extends "base.html" %}{% load deployer_tags static %}
{% block title %}Editor{% endblock %}
{% block extra_css %}<link rel="stylesheet" href="{% static 'css/compose.css' %}">{% endblock %}
{% block extra_js %}<script type="module" src="{% static 'js/compose.js' %}"></script>{% endblock %}
{% block heading %}<h1>Editor</h1>{% endblock %}
{% block actions %}<span class="save-state" data-save-state>Saved 14:03:22</span>
<button class="button" name="save" value="1" form="draft" data-save>Save</button>{% endblock %}
{% block content %}<form id="draft" method="post" action="/save" data-compose>
<div class="field"><label class="label" for="description">Description
<span class="faint" data-count-for="description">0 of 100</span></label>
<input class="control" id="description" name="description" data-count="100"></div>
<traffic-split><div class="section-head"><h2>Traffic</h2>{% include "shared/_modes.html" %}</div>
{% include "shared/_balance.html" with total=90 %}{{ rows }}</traffic-split>
<button type="button" class="button" hx-post="/add" hx-target="#rows" hx-swap="outerHTML">Add model</button>
<button type="button" class="button" hx-post="/keep" hx-target="#answer" hx-swap="innerHTML">Keep</button>
<button type="button" class="button" hx-post="/check" hx-target="#answer" hx-swap="innerHTML">Check</button>
<div id="answer"></div></form>
<p class="gap">{% include "shared/_fingerprint.html" with value=print %}</p>{% endblock %}"""
SUMMARY = '{% include "shared/_problems_summary.html" %}'


def drawn(text: str, **context) -> str:
    return Template("{% load deployer_tags %}" + text if "extends" not in text else text).render(Context(context))


def rows(models=MODELS) -> str:
    """The rows as the server draws them, ids by place, keys by row."""
    found = []
    for i, (key, model, short, weight) in enumerate(models):
        ids = {"model_id": f"config-{i}-model_id", "weight_id": f"config-{i}-weight"}
        found.append(drawn(ROW, i=i, key=key, model=model, short=short, weight=weight, **ids))
    return f'<div class="rows-of-models" id="rows" data-rows>{"".join(found)}</div>'


def told(focus: str, words: str) -> dict[str, str]:
    """What the composer's answers say to the scripts: saved, and where the focus goes."""
    events = {"draft-saved": True, "composer-focus": {"id": focus, "words": words}}
    return {"HX-Trigger-After-Settle": json.dumps(events)}


def answer(route: Route) -> None:
    """What the server would say."""
    path = route.request.url.removeprefix(SITE).partition("?")[0]
    if path.startswith("/static/"):
        file = ROOT / path[1:]
        route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
    elif path == "/add":
        new = rows([*MODELS, ("k4", "", "", "")])
        route.fulfill(body=new, content_type="text/html", headers=told("config-3-model_id", "Model 4 added."))
    elif path.startswith("/up/"):
        moved = rows([MODELS[1], MODELS[0], MODELS[2]])
        route.fulfill(body=moved, content_type="text/html", headers=told("", "Model 2 is model 1 now."))
    elif path == "/keep":
        route.fulfill(body="", content_type="text/html", headers=KEPT)
    elif path == "/check":
        wrong = [SimpleNamespace(message="The weights add up to 90. They must make 100.", anchor="config-2-weight")]
        route.fulfill(body=drawn(SUMMARY, problems=wrong), content_type="text/html", status=422)
    else:
        route.fulfill(body=page_text(), content_type="text/html", headers={"Content-Security-Policy": POLICY})


def page_text() -> str:
    shares = [{"name": short or model, "weight": int(weight)} for _, model, short, weight in MODELS]
    safe_rows = Template(rows().replace("{", "&#123;")).render(Context())
    return drawn(PAGE, person=PERSON, shares=shares, rows=safe_rows, print="7f3a91c204deb81a" * 4, csrf_token="x")


@pytest.fixture
def editor(page: Page, console) -> Page:
    page.route("**/*", answer)
    page.goto(f"{SITE}/")
    expect(page.locator("[data-do=spread]")).to_be_visible()
    yield page
    assert console == []


def total(page: Page) -> str:
    return page.locator("[data-total=weight]").inner_text().strip()


def weights(page: Page) -> list[str]:
    return [box.input_value() for box in page.locator("[data-weight]").all()]


def box(page: Page, place: int):
    return page.locator(f"#config-{place}-weight")


# --- Arithmetic ---------------------------------------------------------------------------------------------------


def test_the_script_counts_as_the_domain_does(editor):
    cases = json.loads((ROOT / "tests/samples/weights.json").read_text())
    results = editor.evaluate(
        """async (cases) => {
          const weights = await import("/static/js/weights.js");
          return cases.map(({ op, weights: given, locked, row, value }) =>
            op === "linked" ? weights.linked(given, locked, row, value) : weights[op](given, locked));
        }""",
        cases,
    )
    assert results == [case["result"] for case in cases]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("15", "100 of 100"),
        ("27", "112 of 100, 12 too much"),
        ("", "85 of 100, 15 left"),
        (" 15 ", "100 of 100"),
        ("015", "100 of 100"),
        ("1.5", "85 of 100, 15 left"),
        ("1e1", "85 of 100, 15 left"),
        ("+15", "85 of 100, 15 left"),
        ("-15", "70 of 100, 30 left"),
        ("١٥", "85 of 100, 15 left"),
        ("fifteen", "85 of 100, 15 left"),
        ("9" * 30, "1" + "0" * 28 + "84 of 100, " + "9" * 28 + "84 too much"),
        ("9" * 31, "85 of 100, 15 left"),
    ],
)
def test_the_total_follows_what_is_typed_and_begins_with_the_number(editor, typed, words):
    box(editor, 2).fill(typed)
    expect(editor.locator("[data-total=weight]")).to_have_text(re.compile(rf"^\s*{words}\s*$"))


def test_the_total_follows_each_keystroke(editor):
    box(editor, 0).fill("")
    assert total(editor).startswith("30 ")
    box(editor, 0).press("7")
    assert total(editor).startswith("37 ")
    box(editor, 0).press("0")
    assert total(editor) == "100 of 100"
    expect(editor.locator("[data-total=weight]")).to_have_attribute("data-tone", "good")


def test_bar_and_legend_say_name_and_number(editor):
    box(editor, 1).fill("37")
    expect(editor.locator(".split")).to_have_attribute("aria-label", "Traffic: 4.1.3 60, 4.2.0 37, m3 5")
    expect(editor.locator(".split .over")).to_have_count(1)
    assert editor.locator(".legend[data-legend]").inner_text().split() == ["4.1.3", "60", "4.2.0", "37", "m3", "5"]
    editor.locator("#config-2-model_id").fill("other")
    expect(editor.locator(".split")).to_have_attribute("aria-label", re.compile("other 5"))


# --- Balance ------------------------------------------------------------------------------------------------------


def test_spread_respects_a_lock_and_can_be_taken_back(editor):
    editor.get_by_role("button", name="Lock the weight of sentiment 4.1.3").click()
    expect(editor.get_by_role("button", name="Lock the weight of sentiment 4.1.3")).to_have_attribute(
        "aria-pressed", "true"
    )
    editor.get_by_role("button", name="Spread over unlocked").click()
    assert weights(editor) == ["60", "33", "7"]
    expect(editor.locator("[data-do=spread]")).to_be_hidden()
    editor.get_by_role("button", name="Undo").click()
    assert weights(editor) == ["60", "25", "5"]


def test_equalise_and_undo_by_key(editor):
    editor.get_by_role("button", name="Equalise").click()
    assert weights(editor) == ["34", "33", "33"]
    expect(editor.locator("[data-do=equalise]")).to_be_hidden()
    box(editor, 0).press("Control+z")
    assert weights(editor) == ["60", "25", "5"]


def test_one_row_takes_what_is_left_or_gives_back_what_is_too_much(editor):
    editor.get_by_role("button", name=re.compile("Give it 10 ?: m3")).click()
    assert weights(editor) == ["60", "25", "15"]
    expect(box(editor, 2)).to_be_focused()
    box(editor, 1).fill("37")
    editor.get_by_role("button", name=re.compile("Take 12 from it ?: sentiment 4.2.0")).click()
    assert weights(editor) == ["60", "25", "15"]


def test_arrows_move_by_one_or_ten_and_stay_in_range(editor):
    box(editor, 2).press("ArrowUp")
    box(editor, 2).press("Shift+ArrowUp")
    assert weights(editor)[2] == "16"
    for _ in range(3):
        box(editor, 2).press("Shift+ArrowDown")
    assert weights(editor)[2] == "0"
    box(editor, 2).press("=")
    assert weights(editor) == ["60", "25", "15"]


def test_linked_rows_keep_their_proportions_and_the_mode_is_remembered(editor):
    editor.get_by_text("Linked").click()
    box(editor, 0).fill("50")
    assert weights(editor) == ["50", "42", "8"]
    box(editor, 0).fill("")
    box(editor, 0).press("7")
    box(editor, 0).press("0")
    assert weights(editor) == ["70", "25", "5"]
    editor.on("dialog", lambda dialog: dialog.accept())
    editor.reload()
    expect(editor.get_by_label("Linked")).to_be_checked()


def test_the_last_unlocked_row_says_why_it_does_not_move(editor):
    editor.get_by_text("Linked").click()
    for name in ("sentiment 4.1.3", "sentiment 4.2.0"):
        editor.get_by_role("button", name=f"Lock the weight of {name}").click()
    expect(box(editor, 2)).to_have_attribute("readonly", "")
    expect(editor.get_by_text("unlock another row to change this")).to_be_visible()


def test_the_total_is_read_out_after_a_rest_not_at_each_key(editor):
    status = editor.locator("traffic-split [role=status]")
    assert status.inner_text() == ""
    box(editor, 2).fill("1")
    assert status.inner_text() == ""
    box(editor, 2).fill("15")
    expect(status).to_have_text("Total 100, valid", timeout=2000)


# --- Rows that come, go and move ----------------------------------------------------------------------------------


def test_a_row_that_came_is_counted_and_takes_the_focus(editor):
    editor.get_by_role("button", name="Lock the weight of sentiment 4.1.3").click()
    editor.get_by_role("button", name="Add model").click()
    expect(editor.locator("#config-3-model_id")).to_be_focused()
    expect(editor.locator("[data-save-state]")).to_have_text("Saved 14:03:22")
    box(editor, 3).fill("10")
    assert total(editor) == "100 of 100"
    expect(editor.get_by_role("button", name="Lock the weight of sentiment 4.1.3")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_alt_and_arrow_move_a_row_and_the_focus_goes_along(editor):
    box(editor, 1).press("Alt+ArrowUp")
    expect(editor.locator("#toasts")).to_contain_text("Model 2 is model 1 now.")
    expect(box(editor, 0)).to_be_focused()
    assert weights(editor) == ["25", "60", "5"]


# --- Saving -------------------------------------------------------------------------------------------------------


def test_leaving_asks_only_when_something_is_unsaved(editor):
    asked = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    editor.reload()
    assert asked == []
    box(editor, 0).fill("61")
    expect(editor.locator("[data-save-state]")).to_have_text("Not saved yet")
    box(editor, 0).fill("60")
    expect(editor.locator("[data-save-state]")).to_have_text("Saved 14:03:22")
    editor.reload()
    assert asked == []
    editor.get_by_role("button", name="Equalise").click()
    editor.reload()
    assert asked == ["beforeunload"]


def test_a_save_by_swap_counts_what_was_sent_not_what_was_typed_since(editor):
    state = editor.locator("[data-save-state]")
    box(editor, 0).fill("61")
    editor.get_by_role("button", name="Keep").click()
    expect(state).to_have_text("Saved 14:03:22")
    box(editor, 0).fill("60")
    expect(state).to_have_text("Not saved yet")
    held = []
    editor.route("**/keep", lambda route: held.append(route))
    editor.get_by_role("button", name="Keep").click()
    editor.wait_for_timeout(200)
    box(editor, 0).fill("62")
    answer(held[0])
    editor.wait_for_timeout(200)
    expect(state).to_have_text("Not saved yet")
    box(editor, 0).fill("60")
    expect(state).to_have_text("Saved 14:03:22")


def test_ctrl_s_saves_and_does_not_ask(editor):
    asked = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    editor.locator("#description").fill("Sentiment 😀")
    expect(editor.locator("[data-count-for=description]")).to_have_text("11 of 100")
    with editor.expect_request(f"{SITE}/save") as sent:
        editor.locator("#description").press("Control+s")
    assert sent.value.method == "POST"
    assert "config-0-weight=60" in sent.value.post_data
    assert "save=1" in sent.value.post_data
    assert "traffic-mode" not in sent.value.post_data
    assert asked == []


def test_the_summary_takes_the_focus_and_leads_to_the_control(page, console):
    page.route("**/*", answer)
    page.goto(f"{SITE}/")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="The weights add up to 90.").click()
    expect(box(page, 2)).to_be_focused()
    # The browser itself reports the status 422; nothing else may be wrong.
    assert all("422" in line for line in console)


# --- Frame --------------------------------------------------------------------------------------------------------


def test_the_theme_turns_through_system_light_and_dark(editor):
    seen = []
    for _ in range(3):
        editor.get_by_role("button", name="Theme").click()
        cookies = {cookie["name"]: cookie["value"] for cookie in editor.context.cookies(SITE)}
        seen.append((editor.locator("html").get_attribute("data-theme"), cookies.get("theme")))
    assert seen == [("light", "light"), ("dark", "dark"), (None, None)]
    assert {cookie["name"]: cookie["value"] for cookie in editor.context.cookies(SITE)}["zone"] == "Europe/Berlin"


def test_a_fingerprint_is_copied_whole(editor):
    editor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.get_by_role("button", name="Copy the whole fingerprint").click()
    expect(editor.locator("#toasts")).to_have_text("Copied.")
    assert editor.evaluate("navigator.clipboard.readText()") == "7f3a91c204deb81a" * 4


def test_the_account_menu_opens_without_script_and_signs_out_by_post(editor):
    editor.get_by_role("button", name="Alice Brandt").click()
    expect(editor.get_by_role("button", name="Sign out")).to_be_visible()
    assert editor.locator("#account-menu form").get_attribute("method") == "post"


@pytest.mark.looks
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_editor_is_accessible(editor, theme, width):
    editor.emulate_media(color_scheme=theme, reduced_motion="reduce")
    editor.set_viewport_size({"width": width, "height": 900})
    box(editor, 1).fill("37")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(editor, options={"runOnly": rules}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
