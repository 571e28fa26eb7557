"""The frame of every page: on a phone, too, the row of places shows where one is."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

# How far the present place sticks out of the row of places, in pixels, and how far page and row were scrolled.
SEEN = """() => {
  const row = document.querySelector('nav[aria-label=Main]');
  const [a, b] = [row.querySelector('[aria-current]'), row].map((one) => one.getBoundingClientRect());
  return [Math.max(0, b.left - a.left, a.right - b.right), window.scrollX, window.scrollY, row.scrollLeft];
}"""


@pytest.fixture
def phone(page: Page, context, log_in, victor, dev) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(context, victor)
    return page


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_present_place_is_in_view_on_a_phone(phone, live_server, console, motion):
    phone.emulate_media(reduced_motion=motion)
    for address in ("/targets/", "/audit/", "/"):
        phone.goto(live_server.url + address)
        phone.wait_for_function("() => Boolean(window.htmx)")
        out, across, down, row = phone.evaluate(SEEN)
        assert (out, across, down) == (0, 0, 0), address
        assert (row > 0) == (address != "/")
    assert console == []


def test_it_comes_into_view_when_the_window_gets_narrow(phone, live_server):
    phone.set_viewport_size({"width": 1280, "height": 844})
    phone.goto(f"{live_server.url}/audit/")
    phone.wait_for_function("() => Boolean(window.htmx)")
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.wait_for_function(f"() => ({SEEN})()[0] === 0")
