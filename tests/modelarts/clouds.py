"""A cloud made of a raw socket: it can answer, and it can misbehave in ways a proper server cannot."""

import contextlib
import functools
import gzip
import json
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

TOKEN = "planted-token-" + "t" * 40
PASSWORD = "planted-password-9f8e7d"


@dataclass
class Heard:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Act = Callable[[socket.socket, Heard], None]


def answer(body="{}", status=200, headers=()) -> Act:
    """Answer properly and keep the line open."""
    content = body if isinstance(body, bytes) else body.encode()
    lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(content)}", "Content-Type: application/json"]
    head = "\r\n".join([*lines, *headers]) + "\r\n\r\n"
    return lambda line, heard: line.sendall(head.encode() + content)


def says(found, status=200, headers=()) -> Act:
    return answer(json.dumps(found), status, headers)


def reset(line: socket.socket, heard: Heard) -> None:
    """Drop the line with RST, as a dying machine does."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(line.detach())  # close() alone would wait for the reader, and send no RST.


def hang_up(line: socket.socket, heard: Heard) -> None:
    line.shutdown(socket.SHUT_RDWR)


def hang(line: socket.socket, heard: Heard) -> None:
    with contextlib.suppress(OSError):
        line.settimeout(3)
        line.recv(1)  # Returns when the caller gives up.


def truncated(line: socket.socket, heard: Heard) -> None:
    line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"service_id": "a-b-c"')
    hang_up(line, heard)


def without_length(body: bytes) -> Act:
    """A body that ends when the line does: then a cut looks like the end."""

    def act(line: socket.socket, heard: Heard) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        hang(line, heard)

    return act


def huge(line: socket.socket, heard: Heard) -> None:
    with contextlib.suppress(OSError):
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\n")
        for _ in range(4096):
            line.sendall(b"x" * 65536)


@functools.cache
def _bomb() -> bytes:
    return gzip.compress(b" " * (64 << 20))


def bomb(line: socket.socket, heard: Heard) -> None:
    """64 MiB of spaces in some 60 KB."""
    packed = _bomb()
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    with contextlib.suppress(OSError):
        line.sendall(head.encode() + packed)


def drip(text: bytes) -> Act:
    """One byte every 20 ms: each read is in time, the whole is not."""

    def act(line: socket.socket, heard: Heard) -> None:
        with contextlib.suppress(OSError):
            for byte in text:
                line.sendall(bytes([byte]))
                time.sleep(0.02)

    return act


def token_answer(token=TOKEN, seconds=86400) -> Act:
    begins = time.time()
    stamps = [time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(at)) for at in (begins, begins + seconds)]
    body = {"token": {"issued_at": stamps[0], "expires_at": stamps[1]}}
    return says(body, 201, [f"X-Subject-Token: {token}"])


@dataclass
class Cloud:
    """Listens on a free port. `acts` are used up one by one; the last one stays. IAM has acts of its own."""

    acts: list[Act] = field(default_factory=lambda: [says({})])
    logins: list[Act] = field(default_factory=lambda: [token_answer()])
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for line in self._open:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(2)

    def count(self, start: str) -> int:
        return sum(f"{one.method} {one.path}".startswith(start) for one in self.heard)

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(line)
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), line, line.makefile("rb") as reader:
            while heard := _one_request(reader):
                with self._lock:
                    self.heard.append(heard)
                    acts = self.logins if heard.path.startswith("/v3/") else self.acts
                    act = acts.pop(0) if len(acts) > 1 else acts[0]
                act(line, heard)


def _one_request(reader) -> Heard | None:
    first = reader.readline().decode().split()
    if len(first) != 3:
        return None
    headers = {}
    while (text := reader.readline().decode("latin-1").strip()) != "":
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    return Heard(first[0], first[1], headers, reader.read(int(headers.get("content-length", 0))))


class SafeCloud(Cloud):
    """The same cloud behind TLS."""

    def __init__(self, certificate, **more):
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        super().__init__(**more)

    def _serve(self, line):
        try:
            safe = self._context.wrap_socket(line, server_side=True)
        except OSError:
            line.close()
            return
        self._open.append(safe)
        super()._serve(safe)
