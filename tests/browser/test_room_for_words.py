"""Words have room: nothing lies on its neighbour, and a row of a list stays one line, at any width."""

import pytest
from playwright.sync_api import Page, expect

from deployer.workflow.catalog import Offer
from tests import factories, offers

pytestmark = pytest.mark.django_db(transaction=True)

# Each pair of visible parts of a row whose boxes lie on each other by more than a hair's breadth.
OVERLAPS = """() => [...document.querySelectorAll('.model-grid')].flatMap((grid) => {
  const parts = [...grid.querySelectorAll('.label, .control, .stands, .problem, .text-button')]
    .map((part) => [part, part.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
  return parts.flatMap(([one, a], at) => parts.slice(at + 1)
    .filter(([other]) => !one.contains(other) && !other.contains(one))
    .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
    .map(([other]) => `${one.innerText || one.id} / ${other.innerText || other.id}`));
})"""


@pytest.fixture
def some(dev) -> None:
    offers.bring(dev, "model", offers.model("id-1", "sentiment", "5.0.0"))
    offers.bring(
        dev,
        "specification",
        Offer("real-time", "modelarts.vm.cpu.2u", name="CPU: 2 vCPUs, 8 GB"),
        Offer("batch", "modelarts.vm.cpu.2u", name="CPU: 2 vCPUs, 8 GB"),
    )


def entries(**more) -> list[dict]:
    """Rows with every mix of what is missing, wrong, listed and not listed."""
    listed = {"model_id": "id-1", "specification": "modelarts.vm.cpu.2u"}
    return [
        {},
        {"model_id": "id-1"},
        listed,
        listed | {"instance_count": 0},
        listed | {"specification": "a.flavor.that.is.not.listed.anywhere"},
        listed | {"instance_count": "many", **more},
    ]


@pytest.mark.parametrize("width", [1440, 1280, 1100, 390])
def test_what_is_wrong_with_a_row_lies_on_nothing(at, draft_of, some, page, console, width):
    page.set_viewport_size({"width": width, "height": 900})
    rows = [{"weight": "x"}, *entries(weight="x")]
    at(draft_of(factories.real_time_body(*rows)))
    is_drawn(page)
    assert page.evaluate(OVERLAPS) == []
    assert console == []


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_wrong_with_a_batch_row_lies_on_nothing(at, draft_of, some, page, console, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(draft_of(factories.batch_body(**entries()[2] | {"instance_count": None})))
    is_drawn(page)
    assert page.evaluate(OVERLAPS) == []
    assert console == []


def is_drawn(page: Page) -> None:
    """What the test is about is there: a problem below the number of instances, beside what a flavor stands for."""
    for said in (page.locator(".model-grid .problem"), page.locator(".model-grid .stands:not(:empty)")):
        said.first.wait_for()


@pytest.mark.parametrize("width", [1440, 1280, 1100])
def test_a_row_of_the_list_is_one_line(live_server, context, log_in, alice, draft_of, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    draft_of(factories.real_time_body(*[factories.entry(f"m-{n}", 2) for n in range(50)], service_name="a" * 64))
    draft_of()
    log_in(context, alice)
    page.goto(f"{live_server.url}/deployments/")
    expect(page.locator("tbody tr")).to_have_count(2)
    heights = page.evaluate(
        "[...document.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect().height)"
    )
    assert max(heights) < 45, heights  # two lines take 56
    assert page.evaluate("[...document.querySelectorAll('.table-scroll')].every((e) => e.scrollWidth <= e.clientWidth)")


@pytest.mark.parametrize("state", ["draft", "in_review", "approved"])
def test_what_programs_read_counts_as_visible(live_server, context, log_in, alice, deployment_in, page, state):
    """Also where nothing is drawn in it yet, so that waiting for a state works as it does for every other element."""
    log_in(context, alice)
    page.goto(f"{live_server.url}/deployments/{deployment_in(state).pk}/")
    expect(page.locator(f"[data-state={state}]")).to_be_visible()


@pytest.mark.parametrize(("models", "is_shown"), [(12, True), (13, False)])
def test_a_legend_does_not_push_the_rows_away(at, draft_of, page, models, is_shown):
    at(draft_of(factories.real_time_body(*[factories.entry(f"m-{n}", 1) for n in range(models)])))
    expect(page.locator("traffic-split .legend").first).to_be_visible(visible=is_shown)
    expect(page.locator(".model-row .swatch")).to_have_count(models)
