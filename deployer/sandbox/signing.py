"""Who is asking: tokens and AK/SK signatures, checked on the wall clock."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote

from . import account
from .calls import Call
from .refusals import IamRefusal, Refusal

if TYPE_CHECKING:
    from .cloud import Cloud

WINDOW_SECONDS = 15 * 60  # Huawei's signing guide: the gateway refuses dates further from its clock.
SCHEME = "SDK-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
_HEADER = re.compile(rf"{SCHEME} +Access=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{{64}})")


def require_caller(cloud: Cloud, call: Call) -> None:
    """IAM's own calls: any live token will do, and a signature for any project or none."""
    if "x-auth-token" not in call.headers and "authorization" in call.headers:
        _project_of_signature(cloud, call)
        return
    token = cloud.tokens.find(call.headers.get("x-auth-token", ""))
    if token is None or cloud.clock.wall() >= token.expires_at:
        raise IamRefusal(401, "The request you have made requires authentication.")


def require_project(cloud: Cloud, call: Call) -> None:
    """A regional call: a project's token or a signature, for the very project of the address."""
    if "x-auth-token" in call.headers:
        project_id = _project_of_token(cloud, call.headers["x-auth-token"])
    elif "authorization" in call.headers:
        project_id = _project_of_signature(cloud, call)
    else:
        raise Refusal(401, "ModelArts.0201", "The request has no X-Auth-Token.")
    if project_id != call.project_id:
        raise Refusal(403, "ModelArts.0210", "The project in the address is not the project of the credentials.")
    if project_id not in account.PROJECTS:  # A signature can name any.
        raise Refusal(400, "ModelArts.0210", "The project in the address does not exist, or is not of this account.")


def _project_of_token(cloud: Cloud, text: str) -> str:
    token = cloud.tokens.find(text)
    if token is None:
        raise Refusal(401, "ModelArts.0203", "The token is invalid.")
    if cloud.clock.wall() >= token.expires_at:
        raise Refusal(401, "ModelArts.0202", "The token has expired.")
    if token.project_id is None:
        raise Refusal(400, "ModelArts.0204", "The token has no project. Ask for one with a project as its scope.")
    return token.project_id


def _refused(why: str) -> Refusal:
    return Refusal(401, "APIGW.0301", f"Incorrect IAM authentication information: {why}")


def _project_of_signature(cloud: Cloud, call: Call) -> str:
    parts = _HEADER.fullmatch(call.headers["authorization"])
    if parts is None:
        raise _refused("the Authorization header is malformed")
    access, signed, signature = parts.groups()
    secret, names = _secret_of(access, call), signed.split(";")
    claimed = call.headers.get("x-sdk-content-sha256", UNSIGNED)
    if claimed not in (UNSIGNED, hashlib.sha256(call.body).hexdigest()):
        raise _refused("the hash of the body is wrong")
    date = call.headers.get("x-sdk-date", "")
    _check_date(date, names, cloud.clock.wall() / 1000)
    if any(name not in call.headers for name in names):
        raise _refused("a signed header is missing")
    if access == account.TEMPORARY_ACCESS_KEY and "x-security-token" not in names:
        raise _refused("X-Security-Token is not signed")
    expected = signature_of(call, names, date, secret)
    if not hmac.compare_digest(expected, signature):
        raise _refused("verify aksk signature fail")
    return call.headers.get("x-project-id", call.project_id)


def _secret_of(access: str, call: Call) -> str:
    """The secret key of an access key; temporary keys are good with their token alone, others with none."""
    token = call.headers.get("x-security-token", "")
    if access == account.ACCESS_KEY and not token:
        return account.SECRET_KEY
    if access == account.TEMPORARY_ACCESS_KEY:
        if not hmac.compare_digest(token.encode("utf-8", "replace"), account.SECURITY_TOKEN.encode()):
            raise _refused("the security token is missing, wrong or has expired")
        return account.TEMPORARY_SECRET_KEY
    raise _refused("the access key is unknown" if not token else "the security token is not of this access key")


def _check_date(date: str, names: list[str], now: float) -> None:
    try:
        at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _refused("X-Sdk-Date is missing or malformed") from None
    if "x-sdk-date" not in names:
        raise _refused("X-Sdk-Date is not signed")
    if abs(at.timestamp() - now) > WINDOW_SECONDS:
        raise _refused("the signature has expired")


def signature_of(call: Call, names: list[str], date: str, secret: str) -> str:
    """SDK-HMAC-SHA256 of a request: canonical text, its hash, and the plain secret key as HMAC key."""
    canonical = canonical_request(call, names)
    to_sign = f"{SCHEME}\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def canonical_request(call: Call, names: list[str]) -> str:
    """The six parts of a signed request; the address ends in a slash here, though not on the wire."""
    path = "/".join(_encoded(unquote(segment)) for segment in call.path.split("/"))
    pairs = sorted((_encoded(key), _encoded(value)) for key, value in parse_qsl(call.raw_query, keep_blank_values=True))
    headers = "".join(f"{name}:{call.headers[name].strip()}\n" for name in sorted(names))
    body_hash = call.headers.get("x-sdk-content-sha256") or hashlib.sha256(call.body).hexdigest()
    query = "&".join(f"{key}={value}" for key, value in pairs)
    path = path if path.endswith("/") else path + "/"
    return "\n".join([call.method, path, query, headers, ";".join(sorted(names)), body_hash])


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
