"""One connection: HTTP/1.1 as programs speak it, well or badly.

Every answer leaves in one send (header and body apart cost 40 ms a call without TCP_NODELAY).
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
import uuid
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from . import spoiling, wire
from .calls import Answer, Call
from .faults import Fault
from .refusals import Refusal

if TYPE_CHECKING:
    from .server import Server

RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger: closing sends RST
LONGEST_LINE = 65536


class Handler(BaseHTTPRequestHandler):
    """One connection: reads requests, lets the cloud answer, and misbehaves when told to."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60  # seconds of silence on a connection
    server: Server
    arrived_at = 0.0

    def handle(self) -> None:
        # A client that hangs up, early or in the middle, is everyday life here.
        with contextlib.suppress(ConnectionError, TimeoutError, OSError):
            super().handle()

    def handle_one_request(self) -> None:
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(LONGEST_LINE + 1)
        if not self.raw_requestline:
            return
        self.arrived_at = time.monotonic()
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
            spoiling.spoil(self, fault, self._done(call, fault))
        elif fault.happens_late:
            spoiling.keep_waiting(self, fault, lambda: cloud.answer(call))
        else:
            spoiling.refuse(self, fault, call)

    def _done(self, call: Call, fault: Fault) -> Answer:
        """Do what was asked; what is to be hidden is never seen in between."""
        cloud = self.server.cloud
        with cloud.lock:
            answer = cloud.answer(call)
            if fault.kind == "504-hidden" and isinstance(answer.body, dict) and "service_id" in answer.body:
                cloud.services.hide(answer.body["service_id"], fault.wait)
                cloud.keeper.changed()
        return answer

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
