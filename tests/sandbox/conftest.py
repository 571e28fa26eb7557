"""A sandbox of each test's own, and a client that speaks plain HTTP to it."""

import json

import pytest
import requests

from deployer.sandbox import account
from deployer.sandbox.server import Sandbox

DEV, PROD = account.PROJECTS


class Client:
    """Requests to one sandbox, logged in on demand. Nothing is retried."""

    def __init__(self, url):
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        self.tokens = {}

    def close(self):
        self.http.close()

    def call(self, method, path, *, token=None, headers=None, timeout=10, **more):
        headers = dict(headers or {})
        if token:
            headers["X-Auth-Token"] = token
        return self.http.request(
            method, self.url + path, headers=headers, timeout=timeout, allow_redirects=False, **more
        )

    def login(self, project=DEV, query="", **changes):
        return self.call("POST", f"/v3/auth/tokens{query}", json=login_body(project, **changes))

    def token(self, project=DEV):
        if project not in self.tokens:
            self.tokens[project] = self.login(project).headers["X-Subject-Token"]
        return self.tokens[project]

    def api(self, method, path, *, project=DEV, **more):
        """A ModelArts call of the project, `path` from the project on."""
        return self.call(method, f"/v1/{project}{path}", token=self.token(project), **more)

    def create(self, body=None, *, project=DEV, **changes):
        return self.api("POST", "/services", project=project, json={**(body or a_service()), **changes})

    def made(self, body=None, **changes):
        """The id of a service that was created."""
        answer = self.create(body, **changes)
        assert answer.status_code == 200, answer.text
        return answer.json()["service_id"]

    def service(self, service_id, project=DEV):
        return self.api("GET", f"/services/{service_id}", project=project).json()

    def status(self, service_id):
        return self.service(service_id)["status"]

    def put(self, service_id, **body):
        return self.api("PUT", f"/services/{service_id}", json=body)

    def events(self, service_id):
        """What happened to a service, oldest first: (normal or abnormal, words)."""
        rows = self.api("GET", f"/services/{service_id}/events?order=asc").json()["events"]
        return [(row["event_type"], row["event_info"]) for row in rows]

    def door(self, name, body=None):
        """What a door answers; reading without a body, changing with one."""
        answer = self.call("GET" if body is None else "POST", f"/_sandbox/{name}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, match, kind, **more):
        return self.door("faults", {"match": match, "fault": kind, **more})

    def journal(self, method, path):
        return [e for e in self.door("journal") if e["method"] == method and e["path"].endswith(path)]

    def advance(self, seconds):
        self.door("advance", {"seconds": seconds})


def login_body(project=DEV, *, name="demo", password="demo", domain="demo", scope=None):
    user = {"name": name, "password": password, "domain": {"name": domain}}
    scope = {"project": {"id": project}} if scope is None else scope
    return {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}


def a_model(**changes):
    row = {"model_id": "xxxmodel-idxxx", "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    return {**row, **changes}


def a_service(name="mnist", **changes):
    return {"service_name": name, "infer_type": "real-time", "config": [a_model()], **changes}


def a_job(name="nightly", **changes):
    row = {
        "model_id": "598b913a-af3e-41ba-a1b5-bf065320f1e2",
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
        "src_path": "https://infers-data.obs.xxxx.com/in/",
        "dest_path": "https://infers-data.obs.xxxx.com/out/",
        "req_uri": "/",
        "mapping_type": "file",
    }
    return {"service_name": name, "infer_type": "batch", "config": [{**row, **changes}]}


def error_of(answer):
    """Status, code and words of a refusal."""
    body = json.loads(answer.text)
    return answer.status_code, body["error_code"], body["error_msg"]


@pytest.fixture
def cloud_sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(cloud_sandbox):
    client = Client(cloud_sandbox.url)
    yield client
    client.close()
