"""What was asked of the cloud: every API request as it arrived, secrets masked."""

from __future__ import annotations

import re
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any

ENTRIES_KEPT = 10_000
BYTES_KEPT = 32 * 1024 * 1024
MASK = "***"
TOKEN_MARK = "MIISandbox"  # noqa: S105  every token of ours begins so, which lets us mask it anywhere

# Strings may be cut short by a torn body: then the mask reaches to the end.
_STRING = r'"(?:[^"\\]|\\.)*(?:"|$)'
_PASSWORD = re.compile(rf'("password"\s*:\s*){_STRING}', re.DOTALL)
_SECRET = re.compile(rf'("secret"\s*:\s*\{{\s*"key"\s*:\s*){_STRING}', re.DOTALL)
_TOKEN_ID = re.compile(rf'("token"\s*:\s*\{{\s*"id"\s*:\s*){_STRING}', re.DOTALL)
_OUR_TOKEN = re.compile(rf"{TOKEN_MARK}[A-Za-z0-9_-]*")


def iso(wall_ms: int) -> str:
    """Wall time as people and programs read it."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def masked(text: str, *, login: bool) -> str:
    """`text` without our tokens; in a log-in also without passwords and secret keys."""
    if login:
        for secret in (_PASSWORD, _SECRET, _TOKEN_ID):
            text = secret.sub(rf'\1"{MASK}"', text)
    return _OUR_TOKEN.sub(MASK, text)


class Journal:
    """The last requests, oldest first. Bounded by number and by size."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque()
        self._bytes = 0
        self._lock = threading.Lock()

    def record(self, wall_ms: int, method: str, path: str, query: str, body: bytes, signed_by: str | None) -> None:
        login = path.startswith("/v3")
        text = masked(body.decode("utf-8", "replace"), login=login)
        entry = {
            "at": iso(wall_ms),
            "method": method,
            "path": masked(path, login=False),
            "query": masked(query, login=False),
            "body": text,
            "signed_by": signed_by,
        }
        with self._lock:
            self._entries.append(entry)
            self._bytes += len(text)
            while len(self._entries) > ENTRIES_KEPT or (self._bytes > BYTES_KEPT and len(self._entries) > 1):
                self._bytes -= len(self._entries.popleft()["body"])

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._bytes = 0
