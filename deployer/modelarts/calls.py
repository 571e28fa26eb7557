"""The one way out: a signed call within one deadline, repeated only where that is safe, and lists page by page."""

import math
import random
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import requests
from requests.utils import check_header_validity

from deployer.modelarts.address import check_endpoint
from deployer.modelarts.auth import Auth
from deployer.modelarts.errors import ModelArtsError, NoAnswer, NotSent, Refused
from deployer.modelarts.masking import masked
from deployer.modelarts.paging import Ask, by_offset
from deployer.modelarts.parsing import parsed
from deployer.modelarts.refusals import error_from
from deployer.modelarts.transport import Answer, Transport
from deployer.modelarts.waits import may_read_again, wait_before

READ_TRIES = 4


class Calls:
    """What every call to one project shares: endpoint, login, deadline."""

    ends_at = math.inf  # by time.monotonic(): no call and no page begins later, however long `deadline` is

    def __init__(
        self,
        endpoint: str,
        project_id: str,
        auth: Auth,
        *,
        timeout: tuple[float, float] = (5.0, 30.0),
        deadline: float = 45.0,
        local_allowed: bool = False,
        allowed_hosts: tuple[str, ...] = (),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.project_id = project_id
        self.deadline = deadline
        self._auth = auth
        self._local_allowed = local_allowed
        self._allowed_hosts = tuple(allowed_hosts)
        self._transport = Transport(timeout=timeout, local_allowed=local_allowed, allowed_hosts=self._allowed_hosts)
        self._sleep = sleep

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.endpoint!r}, {self.project_id!r})"

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

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

    def _read(self, path: str, query: dict[str, Any] | None = None, *, version: str = "v1") -> dict[str, Any]:
        return self._object(self._call("GET", path, query=query, tries=READ_TRIES, version=version))

    def _read_or_none(self, path: str) -> dict[str, Any] | None:
        try:
            return self._read(path)
        except Refused as refusal:
            if not is_absence(refusal):
                raise
            return None

    def _every(
        self, path: str, key: str, *identity: str, version: str = "v1", **query: Any
    ) -> Iterator[dict[str, Any]]:
        """The rows of all pages, each once; told apart by the fields of `identity`."""
        return by_offset(self._pages_of(path, query, version=version), key, *identity)

    def _pages_of(self, path: str, query: dict[str, Any], *, version: str = "v1") -> Ask:
        def ask(place: dict[str, Any]) -> tuple[dict[str, Any], int]:
            if time.monotonic() >= self.ends_at:
                raise NoAnswer("no whole list before the end")
            answer = self._call("GET", path, query={**query, **place}, tries=READ_TRIES, version=version)
            return self._object(answer), len(answer.body)

        return ask

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: bytes | None = None,
        tries: int = 1,
        fresh: bool = False,
        version: str = "v1",
    ) -> Answer:
        """One call within one deadline. Only reads come with more than one try."""
        self._checked()
        ends_at = min(time.monotonic() + self.deadline, self.ends_at)
        url = f"{self.endpoint}{self._place(version)}{path}{_query(query)}"
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

    def _place(self, version: str) -> str:
        """Where all addresses of this kind of call begin, below the endpoint."""
        return f"/{version}/{segment(self.project_id)}"

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
            request = _blank(method, url).copy()
            request.prepare_headers(headers)
            request.prepare_body(body, None)
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
        check_endpoint(self.endpoint, local_allowed=self._local_allowed, allowed_hosts=self._allowed_hosts)


@lru_cache(maxsize=64)  # reading an address anew costs a tenth of a call
def _blank(method: str, url: str) -> requests.PreparedRequest:
    return requests.Request(method, url).prepare()


def segment(text: str) -> str:
    """One segment of a path; an id from anywhere cannot reach out of it."""
    if text in ("", ".", ".."):
        raise NotSent("an empty id", cause="request")
    return quote(text, safe="")


def _query(query: dict[str, Any] | None) -> str:
    """The query with %20 for a space, since a plus would be signed one way and read another."""
    given = {key: str(value) for key, value in (query or {}).items() if value is not None}
    return "?" + urlencode(given, quote_via=quote) if given else ""


def is_absence(refusal: Refused) -> bool:
    """A 404 of ModelArts itself. One of the gateway, or of another server, says nothing about the service."""
    return refusal.status == 404 and refusal.code.startswith("ModelArts.")
