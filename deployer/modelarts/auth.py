"""Who we are to the cloud: a token of IAM for user and password, or (signing.py) a signature for an access key."""

import hashlib
import json
import threading
import time
from typing import Any, Protocol

import requests
from requests.auth import AuthBase

from deployer.modelarts.errors import LoginFailed, LoginRefused, ModelArtsError
from deployer.modelarts.login import fetched
from deployer.modelarts.signing import SignedRequests
from deployer.modelarts.tokens import Kept, TokenStore
from deployer.modelarts.transport import Transport

__all__ = ["Auth", "PasswordToken", "SignedRequests"]

TOKEN = "X-Auth-Token"  # noqa: S105 - the name of a header
_USER_LOGIN = 20.0
_NOTHING = Kept("", good_until=0.0, since=0.0)


class Auth(Protocol):
    """What the client asks of a way to log in."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest: ...

    def login(self, *, within: float = ...) -> None:
        """Be ready to sign, within so many seconds."""

    def renew(self, stale: str, *, within: float = ...) -> bool:
        """After a 401: be ready anew. False when that cannot help."""

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""


class Refusals(Protocol):
    """Where it is remembered that these very credentials were refused. Nothing here raises."""

    def known(self) -> LoginRefused | None:
        """A refusal so young that trying again would only help to lock the account."""

    def keep(self, refusal: LoginRefused) -> None:
        """Remember a refusal."""


class PasswordToken(AuthBase):
    """Logs in with user and password for one project, and keeps the token until shortly before its end.

    Safe to share between threads: one of them logs in, the others wait and use what came of it. With a `store` the
    processes of one machine share a token likewise, and with `refusals` they share the news of a wrong password.
    Without a project the token is for the domain, which is good for
    asking what projects there are, and for nothing else: ModelArts is regional (IAM API reference).
    """

    def __init__(
        self,
        iam_endpoint: str,
        username: str,
        password: str,
        domain: str,
        *,
        project_id: str = "",
        project_name: str = "",
        timeout: tuple[float, float] = (5.0, 15.0),
        local_allowed: bool = False,
        allowed_hosts: tuple[str, ...] = (),
        store: TokenStore | None = None,
        refusals: Refusals | None = None,
    ) -> None:
        self._endpoint = iam_endpoint.rstrip("/").removesuffix("/v3")
        self._user = {"name": username, "password": password, "domain": {"name": domain}}
        self._scope = _scope(project_id, project_name, domain)
        self._password = password
        self._who = (username, password, domain)
        self._roads: dict[str, Any] = {
            "timeout": timeout, "local_allowed": local_allowed, "allowed_hosts": tuple(allowed_hosts)
        }  # fmt: skip
        self._transport = Transport(**self._roads)
        self._store = store
        self._refusals = refusals
        self._key = ""
        self._lock = threading.Lock()
        self._kept = _NOTHING
        self._past = ""  # The token before, which a late answer may still repeat.
        self._spent = False  # The token was refused or its renewal failed: whatever its time, it is not used again.
        self._failure: ModelArtsError | None = None
        self._failed_at = 0.0

    def __repr__(self) -> str:
        return f"PasswordToken({self._endpoint!r})"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        self.login()
        request.headers[TOKEN] = self._kept.token
        return request

    @property
    def project_id(self) -> str:
        """The project that the present token is for; empty before a login, and for a token of the domain."""
        return self._kept.project_id

    def for_domain(self) -> "PasswordToken":
        """The same user without a project: tells a wrong password from a wrong project, and lists projects."""
        return PasswordToken(self._endpoint, *self._who, **self._roads)

    def login(self, *, within: float = _USER_LOGIN) -> None:
        """Make sure there is a token that lasts; may be called ahead, so that a later call loses no time.

        Raises LoginRefused (a person must look), Throttled, or LoginFailed: in each case only the login was tried.
        """
        if not self._lasts():
            self._one_login(self._kept.token, within)

    def renew(self, stale: str, *, within: float = _USER_LOGIN) -> bool:
        """Get another token than the stale one; when somebody else has got it already, that one does."""
        self._one_login(stale, within)
        return True

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        return tuple(one for one in (self._password, self._kept.token, self._past) if one)

    def _lasts(self) -> bool:
        # time.time() goes on while a machine sleeps. Should it jump, a 401 helps.
        return not self._spent and bool(self._kept.token) and time.time() < self._kept.good_until

    def _one_login(self, stale: str, within: float) -> None:
        asked_at = time.monotonic()
        if not self._lock.acquire(timeout=max(0.001, within)):
            raise LoginFailed("another login takes too long", cause="timeout")
        try:
            if self._kept.token != stale and self._lasts():
                return
            # Those who waited while a login failed share its news: a herd with a wrong password locks the account.
            if self._failure is not None and self._failed_at >= asked_at:
                raise self._failure.with_traceback(None)
            self._spent = True
            self._adopt(self._shared(stale, asked_at + within))
        finally:
            self._lock.release()

    def _adopt(self, kept: Kept) -> None:
        self._past, self._kept, self._spent = self._kept.token, kept, False

    def _shared(self, stale: str, ends_at: float) -> Kept:
        """A token from another process, or a new one that the others will find.

        Another process that is logging in is waited for, but not beyond half of our time: it may stand still, or be cut
        off, and would keep everybody from the cloud. Two log-ins do no harm.
        """
        if self._store is None:
            return self._fetched(ends_at)
        key = self._key = self._key or _key(self._endpoint, self._user, self._scope)
        with self._store.alone(key, max(0.001, (ends_at - time.monotonic()) / 2)) as is_alone:
            found = self._store.load(key)
            # Only a later one than ours: what lies there may be older than what was refused here.
            if found and found.token != stale and found.since > self._kept.since and time.time() < found.good_until:
                return found
            if is_alone:
                self._store.drop(key, stale)
            kept = self._fetched(ends_at)
            self._store.save(key, kept)
            return kept

    def _fetched(self, ends_at: float) -> Kept:
        known = self.secrets()
        if self._refusals and (refusal := self._refusals.known()):
            raise refusal
        try:
            kept = fetched(self._transport, self._endpoint, self._user, self._scope, ends_at=ends_at, secrets=known)
        except ModelArtsError as failure:
            self._failure, self._failed_at = failure, time.monotonic()
            if self._refusals and isinstance(failure, LoginRefused):
                self._refusals.keep(failure)
            raise
        self._failure = None
        return kept


def _scope(project_id: str, project_name: str, domain: str) -> dict[str, Any]:
    """What the token is for. A project by id wins over its name: IAM API reference, "Obtaining a User Token"."""
    if project_id or project_name:
        return {"project": {"id": project_id} if project_id else {"name": project_name}}
    return {"domain": {"name": domain}}


def _key(endpoint: str, user: dict[str, Any], scope: dict[str, Any]) -> str:
    """One name for who, where and with which secret. Slow on purpose: the names of files tell no password."""
    who = json.dumps([endpoint, user["name"], user["domain"], scope], sort_keys=True)
    salt = hashlib.sha256(who.encode()).digest()
    return hashlib.scrypt(str(user["password"]).encode(), salt=salt, n=2**14, r=8, p=1, maxmem=64 << 20).hex()
