"""The port: HTTP/1.1 on 127.0.0.1, a thread for each connection.

Every answer leaves in one send (header and body apart cost 40 ms a call without TCP_NODELAY).
"""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import struct
import sys
import threading
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from . import spoiling, wire
from .calls import Answer, Call
from .cloud import Cloud
from .refusals import Refusal

logger = logging.getLogger(__name__)

RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger: closing sends RST
LONGEST_LINE = 65536


class Handler(BaseHTTPRequestHandler):
    """One connection: reads requests, lets the cloud answer, and misbehaves when told to."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60  # seconds of silence on a connection
    server: Server

    def handle(self) -> None:
        # A client that hangs up, early or in the middle, is everyday life here.
        with contextlib.suppress(ConnectionError, TimeoutError, OSError):
            super().handle()

    def handle_one_request(self) -> None:
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(LONGEST_LINE + 1)
        if not self.raw_requestline:
            return
        if len(self.raw_requestline) > LONGEST_LINE:
            self.requestline = self.request_version = self.command = ""
            self.send_error(414)
            return
        if self.parse_request():
            self._serve()

    def _serve(self) -> None:
        refusal = wire.check_caller(self.headers)
        if refusal is not None:
            self._end(refusal)
            return
        body, refusal = wire.read_body(self.headers, self.rfile)
        target = self._target()
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, target.path, target.query, headers, body)
        if call.segments[0] == "_sandbox":
            self._end(refusal) if refusal else self.reply(self.server.cloud.answer(call))
        else:
            self._serve_api(call, refusal)

    def _target(self) -> SplitResult:
        try:
            return urlsplit(self.path)
        except ValueError:  # Brackets that look like half an IPv6 address.
            return SplitResult("", "", "/" + self.path.strip("/").replace("[", "").replace("]", ""), "", "")

    def _serve_api(self, call: Call, refusal: Refusal | None) -> None:
        """Note the request before anything can go wrong with it, then serve it well or badly."""
        cloud = self.server.cloud
        cloud.journal.record(cloud.clock.wall(), call.method, call.path, call.raw_query, call.body, call.signed_by)
        if refusal is not None:
            self._end(refusal)
            return
        fault = cloud.faults.take(call.method, call.path)
        if fault is None:
            self.reply(cloud.answer(call))
        elif fault.happens_after:
            spoiling.spoil(self, fault, cloud.answer(call))
        else:
            spoiling.refuse(self, fault, call)

    def reply(self, answer: Answer) -> None:
        """A whole answer in one send."""
        payload = answer.payload()
        headers = {
            "Date": self.date_time_string(),
            "X-Request-Id": uuid.uuid4().hex,
            "Connection": "close" if self.close_connection else "keep-alive",
        }
        head = answer.head(len(payload), headers)
        self.send(head if self.command == "HEAD" else head + payload)

    def _end(self, refusal: Refusal) -> None:
        """Answer, and close: what follows on this connection cannot be told apart from its body."""
        self.close_connection = True
        self.reply(Answer.of(refusal))
        self._drain()

    def _drain(self) -> None:
        """Take in what still comes for a moment, or the client's send fails before it reads our answer."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1)
        until = time.monotonic() + 2
        while time.monotonic() < until and self.rfile.read1(65536):
            pass

    # What a fault may do with the line (spoiling.Line).

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def hang(self, seconds: float) -> bool:
        return not self.server.stopping.wait(seconds)

    def hang_up(self) -> None:
        self.close_connection = True

    def reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.server.abrupt.add(self.connection)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class finds wrong with a request line or header, in our shape."""
        self.close_connection = True
        self.reply(Answer.of(Refusal(int(code), "APIG.0201", message or "The request cannot be read.")))

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the journal has it."""


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
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve in this thread until `stop` is called from another."""
        self._serving = True
        self._server.serve_forever(0.05)

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
