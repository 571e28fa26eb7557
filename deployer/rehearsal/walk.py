"""The main job, walked once over HTTP: compose, review, submit, watch, and settle a lost answer."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests

from deployer.rehearsal.browser import Browser, Page, Wrong
from deployer.rehearsal.cast import PASSWORD
from deployer.rehearsal.drill import MODEL, POOL
from deployer.rehearsal.processes import say
from deployer.rehearsal.stage import Stage
from deployer.workflow import history

OTHER_MODEL = "598b913a-af3e-41ba-a1b5-bf065320f1e2"
PATIENCE = 30.0  # seconds until something must have shown


class Walk:
    """Two people, a browser each, and the sandbox's own doors."""

    def __init__(self, stage: Stage) -> None:
        self.sandbox = stage.sandbox
        self.alice, self.bob = Browser(stage.url), Browser(stage.url)
        self.name = f"walk-{secrets.token_hex(3)}"

    def log_in(self) -> None:
        self.alice.log_in("alice", PASSWORD)
        self.bob.log_in("bob", PASSWORD)

    def compose(self) -> str:
        """Two models 70 to 30 with variables, typed into an empty draft. The deployment's address."""
        page = self.alice.get("deployments/new/")
        page = self.alice.send(page, "/deployments/new/", target="dev", infer_type="real-time")
        page = self.alice.send(page, "/edit/", **typed(self.name))
        address = urlsplit(page.url).path.removesuffix("edit/")
        body = json.loads(self.alice.get(f"{address}payload.json").text)
        weights = [entry["weight"] for entry in body["config"]]
        if body["service_name"] != self.name or weights != [70, 30]:
            raise Wrong(f"the payload is not what was typed: {body}")
        return address

    def ask(self, address: str) -> None:
        self.alice.send(self.alice.get(address), "/ask-review/", comment="Walked by the demo.")
        self.expect(address, "state", "in_review")

    def nobody_signs_their_own_work(self, address: str) -> None:
        page = self.alice.get(address)
        form = next(form for form in page.read.forms if "seen" in form.values)
        values = {name: form.values[name] for name in ("seen", "csrfmiddlewaretoken")}
        answer = self.alice.session.post(
            page.url + "approve/", data={**values, "comment": ""}, headers={"Referer": page.url}, timeout=PATIENCE
        )
        if answer.status_code != 403:
            raise Wrong(f"alice approved her own work: {answer.status_code}")

    def approve(self, address: str) -> None:
        self.bob.send(self.bob.get(address), "/approve/", comment="Fine.")
        self.expect(address, "state", "approved")

    def submit(self, address: str) -> None:
        self.alice.send(self.alice.get(address), "/submit/")
        self.until(address, "outcome", "accepted")

    def runs(self, address: str) -> None:
        self.door("POST", "advance", {"seconds": 120})
        page = self.until(address, "service-status", "running")
        if page.read.data.get("data-service-id") != self.one_service(self.name):
            raise Wrong("the page names another service than the cloud")

    def remembered(self, address: str) -> None:
        page = self.alice.get(f"deployments/?q={self.name}")
        if address not in page.text:
            raise Wrong(f"the history does not show {self.name}")

    def settle_a_lost_answer(self) -> None:
        """The line drops after the service was made: exactly one, found by looking."""
        name = f"{self.name}-lost"
        entry = {"model_id": MODEL, "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
        body = {"service_name": name, "infer_type": "real-time", "cluster_id": POOL, "config": [entry]}
        page = self.alice.get("deployments/import/")
        page = self.alice.send(page, "/deployments/import/", target="dev", body=json.dumps(body))
        address = urlsplit(page.url).path.removesuffix("edit/")
        self.ask(address)
        self.approve(address)
        self.door("POST", "faults", {"match": "POST /v1/*/services", "fault": "reset-after", "times": 1})
        self.submit(address)
        self.one_service(name)

    def one_service(self, name: str) -> str:
        """The id of the one service of this name that ever was."""
        found = [row["service_id"] for row in self.door("GET", "services") if row["service_name"] == name]
        if len(found) != 1:
            raise Wrong(f"there are {len(found)} services named {name}")
        return found[0]

    def chain_holds(self) -> None:
        result = history.verify()
        if isinstance(result, history.Broken):
            raise Wrong(result.why)

    def door(self, method: str, name: str, order: dict[str, Any] | None = None) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, f"{self.sandbox}/_sandbox/{name}", json=order, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()

    def expect(self, address: str, fact: str, value: str) -> Page:
        page = self.alice.get(address)
        if page.read.data.get(f"data-{fact}") != value:
            raise Wrong(f"{address} says {fact} {page.read.data.get(f'data-{fact}')}, not {value}")
        return page

    def until(self, address: str, fact: str, value: str) -> Page:
        """Look at the page again and again until it says so."""
        ends_at = time.monotonic() + PATIENCE
        while True:
            try:
                return self.expect(address, fact, value)
            except Wrong:
                if time.monotonic() > ends_at:
                    raise
            time.sleep(0.25)


def typed(name: str) -> dict[str, str]:
    """What is typed into the composer; fields carry the API's own names: CONTRACT.md."""
    found = {"service_name": name, "description": "Made by the demo's walk", "cluster_id": POOL}
    found |= {"config-TOTAL_FORMS": "2", "config-0-envs-TOTAL_FORMS": "1", "config-1-envs-TOTAL_FORMS": "0"}
    found |= {"config-0-envs-0-key": "MODEL_TIMEOUT", "config-0-envs-0-value": "30"}
    for place, (model, weight) in enumerate(((MODEL, "70"), (OTHER_MODEL, "30"))):
        row = {"model_id": model, "weight": weight, "specification": "modelarts.vm.cpu.2u", "instance_count": "1"}
        found |= {f"config-{place}-{key}": value for key, value in row.items()}
    return found


def main_job(stage: Stage) -> bool:
    """Each step with a line on standard error; False at the first that does not work."""
    walk = Walk(stage)
    address = ""

    def compose() -> None:
        nonlocal address
        address = walk.compose()

    steps: list[tuple[str, Callable[[], object]]] = [
        ("Alice and Bob log in", walk.log_in),
        ("Alice composes a service of two models, 70 to 30", compose),
        ("She asks for review", lambda: walk.ask(address)),
        ("She cannot approve it herself", lambda: walk.nobody_signs_their_own_work(address)),
        ("Bob approves it", lambda: walk.approve(address)),
        ("Alice submits it, and the cloud accepts it", lambda: walk.submit(address)),
        ("It runs", lambda: walk.runs(address)),
        ("The history has it", lambda: walk.remembered(address)),
        ("A lost answer is settled, with exactly one service", walk.settle_a_lost_answer),
        ("The chain of events holds", walk.chain_holds),
    ]
    for words, step in steps:
        try:
            step()
        except (Wrong, requests.RequestException, KeyError, ValueError, StopIteration) as error:
            say(f"  no  {words}: {error}")
            return False
        say(f"  ok  {words}")
    return True
