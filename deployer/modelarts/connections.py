"""Connections that go only to checked addresses, and that tell the exchange how far it came.

Whether a create may be sent again hangs on one fact: did the connection stand when it broke? The exception does not
tell (urllib3 raises SSLError for a failed handshake and for a line cut in the answer), so the connection notes it.
"""

import contextlib
import errno
import socket
import threading
import time
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager, ProxyManager

from deployer.modelarts.address import check_ip
from deployer.modelarts.errors import BadAddress, NotSent


class Exchange:
    """One request and its answer: how much time is left, and whether anything may have left this machine."""

    def __init__(self, ends_at: float, *, local_allowed: bool) -> None:
        self.ends_at = ends_at  # time.monotonic()
        self.local_allowed = local_allowed
        self.watched = False  # A connection of ours is in use; without one nothing may be called "not sent".
        self.stood = False  # The connection was ready: from here on the request may have arrived.
        self.expired = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def certainly_not_sent(self) -> bool:
        return self.watched and not self.stood

    def left(self) -> float:
        """Seconds until the deadline, never less than a hair (a time-out of 0 would mean "do not block")."""
        return max(0.001, self.ends_at - time.monotonic())

    def hold(self, sock: socket.socket | None) -> None:
        """Remember the line, so that the deadline can cut it."""
        with self._lock:
            self._socket = sock
            late = self.expired
        if late:
            self._cut()

    def expire(self) -> None:
        """Cut the line: the deadline is over. A time-out per read alone would let a slow drip go on for ever."""
        with self._lock:
            self.expired = True
        self._cut()

    def _cut(self) -> None:
        if self._socket is None:
            return
        with contextlib.suppress(OSError):  # It may be closed already.
            # The plain socket's own method: the one of TLS drops its state while another thread may be reading.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


CURRENT: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


class _Noting(HTTPConnection):
    """An HTTP connection that checks where it goes and notes when it stands."""

    def _new_conn(self) -> socket.socket:
        exchange = CURRENT.get()
        if exchange is None:
            raise BadAddress("A connection outside an exchange was refused.")
        exchange.watched = True
        sock = _connected(self, exchange)
        exchange.hold(sock)
        return sock

    def connect(self) -> None:
        super().connect()
        self._note()

    def request(self, *arguments: Any, **options: Any) -> None:
        if self.sock is not None:  # A connection of the pool, used again.
            self._note()
        super().request(*arguments, **options)

    def _note(self) -> None:
        exchange = CURRENT.get()
        if exchange is not None:
            exchange.watched = exchange.stood = True
            exchange.hold(self.sock)


class _NotingTLS(_Noting, HTTPSConnection):
    """The same over TLS. Standing means: after the handshake."""


def _connected(wish: HTTPConnection, exchange: Exchange) -> socket.socket:
    """A socket to the first address that answers; all addresses of the name must be allowed."""
    found = _resolved(wish)
    if wish.proxy is None:  # A proxy usually stands inside, and is our own choice.
        for *_, where in found:
            check_ip(str(where[0]), local_allowed=exchange.local_allowed)
    failure: OSError = OSError("the name has no address")
    for family, kind, protocol, _, where in found:
        if exchange.expired or time.monotonic() >= exchange.ends_at:
            raise NotSent("no connection before the deadline", cause="timeout")
        sock = socket.socket(family, kind, protocol)
        try:
            for option in wish.socket_options or ():
                sock.setsockopt(*option)
            limit = wish.timeout if isinstance(wish.timeout, (int, float)) else exchange.left()
            sock.settimeout(min(limit, exchange.left()))
            sock.connect(where)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    late = isinstance(failure, TimeoutError) or failure.errno == errno.ETIMEDOUT
    raise NotSent(f"no connection: {type(failure).__name__}", cause="timeout" if late else "refused")


def _resolved(wish: HTTPConnection) -> list[Any]:
    # The resolver has its own time-outs, which Python cannot shorten; the deadline is looked at again after it.
    try:
        return socket.getaddrinfo(wish.host.strip("[]"), wish.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        pass
    raise NotSent("the host is not known", cause="dns")


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Noting


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _NotingTLS


class _KeepsNone:
    """A pool in which each request has a connection of its own, which ends with the answer."""

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.close()


class _FreshPool(_KeepsNone, _Pool):
    pass


class _FreshPoolTLS(_KeepsNone, _PoolTLS):
    pass


_POOLS = {"http": _Pool, "https": _PoolTLS}
_FRESH = {"http": _FreshPool, "https": _FreshPoolTLS}


class CheckedAdapter(HTTPAdapter):
    """The door of requests to the network, with our connections behind it. Tries nothing twice by itself.

    `keeps`: connections are used again by later requests; otherwise each request opens one for itself.
    """

    def __init__(self, *, keeps: bool = True) -> None:
        self._pools = _POOLS if keeps else _FRESH
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> PoolManager:
        if proxy.lower().startswith("socks"):
            raise BadAddress("A SOCKS proxy is set, which is not supported. Use an HTTP proxy.")
        manager: ProxyManager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager
