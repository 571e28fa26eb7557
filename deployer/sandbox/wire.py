"""Reading a request's body off the socket, with all the ways to get it wrong."""

from __future__ import annotations

from email.message import Message
from io import BufferedIOBase
from urllib.parse import urlsplit

from .refusals import Refusal

MAX_BODY = 10 * 1024 * 1024
LOCAL_NAMES = ("127.0.0.1", "localhost", "::1")


def read_body(headers: Message, stream: BufferedIOBase) -> tuple[bytes, Refusal | None]:
    """What arrived of the body, and what is wrong with it; the line must close after a problem."""
    lengths = set(headers.get_all("Content-Length", []))
    if headers.get("Transfer-Encoding"):
        return b"", Refusal(411, "APIG.0201", "Send the body with a Content-Length.")
    if not lengths:
        return b"", None
    length = lengths.pop().strip()
    if lengths or not (length.isascii() and length.isdigit() and len(length) < 16):
        return b"", Refusal(400, "APIG.0201", "The Content-Length is not a number.")
    if int(length) > MAX_BODY:
        return b"", Refusal(413, "APIG.0201", "The request entity is too large.")
    return _read_exactly(stream, int(length))


def _read_exactly(stream: BufferedIOBase, length: int) -> tuple[bytes, Refusal | None]:
    parts: list[bytes] = []
    got = 0
    try:
        while got < length:
            part = stream.read1(min(65536, length - got))
            if not part:
                return b"".join(parts), Refusal(400, "APIG.0201", "The body is shorter than its Content-Length.")
            parts.append(part)
            got += len(part)
    except TimeoutError:
        return b"".join(parts), Refusal(408, "APIG.0201", "The body did not arrive in time.")
    return b"".join(parts), None


def is_local(authority: str) -> bool:
    """Does a Host header name this machine? A foreign name means a page that rebinds its DNS."""
    try:
        return urlsplit(f"//{authority}").hostname in LOCAL_NAMES
    except ValueError:
        return False


def check_caller(headers: Message) -> Refusal | None:
    """Only programs and pages of this machine are served."""
    hosts = headers.get_all("Host", [])
    if len(hosts) != 1:
        return Refusal(400, "APIG.0201", "Send one Host header.")
    if not is_local(hosts[0]):
        return Refusal(421, "APIG.0201", "The sandbox answers to 127.0.0.1 and localhost only.")
    origin = headers.get("Origin")
    if origin and not is_local(origin.partition("://")[2]):
        return Refusal(403, "APIG.0201", "The sandbox does not answer to pages of other sites.")
    return None
