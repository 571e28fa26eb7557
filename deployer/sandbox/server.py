"""The port: HTTP on 127.0.0.1, a thread for each connection."""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .cloud import Cloud
from .handler import Handler

logger = logging.getLogger(__name__)


class Server(socketserver.ThreadingTCPServer):
    """Keeps track of its connections, so that stopping closes them all."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, cloud: Cloud) -> None:
        self.cloud = cloud
        self.stopping = threading.Event()
        self.abrupt: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        if request in self.abrupt:
            self.abrupt.discard(request)
            self.close_request(request)  # A polite shutdown first would send FIN instead of RST.
        else:
            super().shutdown_request(request)
        with self._lock:
            self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        logger.error("A connection of the sandbox broke", exc_info=sys.exc_info())

    def close_all(self) -> None:
        """Wake every thread that waits on its connection, and give them a moment to leave."""
        self.stopping.set()
        until = time.monotonic() + 2
        while self._open and time.monotonic() < until:
            with self._lock:
                waiting = list(self._open)
            for connection in waiting:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            time.sleep(0.005)


class Sandbox:
    """A small cloud on a port of 127.0.0.1.

    port 0 takes a free one; `data` names the JSON file where services survive a restart; `speed` is
    how many seconds of a service's life pass in one of ours; `clock` tells the seconds since 1970.
    Raises OSError when the port is taken and keeping.BadData when the file is not ours.
    """

    def __init__(
        self,
        port: int = 0,
        data: str | Path | None = None,
        speed: float = 1.0,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.cloud = Cloud(data, speed, clock)
        self._server = Server(port, self.cloud)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.cloud.base_url = self.url
        self._serving = False
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Serve in a thread of its own."""
        self._serving = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve in this thread until `stop` is called from another."""
        self._serving = True
        self._server.serve_forever(0.02)

    def stop(self) -> None:
        """Stop serving, close every connection and free the port. May be called twice."""
        self._server.stopping.set()
        if self._serving:
            self._server.shutdown()
            self._serving = False
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._server.close_all()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
