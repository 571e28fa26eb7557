"""Tokens: given out, found again, and described as IAM does."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import account
from .journal import TOKEN_MARK

LIFETIME_MS = 24 * 60 * 60 * 1000  # Tokens live for 24 hours: OTC IAM, Obtaining a User Token.
TOKENS_KEPT = 10_000


@dataclass(frozen=True)
class Token:
    text: str
    project_id: str | None  # None: a domain token, which no regional service takes
    issued_at: int
    expires_at: int


class Tokens:
    """The tokens given out. A new one does not void an old one."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[str, Token] = OrderedDict()
        self._lock = threading.Lock()

    def issue(self, project_id: str | None, now: int) -> Token:
        token = Token(TOKEN_MARK + secrets.token_urlsafe(96), project_id, now, now + LIFETIME_MS)
        with self._lock:
            self._tokens[token.text] = token
            while len(self._tokens) > TOKENS_KEPT:
                self._tokens.popitem(last=False)
        return token

    def find(self, text: str) -> Token | None:
        with self._lock:
            return self._tokens.get(text)

    def clear(self) -> None:
        with self._lock:
            self._tokens.clear()


def describe(token: Token, methods: list[str], base_url: str) -> dict[str, Any]:
    """The body of a token answer, times in UTC with microseconds."""
    domain = {"id": account.DOMAIN_ID, "name": account.DOMAIN}
    shown: dict[str, Any] = {
        "methods": methods,
        "issued_at": _moment(token.issued_at),
        "expires_at": _moment(token.expires_at),
        "user": {"id": account.USER_ID, "name": account.USER, "domain": domain, "password_expires_at": ""},
        "roles": [{"id": "0", "name": "te_admin"}, {"id": "0", "name": "op_gated_modelarts"}],
        "catalog": _catalog(token.project_id, base_url),
    }
    if token.project_id is None:
        return {**shown, "domain": domain}
    project = {"id": token.project_id, "name": account.PROJECTS[token.project_id], "domain": domain}
    return {**shown, "project": project}


def _moment(wall_ms: int) -> str:
    return datetime.fromtimestamp(wall_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _catalog(project_id: str | None, base_url: str) -> list[dict[str, Any]]:
    def entry(kind: str, name: str, path: str, region: str) -> dict[str, Any]:
        endpoint = {"id": f"{name}-public", "interface": "public", "region": region, "region_id": region}
        return {"id": name, "name": name, "type": kind, "endpoints": [{**endpoint, "url": base_url + path}]}

    found = [entry("identity", "iam", "/v3", "*")]
    if project_id is not None:
        found.append(entry("modelartsv1", "modelarts", f"/v1/{project_id}", account.REGION))
    return found
