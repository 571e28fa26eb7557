"""Signatures with an access key (AK/SK), scheme SDK-HMAC-SHA256.

Source: Huawei's API signing guide; the steps are numbered as in the canonical request it describes. The order of
names, the trailing slash and the plain secret key as HMAC key are the scheme's own, however odd.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import requests
from requests.auth import AuthBase

ALGORITHM = "SDK-HMAC-SHA256"
# Only what we set ourselves is signed: a proxy may rewrite the others on the way.
_SIGNED = ("content-type", "host", "x-project-id", "x-sdk-date", "x-security-token")


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def canonical_request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> str:
    """The text that is hashed and signed; `headers` are exactly those to sign.

    1. method; 2. path, each segment encoded anew, ending in a slash; 3. query, sorted by key and value;
    4. headers, lower case and sorted, and an empty line; 5. their names; 6. SHA-256 of the body in hex.
    """
    parts = urlsplit(url)
    path = "/".join(_encoded(segment) for segment in unquote(parts.path or "/").split("/"))
    query = sorted((_encoded(key), _encoded(value)) for key, value in parse_qsl(parts.query, keep_blank_values=True))
    signed = sorted((name.lower(), value.strip()) for name, value in headers.items())
    return "\n".join(
        (
            method.upper(),
            path if path.endswith("/") else path + "/",
            "&".join(f"{key}={value}" for key, value in query),
            "".join(f"{name}:{value}\n" for name, value in signed),
            ";".join(name for name, _ in signed),
            hashlib.sha256(body).hexdigest(),
        )
    )


def signature(secret_key: str, canonical: str, date: str) -> str:
    """The hex signature of a canonical request; `date` is the header X-Sdk-Date."""
    to_sign = f"{ALGORITHM}\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


class SignedRequests(AuthBase):
    """Signs each request on its way out. Temporary keys bring a security token along."""

    def __init__(
        self,
        access_key: str,
        secret_key: str,
        project_id: str = "",
        security_token: str = "",
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._project_id = project_id
        self._security_token = security_token
        self._clock = clock

    @property
    def project_id(self) -> str:
        """The project that requests are signed for."""
        return self._project_id

    def __repr__(self) -> str:
        return f"SignedRequests(project_id={self._project_id!r})"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        date = self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        # Set by hand so that what is signed is what goes over the wire.
        request.headers["Host"] = urlsplit(str(request.url)).netloc
        request.headers["X-Sdk-Date"] = date
        if self._project_id:  # Who asks IAM which projects there are has none yet.
            request.headers["X-Project-Id"] = self._project_id
        if self._security_token:
            request.headers["X-Security-Token"] = self._security_token
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() in _SIGNED}
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else bytes(body)
        canonical = canonical_request(str(request.method), str(request.url), headers, content)
        names = ";".join(sorted(name.lower() for name in headers))
        signed = signature(self._secret_key, canonical, date)
        request.headers["Authorization"] = (
            f"{ALGORITHM} Access={self._access_key}, SignedHeaders={names}, Signature={signed}"
        )
        return request

    def login(self, *, within: float = 20.0) -> None:
        """Nothing to fetch: every request brings its own signature."""

    def renew(self, stale: str, *, within: float = 20.0) -> bool:
        """A new signature would be refused like the old one, unless the clock jumped: not worth a second call."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        return tuple(one for one in (self._secret_key, self._security_token, self._access_key) if one)
