"""ModelArts, one method per documented call. Bytes go out as they were given; rows come back."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import requests
from requests.utils import check_header_validity

from deployer.modelarts import answers
from deployer.modelarts.address import check_endpoint
from deployer.modelarts.auth import Auth
from deployer.modelarts.errors import ModelArtsError, NoAnswer, NotSent, Refused
from deployer.modelarts.masking import masked
from deployer.modelarts.parsing import parsed
from deployer.modelarts.refusals import error_from
from deployer.modelarts.transport import Answer, Transport
from deployer.modelarts.waits import may_read_again, wait_before

READ_TRIES = 4
_PAGE = 100  # The documents recommend 10 to 50 for people; fewer calls are kinder here, and 1000 may pass 1 MiB.
_MOST_PAGES = 500


class ModelArts:
    """One project of one region. Safe to share between threads.

    `endpoint` like https://modelarts.eu-de.otc.t-systems.com; `timeout` is (connect, each read) and `deadline` the
    whole call with its repetitions, all in seconds. Every method raises only errors of errors.py.
    """

    def __init__(
        self,
        endpoint: str,
        project_id: str,
        auth: Auth,
        *,
        timeout: tuple[float, float] = (5.0, 30.0),
        deadline: float = 45.0,
        local_allowed: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.project_id = project_id
        self.deadline = deadline
        self._auth = auth
        self._local_allowed = local_allowed
        self._transport = Transport(timeout=timeout, local_allowed=local_allowed)
        self._sleep = sleep

    def __repr__(self) -> str:
        return f"ModelArts({self.endpoint!r}, {self.project_id!r})"

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    # Services: ModelArts API reference, "Service Management".

    def login(self) -> None:
        """Be logged in ahead of a call, so that little lies between an intent and its request."""
        self._checked()
        self._auth.login(within=self.deadline)

    def create_service(self, body: bytes | str) -> answers.Created:
        """Create a service from a request body, sent byte for byte, once. There is no idempotency key.

        Raises NotSent, LoginRefused, Throttled or Refused when it certainly did nothing; NoAnswer or CloudFault when
        it may have: then look for the service by name before anything else.
        """
        content = body.encode() if isinstance(body, str) else body
        answer = self._call("POST", "/services", body=content, fresh=True)
        facts = self._facts(answer)
        if answer.status > 202:
            raise NoAnswer(f"create: unexpected HTTP {answer.status}", **facts)
        found = self._object(answer)
        service_id = found.get("service_id")
        if not isinstance(service_id, str) or not _usable(service_id):
            raise NoAnswer("create: the answer names no service", **facts)
        resources = tuple(one for one in answers.listed(found.get("resource_ids")) if isinstance(one, str))
        return answers.Created(service_id, resources, **facts)

    def list_services(
        self,
        *,
        name: str | None = None,
        infer_type: str | None = None,
        workspace_id: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> answers.ServicePage:
        """One page of services, newest first. `name` may match parts of names; `offset` counts services."""
        query = {"service_name": name, "infer_type": infer_type, "workspace_id": workspace_id}
        found = self._read("/services", {**query, "offset": offset, "limit": limit})
        rows = tuple(answers.service(row) for row in _rows(found, "services"))
        return answers.ServicePage(answers.whole(found.get("total_count")), rows)

    def services_named(self, name: str, *, workspace_id: str | None = None) -> list[answers.ServiceSeen]:
        """Every service of exactly this name, of both types, whatever the list claims to hold.

        Without a workspace the cloud looks into its default one only ("0").
        """
        rows = self._every("/services", "services", "service_id", service_name=name, workspace_id=workspace_id)
        return [seen for seen in map(answers.service, rows) if seen.name == name]

    def service(self, service_id: str) -> answers.ServiceSeen | None:
        """One service with its config, or None when the cloud does not know it."""
        found = self._read_or_none(f"/services/{_segment(service_id)}")
        return None if found is None else answers.service(found)

    def delete_service(self, service_id: str) -> bool:
        """Delete one service; False when it was gone already. The cloud does the work later: look until it is gone."""
        try:
            self._call("DELETE", f"/services/{_segment(service_id)}", fresh=True)
        except Refused as refusal:
            if not _is_absence(refusal):
                raise
            return False
        return True

    def events(self, service_id: str) -> list[answers.EventSeen]:
        """What happened to a service, oldest first. The cloud forgets after a month."""
        path = f"/services/{_segment(service_id)}/events"
        seen = [answers.event(row) for row in _rows(self._read(path, {"offset": 0, "limit": 1000}), "events")]
        return sorted(seen, key=lambda one: one.occurred_at.timestamp() if one.occurred_at else 0.0)

    # What services are made of.

    def specifications(self, infer_type: str = "real-time") -> list[answers.SpecificationSeen]:
        """The flavors of the shared pool for one inference type."""
        query = {"infer_type": infer_type, "is_personal_cluster": "false"}
        found = self._read("/services/specifications", query)
        return [answers.specification(row) for row in _rows(found, "specifications")]

    def models(self, *, status: str | None = None, workspace_id: str | None = None) -> list[answers.ModelSeen]:
        """Every model of the project, newest first."""
        rows = self._every("/models", "models", "model_id", model_status=status, workspace_id=workspace_id)
        return [answers.model(row) for row in rows]

    def model(self, model_id: str) -> answers.ModelSeen | None:
        """One model with its APIs, or None when the cloud does not know it."""
        found = self._read_or_none(f"/models/{_segment(model_id)}")
        return None if found is None else answers.model(found)

    def clusters(self) -> list[answers.ClusterSeen]:
        """The dedicated pools of the older kind. Clouds after 2024 may answer 404: they know other pools."""
        return [answers.cluster(row) for row in self._every("/clusters", "clusters", "cluster_id")]

    def workspaces(self) -> list[answers.WorkspaceSeen]:
        """The workspaces. Some clouds have dropped this call and answer 404: use "0" there."""
        return [answers.workspace(row) for row in self._every("/workspaces", "workspaces", "id")]

    # The one way out.

    def _facts(self, answer: Answer) -> dict[str, Any]:
        """What is kept of an answer. Masked, since a server may repeat our own headers to us."""
        secrets = self._auth.secrets()
        request_id, raw = masked(answer.request_id, secrets), masked(answer.text, secrets)
        return {"http_status": answer.status, "request_id": request_id, "raw": raw}

    def _object(self, answer: Answer) -> dict[str, Any]:
        """The JSON object of an answer, or NoAnswer."""
        try:
            found = parsed(answer.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise NoAnswer("the answer is no JSON object", **self._facts(answer))
        return found

    def _read(self, path: str, query: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._call("GET", path, query=query, tries=READ_TRIES)
        return self._object(answer)

    def _read_or_none(self, path: str) -> dict[str, Any] | None:
        try:
            return self._read(path)
        except Refused as refusal:
            if not _is_absence(refusal):
                raise
            return None

    def _every(self, path: str, key: str, identity: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The rows of all pages, each once. The end is an empty page or one without news, never `total_count` alone:

        a cloud may count wrong, cap the page size, or send the same page for ever.
        """
        known: set[str] = set()
        offset = 0
        for _ in range(_MOST_PAGES):
            found = self._read(path, {**query, "offset": offset, "limit": _PAGE})
            rows = _rows(found, key)
            fresh = {answers.text(row.get(identity)): row for row in rows}
            news = [row for name, row in fresh.items() if name not in known]
            yield from news
            known.update(fresh)
            offset += len(rows)
            total = answers.whole(found.get("total_count"))
            if not news or (len(rows) < _PAGE and total is not None and offset >= total):
                return
        raise NoAnswer(f"GET {path}: the list does not end")

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: bytes | None = None,
        tries: int = 1,
        fresh: bool = False,
    ) -> Answer:
        """One call within one deadline. Only reads come with more than one try."""
        self._checked()
        ends_at = time.monotonic() + self.deadline
        url = f"{self.endpoint}/v1/{_segment(self.project_id)}{path}{_query(query)}"
        for attempt in range(1, tries + 1):
            try:
                return self._logged_in(method, url, body, ends_at, fresh)
            except ModelArtsError as error:
                wait = wait_before(attempt + 1, getattr(error, "retry_after", None), chance=random.random())  # noqa: S311
                enough = time.monotonic() + wait < ends_at
                if attempt == tries or not may_read_again(error) or not enough:
                    raise
            self._sleep(wait)
        raise AssertionError("the last try answers or raises")

    def _logged_in(self, method: str, url: str, body: bytes | None, ends_at: float, fresh: bool) -> Answer:
        """Send; after a 401, which says that nothing was done, log in afresh and send once more."""
        request = self._prepared(method, url, body, ends_at)
        answer = self._transport.exchange(request, ends_at=ends_at, fresh=fresh)
        if answer.status == 401:
            stale = request.headers.get("X-Auth-Token", "")
            if self._auth.renew(stale, within=max(0.001, ends_at - time.monotonic())):
                request = self._prepared(method, url, body, ends_at)
                answer = self._transport.exchange(request, ends_at=ends_at, fresh=fresh)
        if 200 <= answer.status < 300:
            return answer
        raise error_from(answer, secrets=self._auth.secrets())

    def _prepared(self, method: str, url: str, body: bytes | None, ends_at: float) -> requests.PreparedRequest:
        """A signed request. Its errors are ours: a broken credential would stand in the text of the first one."""
        self._auth.login(within=max(0.001, ends_at - time.monotonic()))
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Connection": "close"}
        try:
            request = requests.Request(method, url, data=body, headers=headers).prepare()
            self._auth(request)
            for header in request.headers.items():
                check_header_validity(header)
                str(header[1]).encode("latin-1")  # All that HTTP headers can hold.
        except (requests.RequestException, ValueError) as error:
            kind = type(error).__name__
        else:
            return request
        raise NotSent(f"the request could not be written: {kind}", cause="request")

    def _checked(self) -> None:
        check_endpoint(self.endpoint, local_allowed=self._local_allowed)


def _segment(text: str) -> str:
    """One segment of a path; an id from anywhere cannot reach out of it."""
    if text in ("", ".", ".."):
        raise NotSent("an empty id", cause="request")
    return quote(text, safe="")


def _query(query: dict[str, Any] | None) -> str:
    """The query with %20 for a space, since a plus would be signed one way and read another."""
    given = {key: str(value) for key, value in (query or {}).items() if value is not None}
    return "?" + urlencode(given, quote_via=quote) if given else ""


def _rows(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [row for row in answers.listed(found.get(key)) if isinstance(row, dict)]


def _usable(service_id: str) -> bool:
    """An id we can ask for again: something, not endless, on one line."""
    return 0 < len(service_id) <= 100 and service_id.isprintable() and not any(map(str.isspace, service_id))


def _is_absence(refusal: Refused) -> bool:
    """A 404 of ModelArts itself. One of the gateway, or of another server, says nothing about the service."""
    return refusal.status == 404 and refusal.code.startswith("ModelArts.")
