"""One request and one answer, free of sockets."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from .faults import segments_of
from .refusals import Refusal

MAX_PAGE = 1000
DEEPEST = 200


@dataclass
class Call:
    """A request as it arrived; `ids` and `project_id` are filled in on its way."""

    method: str
    path: str
    raw_query: str
    headers: dict[str, str]  # lower-case names
    body: bytes
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.segments = segments_of(self.path)
        self.query = dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def project_id(self) -> str:
        return self.ids.get("project_id", "")

    @property
    def signed_by(self) -> str | None:
        """How the caller proves who they are: `token`, the name of an access key, or nothing."""
        if "x-auth-token" in self.headers:
            return "token"
        scheme, _, rest = self.headers.get("authorization", "").partition(" ")
        if scheme != "SDK-HMAC-SHA256":
            return None
        return rest.partition("Access=")[2].partition(",")[0].strip() or None

    def whole(self, name: str, default: int, most: int | None = None) -> int:
        """A whole number from the query; raises ModelArts.0104 for anything else."""
        text = self.query.get(name, "")
        if text == "":
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise Refusal(400, "ModelArts.0104", f"Invalid parameter {name}: must be a whole number.")
        number = int(text)
        return number if most is None else min(number, most)

    def page(self, rows: list[Any], limit: int = MAX_PAGE) -> list[Any]:
        """The rows from record `offset` on: the public clients treat it so, whatever the text says."""
        offset = self.whole("offset", 0)
        return rows[offset : offset + self.whole("limit", limit, most=MAX_PAGE)]

    def descending(self, default: bool = True) -> bool:
        order = self.query.get("order") or ("desc" if default else "asc")
        if order not in ("asc", "desc"):
            raise Refusal(400, "ModelArts.0104", "Invalid parameter order: must be asc or desc.")
        return order == "desc"

    def json(self) -> Any:
        """The body as JSON; raises ValueError with a plain sentence."""
        try:
            value = json.loads(self.body.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
            _check_depth(value)
            return value
        except RecursionError:
            raise ValueError("The body is nested too deeply.") from None
        except UnicodeDecodeError:
            raise ValueError("The body is not UTF-8.") from None


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("A number is too large.")
    return number


def _check_depth(value: Any) -> None:
    """What is kept must be writable again, by an encoder that stands deeper in the stack."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise RecursionError
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [part for parts in inner for part in parts]


@dataclass
class Answer:
    """A status, a JSON body (None: no body at all) and headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, refusal: Refusal) -> Answer:
        return cls(refusal.status, refusal.body(), dict(refusal.headers))

    def payload(self) -> bytes:
        return b"" if self.body is None else json.dumps(self.body).encode("ascii")

    def head(self, length: int, headers: dict[str, str]) -> bytes:
        """Status line and headers as bytes."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = ""
        lines = [f"HTTP/1.1 {self.status} {phrase}"]
        every = {"Content-Type": "application/json;charset=UTF-8", **self.headers, **headers}
        lines += [f"{name}: {value}" for name, value in every.items()]
        lines += [f"Content-Length: {length}", "", ""]
        return "\r\n".join(lines).encode("latin-1")
