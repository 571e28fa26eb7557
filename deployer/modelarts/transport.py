"""One exchange over HTTP: one request, one answer of at most 1 MiB, one deadline, no redirects."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import ReadTimeoutError

from deployer.modelarts.address import check_proxied, is_loopback
from deployer.modelarts.connections import CURRENT, CheckedAdapter, Exchange
from deployer.modelarts.deadlines import DEADLINES
from deployer.modelarts.errors import ModelArtsError, NoAnswer, NotSent

LARGEST = 1024 * 1024  # bytes, counted after unpacking, so that a compressed bomb stops here too
_PIECE = 16 * 1024
# What requests raises before it opens a connection: an address it cannot read, a CA bundle that is not there.
_BEFORE_ANY_CONNECTION = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, OSError, ValueError)


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def request_id(self) -> str:
        """The cloud's own name for this call, to quote to its support."""
        for name in ("X-Request-Id", "X-Apig-Request-Id", "X-Openstack-Request-Id"):
            found = "".join(letter for letter in self.headers.get(name, "") if letter.isprintable())
            if found:
                return found[:100]
        return ""


class Transport:
    """Sends prepared requests. `timeout` is (connect, read) in seconds, each read on its own."""

    def __init__(
        self, *, timeout: tuple[float, float], local_allowed: bool, allowed_hosts: tuple[str, ...] = ()
    ) -> None:
        self.timeout = timeout
        self.local_allowed = local_allowed
        self.allowed_hosts = allowed_hosts
        self._pooled = CheckedAdapter()
        self._fresh = CheckedAdapter(keeps=False)
        self._environment = requests.Session()  # Asked for proxies and CA bundles only; it sends nothing.
        self._roads: dict[tuple[str, str], Road] = {}

    def close(self) -> None:
        """Close the kept connections."""
        self._pooled.close()
        self._fresh.close()
        self._environment.close()

    def exchange(self, request: requests.PreparedRequest, *, ends_at: float, fresh: bool = False) -> Answer:
        """Send once and read the answer, or raise NotSent or NoAnswer; `ends_at` is by time.monotonic().

        `fresh` opens a connection for this request alone. A kept connection may have died unseen, and then a break
        cannot be told from a lost answer; with a fresh one, "it never stood" is certain. Any status is an answer.
        """
        exchange = Exchange(ends_at, local_allowed=self.local_allowed)
        if time.monotonic() >= ends_at:
            raise NotSent("no time left before the deadline", cause="timeout")
        entered = CURRENT.set(exchange)
        try:
            with DEADLINES.watching(ends_at, exchange.expire):
                return self._sent(self._fresh if fresh else self._pooled, request, exchange)
        finally:
            CURRENT.reset(entered)

    def _sent(self, adapter: HTTPAdapter, request: requests.PreparedRequest, exchange: Exchange) -> Answer:
        # The adapter, not a Session: a Session reads a redirect's body without any limit, looks for passwords in
        # ~/.netrc, and keeps cookies. What is good about it, proxies and CA bundles of the environment, is asked for.
        road = self._road(str(request.url))
        connect, read = self.timeout
        limits = (min(connect, exchange.left()), min(read, exchange.left()))
        failure: ModelArtsError
        try:
            response = adapter.send(
                request,
                stream=True,
                timeout=limits,
                verify=road.verify,
                cert=road.cert,
                proxies=road.proxies,
            )
            try:
                body = _read(response, exchange)
            finally:
                response.close()
            return Answer(response.status_code, response.headers, body)
        except (requests.RequestException, OSError, ValueError) as error:
            failure = _failure(error, exchange)
        # Raised out here so that the first exception, which holds the request and its headers, is not dragged along.
        raise failure

    def _road(self, url: str) -> "Road":
        """Found once for each host: the environment of a process stays as it is, and asking it costs a fifth of a call.

        Raises BadAddress for a host behind a proxy that is not listed.
        """
        parts = urlsplit(url)
        place = (parts.scheme, parts.netloc)
        if place not in self._roads:
            proxies = _proxies(url)
            if select_proxy(url, proxies):
                check_proxied(parts.hostname or "", allowed_hosts=self.allowed_hosts)
            found = self._environment.merge_environment_settings(url, {}, True, None, None)
            self._roads[place] = Road(proxies, found["verify"] or True, found["cert"])
        return self._roads[place]


@dataclass(frozen=True)
class Road:
    """How a host is reached: proxies, what its certificate is checked with, and our own certificate."""

    proxies: dict[str, str]
    verify: bool | str
    cert: str | tuple[str, str] | None


def _proxies(url: str) -> dict[str, str]:
    """The proxies of the environment; none for this machine, which a proxy would take for itself."""
    return {} if is_loopback(urlsplit(url).hostname or "") else dict(get_environ_proxies(url))


def _read(response: requests.Response, exchange: Exchange) -> bytes:
    """The unpacked body, or NoAnswer when it is too long or too late."""
    body = bytearray()
    for piece in response.iter_content(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise NoAnswer("the answer is larger than 1 MiB", http_status=response.status_code)
        if time.monotonic() >= exchange.ends_at:
            break
    # A line cut by the deadline looks like the plain end of a body without a length: so the clock has the last word.
    if exchange.expired or time.monotonic() >= exchange.ends_at:
        raise _late(NoAnswer("no whole answer before the deadline", http_status=response.status_code))
    return bytes(body)


def _failure(error: Exception, exchange: Exchange) -> ModelArtsError:
    """What a broken exchange means. Only the class of the first error is kept: its text may quote a header."""
    kind = type(error).__name__
    if not exchange.watched and type(error) in _BEFORE_ANY_CONNECTION:
        return NotSent(f"the call could not be made: {kind}", cause="request")
    if not exchange.certainly_not_sent:
        if exchange.expired:
            return _late(NoAnswer("no answer before the deadline"))
        broken = NoAnswer(f"the line broke: {kind}")
        return _late(broken) if _is_timeout(error) else broken
    if exchange.expired or isinstance(error, requests.Timeout):
        return NotSent(f"no connection in time: {kind}", cause="timeout")
    if isinstance(error, requests.exceptions.ProxyError):
        return NotSent(f"the proxy refused: {kind}", cause="proxy")
    if isinstance(error, requests.exceptions.SSLError):
        return NotSent(f"no TLS: {kind}", cause="tls")
    return NotSent(f"no connection: {kind}", cause="refused")


def _is_timeout(error: Exception) -> bool:
    """Whether a read took too long; in the midst of a body requests calls that a ConnectionError."""
    return isinstance(error, requests.Timeout) or any(isinstance(one, ReadTimeoutError) for one in error.args)


def _late(failure: NoAnswer) -> NoAnswer:
    failure.is_late = True
    return failure
