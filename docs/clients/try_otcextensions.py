"""Drive a ModelArts API with otcextensions, as published, and print a table of what was seen.

    python3 try_otcextensions.py http://127.0.0.1:8100                # by token
    python3 try_otcextensions.py http://127.0.0.1:8100 --by keys      # by AK/SK

Needs otcextensions 0.34.8 and openstacksdk 4.21.0; `--by keys` also huaweicloudsdkcore, whose signer
it borrows: otcextensions itself signs for storage alone. The defaults are the sandbox's published account.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openstack
import requests
from keystoneauth1 import plugin
from keystoneauth1 import session as keystone_session
from openstack import exceptions
from otcextensions import sdk as otc

Json = dict[str, Any]
BODY: Json = {
    "description": "made by a public client",
    "infer_type": "real-time",
    "config": [
        {"model_id": "xxxmodel-idxxx", "weight": "70", "specification": "modelarts.vm.cpu.2u", "instance_count": 1},
        {"model_id": "xxxxxx", "weight": "30", "specification": "modelarts.vm.cpu.2u", "instance_count": 1},
    ],
}


class Signed(requests.auth.AuthBase):
    """Signs each request with the signer of huaweicloudsdkcore."""

    def __init__(self, access_key: str, secret_key: str, project_id: str) -> None:
        from huaweicloudsdkcore.auth.credentials import BasicCredentials
        from huaweicloudsdkcore.signer.signer import Signer

        self.project_id = project_id
        self.signer = Signer(BasicCredentials(access_key, secret_key, project_id))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        from huaweicloudsdkcore.sdk_request import SdkRequest

        parts = urlsplit(request.url)
        headers = {"X-Project-Id": self.project_id}
        if "Content-Type" in request.headers:
            headers["Content-Type"] = request.headers["Content-Type"]
        query = parse_qsl(parts.query, keep_blank_values=True)
        body = request.body or ""
        asked = SdkRequest(
            method=request.method,
            schema=parts.scheme,
            host=parts.netloc,
            resource_path=parts.path,
            query_params=query,
            header_params=headers,
            body=body,
        )
        request.headers.update(self.signer.sign(asked).header_params)
        return request


class NoToken(plugin.BaseAuthPlugin):
    """The endpoint without a log-in: the signature proves who asks."""

    def __init__(self, endpoint: str, project_id: str) -> None:
        super().__init__()
        self.endpoint, self.project_id = endpoint, project_id

    def get_headers(self, session: Any, **kwargs: Any) -> Json:
        return {}

    def get_endpoint(self, session: Any, **kwargs: Any) -> str:
        return self.endpoint

    def get_project_id(self, session: Any, **kwargs: Any) -> str:
        return self.project_id


def by_token(given: argparse.Namespace) -> Any:
    """A connection as any user of otcextensions makes it: discovery, log-in, catalog."""
    connection = openstack.connect(
        load_envvars=False,
        load_yaml_config=False,
        auth_url=f"{given.url}/v3",
        username=given.user,
        password=given.password,
        user_domain_name=given.domain,
        project_name=given.project,
        project_domain_name=given.domain,
        region_name=given.region,
    )
    otc.register_otc_extensions(connection)
    return connection.modelartsv1


def by_keys(given: argparse.Namespace) -> Any:
    """The same calls, every request signed. No token is ever asked for."""
    http = requests.Session()
    http.trust_env = False
    http.auth = Signed(given.access_key, given.secret_key, given.project_id)
    auth = NoToken(f"{given.url}/v1/{given.project_id}", given.project_id)
    session = keystone_session.Session(auth=auth, session=http)
    connection = openstack.connection.Connection(session=session, region_name=given.region)
    otc.register_otc_extensions(connection)
    return connection.modelartsv1


class Table:
    """Runs one step after the other and keeps what each has shown."""

    def __init__(self) -> None:
        self.failed = 0

    def see(self, call: str, act: Callable[[], Any]) -> Any:
        try:
            value, words = act()
        except Exception as error:  # noqa: BLE001  a table of what was seen shows failures too
            self.failed += 1
            print(f"| {call} | FAILED: {type(error).__name__}: {error} |")  # noqa: T201
            return None
        print(f"| {call} | {words} |")  # noqa: T201
        return value


def until(cloud: Any, service: Any, *wanted: str) -> str:
    """The service's status once it is one of these, within a minute."""
    for _ in range(240):
        status: str = cloud.get_service(service).status
        if status in wanted:
            return status
        time.sleep(0.25)
    raise AssertionError(f"still {status}")


def lists(cloud: Any, see: Callable[..., Any]) -> None:
    def models() -> tuple[Any, str]:
        found = list(cloud.models(limit=1000))
        shown = cloud.get_model(found[0].model_id)
        assert shown.config["apis"], "the model's config is a JSON string that the client parses"
        assert cloud.find_model(shown.model_id).model_name == shown.model_name
        return found, f"{len(found)} models, first {shown.model_name} {shown.model_version}, its apis parsed"

    def rows(listing: Callable[..., Any], shows: str, **query: Any) -> Callable[[], tuple[Any, str]]:
        def act() -> tuple[Any, str]:
            found = list(listing(**query))
            assert found
            return found, f"{len(found)} rows, first {getattr(found[0], shows)}"

        return act

    see("models(), get_model(), find_model()", models)
    see("models(name=…, status=…)", rows(cloud.models, "model_name", name="sentiment", status="published"))
    see("service_flavors(infer_type=batch)", rows(cloud.service_flavors, "specification", infer_type="batch"))
    see("service_clusters()", rows(cloud.service_clusters, "cluster_name"))


def life(cloud: Any, see: Callable[..., Any], name: str) -> Any:
    def create() -> tuple[Any, str]:
        made = cloud.create_service(service_name=name, **BODY)
        assert made.service_id
        assert made.resource_ids
        return made.service_id, f"service_id and {len(made.resource_ids)} resource_ids, weights sent as strings"

    def found() -> tuple[Any, str]:
        listed = list(cloud.services(name=name, infer_type="real-time", limit=10, offset=0))
        by_name, by_id = cloud.find_service(name), cloud.find_service(service)
        assert [one.service_id for one in listed] == [service] == [by_name.service_id] == [by_id.service_id]
        assert cloud.find_service("nobody-has-this-name") is None
        return None, "by name, by id; an unknown name is nothing"

    def shown() -> tuple[Any, str]:
        one = cloud.get_service(service)
        assert [row.weight for row in one.config] == [70, 30]
        return None, f"{one.status}, progress {one.progress}, weights as numbers"

    def updated() -> tuple[Any, str]:
        cloud.update_service(service, description="a new word")
        assert cloud.get_service(service).description == "a new word"
        return None, "the description alone was sent and changed"

    def reconfigured() -> tuple[Any, str]:
        cloud.update_service(service, config=[{**BODY["config"][0], "weight": 100}])
        until(cloud, service, "running")
        assert [row.weight for row in cloud.get_service(service).config] == [100]
        return None, "deploying, then running with one model"

    def stopped() -> tuple[Any, str]:
        cloud.stop_service(service)
        return None, until(cloud, service, "stopped")

    def started() -> tuple[Any, str]:
        cloud.start_service(service)
        return None, f"deploying, then {until(cloud, service, 'running')}"

    def logged() -> tuple[Any, str]:
        rows = list(cloud.service_logs(service))
        assert {row.result for row in rows} == {"SUCCESS"}
        return None, f"{len(rows)} configurations, each SUCCESS"

    def told() -> tuple[Any, str]:
        rows = list(cloud.service_events(service, event_type="normal", limit=100))
        return None, f"{len(rows)} events, newest: {rows[0].event_info}"

    def measured() -> tuple[Any, str]:
        row = next(iter(cloud.service_monitor(service)))
        assert isinstance(row.cpu_core_total, float)
        assert isinstance(row.invocation_times, int)
        return None, f"{row.model_name}: {row.cpu_core_usage} of {row.cpu_core_total} cores (strings on the wire)"

    service = see("create_service()", create)
    see("get_service()", shown)
    see("services(name=…), find_service()", found)
    see("wait_for_service()", lambda: (cloud.wait_for_service(service, timeout=60, wait=1), "running"))
    see("update_service(description=…)", updated)
    see("update_service(config=…)", reconfigured)
    see("stop_service()", stopped)
    see("start_service()", started)
    see("service_logs()", logged)
    see("service_events()", told)
    see("service_monitor()", measured)
    return service


def ends(cloud: Any, see: Callable[..., Any], name: str, service: Any) -> None:
    def refused() -> tuple[Any, str]:
        try:
            cloud.create_service(service_name=name, **BODY)
        except exceptions.ConflictException as error:
            return None, f"{error.status_code} {type(error).__name__}"
        raise AssertionError("a name was taken twice")

    def deleted() -> tuple[Any, str]:
        more = [cloud.create_service(service_name=f"{name}-{number}", **BODY).service_id for number in (1, 2)]
        cloud.delete_service(",".join(more))
        cloud.delete_service(service)
        return None, f"{gone(service, *more)} services gone, two of them in one call with a raw comma"

    def gone(*ids: str) -> int:
        for one in ids:
            for _ in range(240):
                if cloud.find_service(one) is None:
                    break
                time.sleep(0.25)
        return sum(cloud.find_service(one) is None for one in ids)

    def missing() -> tuple[Any, str]:
        try:
            cloud.get_service(service)
        except exceptions.NotFoundException as error:
            return None, f"{error.status_code} {type(error).__name__}"
        raise AssertionError("the service is still there")

    see("create_service() with a name that is taken", refused)
    see("delete_service() of one and of two", deleted)
    see("get_service() afterwards", missing)


def main() -> int:
    parser = argparse.ArgumentParser(description="Drive a ModelArts API with otcextensions.")
    parser.add_argument("url", help="where IAM and ModelArts answer, e.g. http://127.0.0.1:8100")
    parser.add_argument("--by", choices=("token", "keys"), default="token")
    parser.add_argument("--user", default="demo")
    parser.add_argument("--password", default="demo")
    parser.add_argument("--domain", default="demo")
    parser.add_argument("--project", default="region-1")
    parser.add_argument("--project-id", default="5a0d80b5c0de4c0fa11ab1e5eed00001")
    parser.add_argument("--region", default="region-1")
    parser.add_argument("--access-key", default="SANDBOXACCESSKEY")
    parser.add_argument("--secret-key", default="sandbox-secret-key")
    given = parser.parse_args()
    given.url = given.url.rstrip("/")
    cloud = {"token": by_token, "keys": by_keys}[given.by](given)
    name = f"client-{given.by}-{int(time.time())}"
    table = Table()
    lists(cloud, table.see)
    service = life(cloud, table.see, name)
    ends(cloud, table.see, name, service)
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
