"""One login at IAM with user and password: what is asked, what comes back, and what it means when it does not."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import requests

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
from deployer.modelarts.reading import mapped, text
from deployer.modelarts.refusals import error_from
from deployer.modelarts.tokens import Kept
from deployer.modelarts.transport import Answer, Transport

_MARGIN = 600.0  # seconds before its end at which a token is not used any more
_UNSAID = 3600.0  # lifetime in seconds when the answer does not say; tokens live 24 h: IAM API reference


def fetched(
    transport: Transport,
    endpoint: str,
    user: dict[str, Any],
    scope: dict[str, Any],
    *,
    ends_at: float,
    secrets: tuple[str, ...],
) -> Kept:
    """A new token. Raises LoginRefused (a person must look), Throttled, BadAddress or LoginFailed."""
    check_endpoint(endpoint, local_allowed=transport.local_allowed, allowed_hosts=transport.allowed_hosts)
    answer = _ask(transport, _request(endpoint, user, scope), ends_at, secrets)
    token = answer.headers.get("X-Subject-Token", "").strip()
    if not token:
        raise LoginFailed("IAM sent no token", cause="no_answer", http_status=answer.status)
    now = time.time()
    return Kept(token, good_until=now + _lifetime(answer), since=now, project_id=_project(answer))


def _ask(transport: Transport, request: requests.PreparedRequest, ends_at: float, secrets: tuple[str, ...]) -> Answer:
    """POST /v3/auth/tokens: IAM API reference, "Obtaining a User Token". 201, the token in a header."""
    failure: ModelArtsError
    try:
        # Once a day: a kept connection would be dead by then.
        answer = transport.exchange(request, ends_at=ends_at, fresh=True)
        if 200 <= answer.status < 300:
            return answer
        failure = error_from(answer, secrets=secrets)
    except BadAddress:
        raise
    except (NotSent, NoAnswer) as error:
        failure = error
    said = _as_login(failure)
    said.is_late = failure.is_late
    if isinstance(said, LoginRefused):
        said.at_login = True
    raise said


def _request(endpoint: str, user: dict[str, Any], scope: dict[str, Any]) -> requests.PreparedRequest:
    identity = {"methods": ["password"], "password": {"user": user}}
    body = json.dumps({"auth": {"identity": identity, "scope": scope}})
    # The catalog can make the answer large, and nobody here reads it.
    url = f"{endpoint}/v3/auth/tokens?nocatalog=true"
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "gzip"}
    try:
        return requests.Request("POST", url, data=body.encode(), headers=headers).prepare()
    except (requests.RequestException, ValueError) as error:
        kind = type(error).__name__
    raise LoginFailed(f"login: the request could not be written: {kind}", cause="request")


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


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _project(answer: Answer) -> str:
    """The id of the project that the token is for; it need not be asked for again: IAM API reference."""
    try:
        found = mapped(parsed(answer.body))
    except ValueError:
        return ""
    return text(mapped(mapped(found.get("token")).get("project")).get("id"))
