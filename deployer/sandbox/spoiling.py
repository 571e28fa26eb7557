"""How each fault looks on the line."""

from __future__ import annotations

import functools
import time
import zlib
from collections.abc import Callable
from typing import Protocol

from .calls import Answer, Call
from .faults import Fault
from .refusals import IamRefusal, Refusal

HUGE_BYTES = 256 * 1024 * 1024
CHUNK = b"a" * 65536


class Line(Protocol):
    """What a fault may do with a connection. All of it ends the connection but `reply`."""

    arrived_at: float  # time.monotonic() of its request

    @property
    def port(self) -> int: ...

    def reply(self, answer: Answer) -> None: ...
    def send(self, data: bytes) -> None: ...
    def hang(self, seconds: float) -> bool: ...  # False: the server stops
    def hang_up(self) -> None: ...
    def reset(self) -> None: ...


def refuse(line: Line, fault: Fault, call: Call) -> None:
    """The faults before the act: nothing has been done."""
    if fault.kind == "reset-before":
        line.reset()
    elif fault.kind == "hang-before":
        line.hang(fault.wait)
        line.hang_up()
    else:
        line.reply(_instead(fault, call, line.port))


def _instead(fault: Fault, call: Call, port: int) -> Answer:
    if fault.kind == "redirect":
        # Another origin that is this server again: whoever follows shows up in the journal.
        here = call.headers.get("host", "").partition(":")[0]
        host = "127.0.0.1" if here == "localhost" else "localhost"
        query = f"?{call.raw_query}" if call.raw_query else ""
        return Answer(307, {}, {"Location": f"http://{host}:{port}{call.path}{query}"})
    if fault.kind == "401" and call.path.startswith("/v3"):
        return Answer.of(IamRefusal(401, "The request you have made requires authentication."))
    status, code, message = {
        "401": (401, "ModelArts.0203", "The token is invalid."),
        "404": (404, "ModelArts.3502", "The service does not exist."),
        "429": (429, "APIG.0308", "The throttling threshold has been reached."),
        "500-before": (500, "ModelArts.0010", "Internal error."),
        "502": (502, "APIG.0202", "Backend unavailable."),
        "503": (503, "APIG.0202", "The service is unavailable."),
    }[fault.kind]
    wait = 1 if fault.seconds is None else max(0, round(fault.seconds))
    headers = {"Retry-After": str(wait)} if status == 429 else None
    return Answer.of(Refusal(status, code, message, headers))


def spoil(line: Line, fault: Fault, answer: Answer) -> None:
    """The faults after the act: it has been done, and its answer gets lost or broken."""
    if fault.kind == "reset-after":
        line.reset()
    elif fault.kind == "hang-after":
        line.hang(fault.wait)
        line.hang_up()
    elif fault.kind == "500-after":
        line.reply(Answer.of(Refusal(500, "ModelArts.0010", "Internal error.")))
    elif fault.kind == "delayed":
        took = time.monotonic() - line.arrived_at  # the answer comes so long after its request, not after the act
        if line.hang(max(0.0, fault.wait - took)):
            line.reply(answer)
    elif fault.kind in ("504-after", "504-hidden"):
        line.reply(_timed_out())
    else:
        _SPOILT[fault.kind](line, answer)


def keep_waiting(line: Line, fault: Fault, act: Callable[[], object]) -> None:
    """The gateway gives up first; what it had passed on is done later. The line closes, or the next call hangs too."""
    line.hang_up()
    line.reply(_timed_out())
    if line.hang(fault.wait):
        act()


def _timed_out() -> Answer:
    return Answer.of(Refusal(504, "APIG.0203", "Backend timeout."))


def _head(answer: Answer, length: int) -> bytes:
    return answer.head(length, {"Connection": "close"})


def _malformed(line: Line, answer: Answer) -> None:
    broken = b"<html>" + answer.payload()[:-1]
    line.send(_head(answer, len(broken)) + broken)
    line.hang_up()


def _truncated(line: Line, answer: Answer) -> None:
    payload = answer.payload()
    line.send(_head(answer, len(payload) + 64) + payload[: len(payload) // 2])
    line.hang_up()


def _huge(line: Line, answer: Answer) -> None:
    """A quarter of a gigabyte; the sending ends when the client hangs up."""
    line.send(_head(answer, HUGE_BYTES) + b'{"padding": "')
    left = HUGE_BYTES - len(b'{"padding": "') - len(b'"}')
    while left:
        part = CHUNK[: min(left, len(CHUNK))]
        line.send(part)
        left -= len(part)
    line.send(b'"}')
    line.hang_up()


def _slow(line: Line, answer: Answer) -> None:
    payload = answer.payload()
    line.send(_head(answer, len(payload)))
    for byte in payload:
        if not line.hang(1.0):
            break
        line.send(bytes([byte]))
    line.hang_up()


def _slow_head(line: Line, answer: Answer) -> None:
    for byte in _head(answer, len(answer.payload())):
        if not line.hang(1.0):
            break
        line.send(bytes([byte]))
    line.hang_up()


def _array(line: Line, answer: Answer) -> None:
    """Proper JSON, and not an object."""
    line.reply(Answer(answer.status, [answer.body]))


def _without(key: str) -> Callable[[Line, Answer], None]:
    def spoil(line: Line, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, dict) else {}
        line.reply(Answer(answer.status, {name: value for name, value in body.items() if name != key}))

    return spoil


@functools.cache
def _packed() -> bytes:
    """A quarter of a gigabyte that travels as some 256 KB."""
    press = zlib.compressobj(level=6, wbits=31)  # 31: with the head of gzip
    parts = [press.compress(b'{"padding": "')]
    parts += [press.compress(CHUNK) for _ in range(HUGE_BYTES // len(CHUNK))]
    parts += [press.compress(b'"}'), press.flush()]
    return b"".join(parts)


def _bomb(line: Line, answer: Answer) -> None:
    packed = _packed()
    line.send(answer.head(len(packed), {"Content-Encoding": "gzip", "Connection": "close"}) + packed)
    line.hang_up()


_SPOILT: dict[str, Callable[[Line, Answer], None]] = {
    "malformed": _malformed,
    "truncated": _truncated,
    "huge": _huge,
    "slow": _slow,
    "slow-head": _slow_head,
    "array": _array,
    "no-id": _without("service_id"),
    "no-config": _without("config"),
    "bomb": _bomb,
}
