"""Drive a ModelArts API with huaweicloudsdkcore's signed requests, and print a table of what was seen.

    python3 try_huawei_sdk.py http://127.0.0.1:8100

Needs huaweicloudsdkmodelarts and huaweicloudsdkcore 3.1.219. The package has typed calls for /v2 alone,
so the /v1 calls go through its own `do_http_request`: it signs, sends and reads errors as for any other.
The defaults are the sandbox's published account.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkmodelarts.v1 import ModelArtsClient

Json = dict[str, Any]
MODEL: Json = {
    "model_id": "xxxmodel-idxxx",
    "weight": 100,
    "specification": "modelarts.vm.cpu.2u",
    "instance_count": 1,
}


class Signed:
    """The raw calls of one project, each signed by the package."""

    def __init__(self, given: argparse.Namespace) -> None:
        keys = BasicCredentials(given.access_key, given.secret_key, given.project_id)
        if given.security_token:
            keys = keys.with_security_token(given.security_token)
        self.client = ModelArtsClient.new_builder().with_credentials(keys).with_endpoint(given.url).build()

    def call(
        self, method: str, path: str, body: Json | None = None, version: str = "v1", ids: str = "", **query: Any
    ) -> Json:
        answer = self.client.do_http_request(
            method=method,
            resource_path=f"/{version}/{{project_id}}{path}",
            path_params={"service_id": ids} if ids else {},
            query_params=list(query.items()),
            header_params={},
            body=body,
            response_type="CreateInferServiceResponse",
            response_headers=[],
            collection_formats={},
            request_type="CreateInferServiceRequest",
        )
        read: Json = json.loads(answer.raw_content)
        return read


def found_project(given: argparse.Namespace) -> str:
    """The project id as the package finds it by itself: a signed `GET /v3/projects?name=<region>`."""
    keys = BasicCredentials(given.access_key, given.secret_key).with_iam_endpoint(given.url)
    if given.security_token:
        keys = keys.with_security_token(given.security_token)
    builder = ModelArtsClient.new_builder().with_credentials(keys)
    client = builder.with_region(Region(given.region, given.url)).build()
    found: str = client.get_credentials().project_id
    assert found == given.project_id
    return f"id of {given.region}, by GET /v3/projects"


class Table:
    """Runs one step after the other and keeps what each has shown."""

    def __init__(self) -> None:
        self.failed = 0

    def see(self, call: str, act: Callable[[], str]) -> None:
        try:
            words = act()
        except Exception as error:  # noqa: BLE001  a table of what was seen shows failures too
            self.failed += 1
            words = f"FAILED: {type(error).__name__}: {error}"
        print(f"| {call} | {words} |")  # noqa: T201


def until(cloud: Signed, service_id: str, wanted: str) -> str:
    """Wait, at most a minute, for the service to have this status."""
    for _ in range(240):
        status = cloud.call("GET", f"/services/{service_id}")["status"]
        if status == wanted:
            return wanted
        time.sleep(0.25)
    raise AssertionError(f"still {status}")


def refused(act: Callable[[], Any]) -> str:
    """Status and code of the refusal that this must end in."""
    try:
        act()
    except ClientRequestException as error:
        return f"{error.status_code} {error.error_code}"
    raise AssertionError("it was not refused")


class Steps:
    """Every /v1 call that the product uses, in the order of a service's life."""

    def __init__(self, cloud: Signed, name: str) -> None:
        self.call, self.cloud, self.name = cloud.call, cloud, name
        self.ids: list[str] = []

    def create(self, name: str = "") -> str:
        body = {"service_name": name or self.name, "infer_type": "real-time", "config": [MODEL]}
        made = self.call("POST", "/services", body)
        self.ids.append(made["service_id"])
        return f"service_id and {len(made['resource_ids'])} resource_ids"

    def lists(self) -> str:
        found = self.call("GET", "/services", service_name=self.name, limit=10, offset=0, status="deploying")
        assert [row["service_id"] for row in found["services"]] == self.ids
        return f"total_count {found['total_count']}, without config: {'config' not in found['services'][0]}"

    def show(self) -> str:
        found = self.call("GET", f"/services/{self.ids[0]}")
        return f"{found['status']}, weight {found['config'][0]['weight']!r}"

    def put(self, wanted: str, **body: Any) -> str:
        assert self.call("PUT", f"/services/{self.ids[0]}", body) == {}
        return f"{{}}, then {until(self.cloud, self.ids[0], wanted)}"

    def of_service(self, path: str, key: str) -> str:
        rows = self.call("GET", f"/services/{self.ids[0]}/{path}")[key]
        assert rows
        return f"{len(rows)} rows of {key}"

    def rows(self, path: str, key: str, version: str = "v1", **query: Any) -> str:
        rows = self.call("GET", path, version=version, **query)[key]
        assert rows
        return f"{len(rows)} rows of {key}"

    def delete(self) -> str:
        for number in (1, 2):
            self.create(f"{self.name}-{number}")
        # The package encodes what it puts into a path: this comma leaves as %2C.
        assert self.call("DELETE", "/services/{service_id}", ids=",".join(self.ids)) == {}
        return f"{len(self.ids)} services in one call, the comma sent as %2C"

    def gone(self) -> str:
        for one in self.ids:
            for _ in range(240):
                try:
                    self.call("GET", f"/services/{one}")
                except ClientRequestException:
                    break
                time.sleep(0.25)
        return refused(lambda: self.call("GET", f"/services/{self.ids[0]}"))


def run(cloud: Signed, given: argparse.Namespace) -> int:
    name = f"signed-{int(time.time())}"
    steps, table = Steps(cloud, name), Table()
    see, wrong = table.see, {"service_name": name, "infer_type": "real-time", "config": [{**MODEL, "weight": 99}]}
    see("the project's id", lambda: found_project(given))
    see("create", steps.create)
    see("create with a name that is taken", lambda: refused(steps.create))
    see("create with weights that make 99", lambda: refused(lambda: cloud.call("POST", "/services", wrong)))
    see("list, filtered", steps.lists)
    see("show", steps.show)
    see("stop while deploying", lambda: refused(lambda: steps.put("stopped", status="stopped")))
    see("update the description", lambda: steps.put("running", description="a new word"))
    see("update the configuration", lambda: steps.put("running", config=[{**MODEL, "instance_count": 2}]))
    see("stop", lambda: steps.put("stopped", status="stopped"))
    see("start", lambda: steps.put("running", status="running"))
    see("logs", lambda: steps.of_service("logs", "logs"))
    see("events", lambda: steps.of_service("events", "events"))
    see("monitor", lambda: steps.of_service("monitor", "monitors"))
    see("specifications", lambda: steps.rows("/services/specifications", "specifications", infer_type="batch"))
    see("clusters", lambda: steps.rows("/clusters", "clusters", status="running"))
    see("pools (v2)", lambda: steps.rows("/pools", "items", version="v2"))
    see("models", lambda: steps.rows("/models", "models", model_status="published", limit=5))
    see("workspaces", lambda: steps.rows("/workspaces", "workspaces"))
    see("delete several", steps.delete)
    see("show afterwards", steps.gone)
    return 1 if table.failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Drive a ModelArts API with signed requests.")
    parser.add_argument("url", help="where ModelArts answers, e.g. http://127.0.0.1:8100")
    parser.add_argument("--project-id", default="5a0d80b5c0de4c0fa11ab1e5eed00001")
    parser.add_argument("--region", default="region-1")
    parser.add_argument("--access-key", default="SANDBOXACCESSKEY")
    parser.add_argument("--secret-key", default="sandbox-secret-key")
    parser.add_argument("--security-token", default="", help="of temporary keys")
    given = parser.parse_args()
    given.url = given.url.rstrip("/")
    return run(Signed(given), given)


if __name__ == "__main__":
    sys.exit(main())
