"""Words have room: what is said below one box never lies on what is said below its neighbour, at any width."""

import pytest
from playwright.sync_api import Page

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
