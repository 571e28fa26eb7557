"""PostgreSQL is stopped while people work, and started again: real web server, real worker, a server of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from deployer.rehearsal import postgres
from deployer.rehearsal.place import PROXIES
from deployer.rehearsal.stage import Stage, gunicorn
from tests.browser.conftest import CHROMIUM, browser_context_args, browser_type_launch_args  # noqa: F401 - fixtures
from tests.commands.test_demo import free_port
from tests.worker.processes import ROOT, wait_for
from tests.worker.test_lost_database import control, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL: apt-get install postgresql"),
]

TYPED = "typed while nobody could write it down"


@pytest.fixture(scope="module")
def site(tmp_path_factory, sandbox_server) -> Iterator[SimpleNamespace]:
    """A web server and a worker on a PostgreSQL of their own. `down()` and `up()` stop and start it."""
    folder = tmp_path_factory.mktemp("site")
    requests.post(f"{sandbox_server.url}/_sandbox/reset", timeout=20)
    with postgres.server() as url:
        env = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES} | {
            "DATABASE_URL": url,
            "DEPLOYER_VAR": str(folder),
            "DEPLOYER_TARGET_SECRET": "demo",
            "DEPLOYER_PERSON_PASSWORD": "demo",
            "DJANGO_SETTINGS_MODULE": "deployer.settings",
        }
        places = ["--endpoint", sandbox_server.url, "--iam-endpoint", sandbox_server.url]
        who = ["--username", "demo", "--domain", "demo", "--project-id", "5a0d80b5c0de4c0fa11ab1e5eed00001"]
        must(run(env, "target", "dev", *places, *who))
        must(run(env, "person", "alice", "--roles", "author"))
        stage = Stage(folder, free_port(), 0, 1)
        (folder / "static").mkdir(exist_ok=True)
        with started(env, folder, "web", *gunicorn(stage)), started(env, folder, "worker", "manage.py", "worker"):
            wait_for(lambda: status(f"{stage.url}readyz") == 200)
            yield SimpleNamespace(
                url=stage.url.rstrip("/"),
                env=env,
                sandbox=sandbox_server.url,
                # Not "immediate": the private server syncs nothing, so what was committed last would be lost.
                down=lambda: control(url, "stop", "-m", "fast"),
                up=lambda: control(url, "start"),
                folder=folder,
            )


class started:  # noqa: N801 - reads as a word where it is used
    """A process of ours, ended with the block; what it says lies in the folder."""

    def __init__(self, env: dict[str, str], folder: Path, name: str, *words: str) -> None:
        self.log = (folder / f"{name}.log").open("wb")
        command = [sys.executable, *words]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=self.log, stderr=self.log)

    def __enter__(self) -> subprocess.Popen:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def must(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def status(url: str) -> int:
    try:
        return requests.get(url, timeout=30, allow_redirects=False).status_code
    except requests.RequestException:
        return 0


@pytest.fixture(scope="module")
def alice(site) -> requests.Session:
    session = requests.Session()
    login = f"{site.url}/accounts/login/"
    session.get(login, timeout=30)
    token = session.cookies["csrftoken"]
    form = {"login": "alice", "password": "demo", "csrfmiddlewaretoken": token}
    answer = session.post(login, form, headers={"Referer": login}, allow_redirects=False, timeout=30)
    assert answer.status_code == 302
    return session


@pytest.fixture(scope="module")
def draft(site, alice) -> tuple[str, list[tuple[str, str]]]:
    """The address of a draft's composer and what its form holds."""
    page = alice.get(f"{site.url}/", timeout=30)
    form = {"target": "dev", "infer_type": "real-time", "csrfmiddlewaretoken": token_of(page.text)}
    made = alice.post(f"{site.url}/deployments/new/", form, allow_redirects=False, timeout=30)
    assert made.status_code in (302, 303), made.text[:500]
    address = f"{site.url}{made.headers['Location']}"
    text = alice.get(address, timeout=30).text
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', text)
    fields = [("csrfmiddlewaretoken", token_of(text)), ("service_name", "kept"), ("infer_type", "real-time")]
    return address, [*fields, ("seen", seen[1] if seen else ""), ("description", TYPED)]


def token_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def back_up(site) -> None:
    """Pages answer again by themselves, soon after the database does."""
    site.up()
    wait_for(lambda: status(f"{site.url}/accounts/login/") == 200, 45)  # a busy machine takes a while to start it


def outcomes(site) -> list[str]:
    return re.findall(r'"outcome": "(\w+)"', must(run(site.env, "submissions", "--json")))


def all_are(site, outcome: str) -> Callable[[], bool]:
    return lambda: set(outcomes(site)) == {outcome}


def test_pages_say_so_and_a_plain_post_gets_its_text_back(site, alice, draft):
    address, fields = draft
    site.down()
    try:
        for page in ("/", "/deployments/", "/audit/", address.removeprefix(site.url)):
            answer = alice.get(f"{site.url}{page}", timeout=60)
            assert answer.status_code == 503
            assert "The database is away" in answer.text
            assert "Traceback" not in answer.text
        assert status(f"{site.url}/healthz") == 200
        assert status(f"{site.url}/readyz") == 503
        lost = alice.post(address, fields, timeout=60)
        assert lost.status_code == 503
        assert TYPED in lost.text
    finally:
        back_up(site)
    answer = alice.post(f"{site.url}{action_of(lost.text)}", hidden_in(lost.text), allow_redirects=False, timeout=60)
    assert answer.status_code in (302, 303), answer.text[:500]
    assert TYPED in alice.get(address, timeout=60).text


def action_of(page: str) -> str:
    found = re.search(r'<form method="post" action="([^"]+)"', page)
    assert found
    return unescape(found[1])


def hidden_in(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(unescape(name), unescape(value)) for name, value in found]


def test_what_was_in_the_air_is_known_afterwards(site):
    """Stopped between effect and record: the service exists, and its answer waits for a database."""
    order = {"match": "POST /v1/*/services", "fault": "delayed", "seconds": 4}
    requests.post(f"{site.sandbox}/_sandbox/faults", json=order, timeout=20).raise_for_status()
    must(run(site.env, "rehearse", "--deployments", "1", "--target", "dev"))
    made = f"{site.sandbox}/_sandbox/services"
    wait_for(lambda: requests.get(made, timeout=20).json())
    site.down()
    time.sleep(6)
    back_up(site)
    wait_for(all_are(site, "accepted"))
    assert len(requests.get(made, timeout=20).json()) == 1
    must(run(site.env, "rehearse", "--deployments", "2", "--target", "dev"))
    wait_for(lambda: outcomes(site) == ["accepted"] * 3)
    must(run(site.env, "verify_audit"))
    assert "Traceback" not in (site.folder / "worker.log").read_text()


@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="no Chromium here: apt-get install chromium")
def test_the_composer_goes_on_trying(site, alice, draft, page, context):
    """In a real browser: typing goes on while the database is away, and is saved once it is back."""
    address, _ = draft
    cookie = alice.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
    page.goto(address)
    page.wait_for_function("() => Boolean(window.htmx)")
    state = page.locator("[data-save-state]").first
    site.down()
    try:
        page.fill("[name=description]", "typed in the browser meanwhile")
        page.wait_for_function(
            "() => document.querySelector('[data-save-state]').textContent.includes('trying again')", timeout=30_000
        )
    finally:
        back_up(site)
    page.wait_for_function(
        "() => /^Saved/.test(document.querySelector('[data-save-state]').textContent.trim())", timeout=60_000
    )
    assert "trying again" not in state.inner_text()
    assert "typed in the browser meanwhile" in alice.get(address, timeout=60).text
