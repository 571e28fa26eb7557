"""Who we are to the cloud: a token of IAM for user and password, or (signing.py) a signature for an access key."""

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any, Protocol

import requests
from requests.auth import AuthBase

from deployer.modelarts.address import check_endpoint
from deployer.modelarts.errors import (
    BadAddress,
    CloudFault,
    LoginFailed,
    LoginRefused,
    ModelArtsError,
    NoAnswer,
    NotSent,
    Refused,
    Throttled,
)
from deployer.modelarts.parsing import parsed
from deployer.modelarts.refusals import error_from
from deployer.modelarts.signing import SignedRequests
from deployer.modelarts.transport import Answer, Transport

__all__ = ["Auth", "PasswordToken", "SignedRequests"]

TOKEN = "X-Auth-Token"  # noqa: S105 - the name of a header
_MARGIN = 600.0  # seconds before its end at which a token is not used any more
_UNSAID = 3600.0  # lifetime in seconds when the answer does not say; tokens live 24 h: IAM API reference
_USER_LOGIN = 20.0


class Auth(Protocol):
    """What the client asks of a way to log in."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest: ...

    def login(self, *, within: float = ...) -> None:
        """Be ready to sign, within so many seconds."""

    def renew(self, stale: str, *, within: float = ...) -> bool:
        """After a 401: be ready anew. False when that cannot help."""

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""


class PasswordToken(AuthBase):
    """Logs in with user and password for one project, and keeps the token until shortly before its end.

    Safe to share between threads: one of them logs in, the others wait and use what came of it.
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
    ) -> None:
        self._endpoint = iam_endpoint.rstrip("/").removesuffix("/v3")
        self._user = {"name": username, "password": password, "domain": {"name": domain}}
        # A project by id wins; ModelArts is regional, so a scope without project is of no use: IAM API reference.
        self._project = {"id": project_id} if project_id else {"name": project_name}
        self._password = password
        self._local_allowed = local_allowed
        self._allowed_hosts = tuple(allowed_hosts)
        self._transport = Transport(timeout=timeout, local_allowed=local_allowed, allowed_hosts=self._allowed_hosts)
        self._lock = threading.Lock()
        self._token = ""
        self._past = ""  # The token before, which a late answer may still repeat.
        self._good_until = 0.0  # time.time(), which goes on while a machine sleeps; should it jump, a 401 helps
        self._failure: ModelArtsError | None = None
        self._failed_at = 0.0

    def __repr__(self) -> str:
        return f"PasswordToken({self._endpoint!r})"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        self.login()
        request.headers[TOKEN] = self._token
        return request

    def login(self, *, within: float = _USER_LOGIN) -> None:
        """Make sure there is a token that lasts; may be called ahead, so that a later call loses no time.

        Raises LoginRefused (a person must look), Throttled, or LoginFailed: in each case only the login was tried.
        """
        if not self._lasts():
            self._one_login(self._token, within)

    def renew(self, stale: str, *, within: float = _USER_LOGIN) -> bool:
        """Get another token than the stale one; when somebody else has got it already, that one does."""
        self._one_login(stale, within)
        return True

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        return tuple(one for one in (self._password, self._token, self._past) if one)

    def _lasts(self) -> bool:
        return bool(self._token) and time.time() < self._good_until

    def _one_login(self, stale: str, within: float) -> None:
        asked_at = time.monotonic()
        if not self._lock.acquire(timeout=max(0.001, within)):
            raise LoginFailed("another login takes too long", cause="timeout")
        try:
            if self._token != stale and self._lasts():
                return
            # Those who waited while a login failed share its news: a herd with a wrong password locks the account.
            if self._failure is not None and self._failed_at >= asked_at:
                raise self._failure.with_traceback(None)
            self._good_until = 0.0
            self._fetch(asked_at + within)
        finally:
            self._lock.release()

    def _fetch(self, ends_at: float) -> None:
        try:
            answer = self._ask(ends_at)
            token = answer.headers.get("X-Subject-Token", "").strip()
            if not token:
                raise LoginFailed("IAM sent no token", cause="no_answer", http_status=answer.status)
        except ModelArtsError as failure:
            self._failure, self._failed_at = failure, time.monotonic()
            raise
        self._failure = None
        self._good_until = time.time() + _lifetime(answer)
        self._past, self._token = self._token, token

    def _ask(self, ends_at: float) -> Answer:
        """POST /v3/auth/tokens: IAM API reference, "Obtaining a User Token". 201, the token in a header."""
        failure: ModelArtsError
        try:
            check_endpoint(self._endpoint, local_allowed=self._local_allowed, allowed_hosts=self._allowed_hosts)
            # Once a day: a kept connection would be dead by then.
            answer = self._transport.exchange(self._request(), ends_at=ends_at, fresh=True)
            if 200 <= answer.status < 300:
                return answer
            failure = error_from(answer, secrets=self.secrets())
        except BadAddress:
            raise
        except (NotSent, NoAnswer) as error:
            failure = error
        raise _as_login(failure)

    def _request(self) -> requests.PreparedRequest:
        identity = {"methods": ["password"], "password": {"user": self._user}}
        body = json.dumps({"auth": {"identity": identity, "scope": {"project": self._project}}})
        # The catalog can make the answer large, and nobody here reads it.
        url = f"{self._endpoint}/v3/auth/tokens?nocatalog=true"
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "gzip"}
        return requests.Request("POST", url, data=body.encode(), headers=headers).prepare()


def _as_login(failure: ModelArtsError) -> ModelArtsError:
    """The same trouble, said of the login: whatever happened there, the call it was for never left."""
    facts: dict[str, Any] = {
        "http_status": failure.http_status, "request_id": failure.request_id, "raw": failure.raw
    }  # fmt: skip
    if isinstance(failure, (Throttled, LoginRefused)):
        return failure
    if isinstance(failure, Refused):  # 400, 403, 404: a domain, project or right is wrong, not the moment.
        return LoginRefused(f"IAM refused the login: {failure.message}", code=failure.code, **facts)
    if isinstance(failure, NotSent):
        return LoginFailed(f"login: {failure.message}", cause=failure.cause, **facts)
    cause = "fault" if isinstance(failure, CloudFault) else "no_answer"
    return LoginFailed(f"login: {failure.message}", cause=cause, **facts)


def _lifetime(answer: Answer) -> float:
    """Seconds to keep a token. Counted between two times of IAM, so that our own clock may be wrong."""
    try:
        token = parsed(answer.body)["token"]
        ends, begins = _moment(token["expires_at"]), _moment(token["issued_at"])
        seconds = (ends - begins).total_seconds()
    except (ValueError, TypeError, KeyError):
        seconds = _UNSAID
    return max(0.0, seconds - min(_MARGIN, seconds / 10))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
