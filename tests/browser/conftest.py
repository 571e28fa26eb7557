"""A real Chromium. Without one these tests are skipped with the reason; in CI that is a failure."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from deployer.models import Deployment, Person

# Playwright runs an event loop in this thread; the ORM is still called from ordinary code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(config, items) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    if not CHROMIUM:
        pytest.fail("CI has no Chromium: install the package chromium")
    sandboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*QUIET, *sandboxed]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args) -> dict:
    return {**browser_context_args, "timezone_id": "Europe/Berlin", "locale": "en-GB"}


@pytest.fixture
def log_in(live_server) -> Callable[[BrowserContext, Person], None]:
    """Put this person's session into a browser context, as the log-in page would."""

    def into(context: BrowserContext, person: Person) -> None:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])

    return into


@pytest.fixture
def at(page: Page, context, live_server, log_in, alice):
    """Alice at the composer of this deployment."""

    def open_page(deployment: Deployment) -> Page:
        log_in(context, alice)
        page.goto(f"{live_server.url}/deployments/{deployment.pk}/edit/")
        page.wait_for_function("() => Boolean(window.htmx && customElements.get('traffic-split'))")
        return page

    return open_page


@pytest.fixture
def console(page: Page) -> list[str]:
    """What the browser complained about: errors in the console, among them violations of the security policy.

    htmx reports a request that was given up because the page was left as an error of two lines; that is no fault. A
    request that failed has a line of its own (`htmx:sendError`), and is one.
    """
    said: list[str] = []

    def heard(message) -> None:
        if message.type == "error" and not message.text.startswith(("htmx:sendAbort,", "htmx:afterRequest,")):
            said.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
