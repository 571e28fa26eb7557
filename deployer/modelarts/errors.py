"""What can go wrong on the way to the cloud, as one tree. The branches answer: may it have happened?"""

from deployer.modelarts.meanings import meaning_of
from deployer.modelarts.naming import field_named_in

# Words for NotSent.cause, each with what to do about it.
_CAUSES = {
    "dns": "The name of the endpoint is not known here. Look for a typing error in the target, or ask for the DNS.",
    "refused": "Nothing answers at the endpoint. It is tried again; if it stays so, look at the target's address.",
    "timeout": "The endpoint could not be reached in time. It is tried again; a firewall may be in the way.",
    "tls": "The endpoint could not prove who it is. Look at its certificate and address before anything is sent.",
    "address": "The endpoint's address is not allowed. Change the target, or allow local targets in the settings.",
    "proxy": "The proxy did not let us through. Look at the proxy's settings.",
    "request": "The request could not be written. A credential of the target may hold a line break or odd letters.",
    "no_answer": "IAM gave no readable answer. It is tried again.",
    "fault": "IAM is in trouble. It is tried again.",
}
_FOR_A_PERSON = frozenset({"tls", "address", "request"})


class ModelArtsError(Exception):
    """Any trouble with the cloud. Text and `raw` hold no credential; `raw` is at most 4 KB."""

    needs_person = False
    is_late = False  # The line stood, and the answer was waited for too long.

    def __init__(self, message: str, *, http_status: int | None = None, request_id: str = "", raw: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.http_status = http_status
        self.request_id = request_id
        self.raw = raw

    def for_people(self) -> str:
        """One or two sentences: what happened, and what can be done."""
        return self.message


class NotSent(ModelArtsError):
    """It certainly never left: no such host, refused connection, no TLS. `cause` is one of the words above."""

    def __init__(
        self, message: str, *, cause: str, http_status: int | None = None, request_id: str = "", raw: str = ""
    ):
        super().__init__(message, http_status=http_status, request_id=request_id, raw=raw)
        self.cause = cause
        # A certificate that does not fit may be an attack: trying again by itself would only help the attacker.
        self.needs_person = cause in _FOR_A_PERSON

    def for_people(self) -> str:
        return f"Nothing was sent to the cloud. {_CAUSES.get(self.cause, self.message)}"


class BadAddress(NotSent):
    """An endpoint that must not be called. The message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message, cause="address")

    def for_people(self) -> str:
        return f"Nothing was sent to the cloud. {self.message}"


class LoginFailed(NotSent):
    """IAM could not be asked, so the request itself never left, whatever became of the login."""

    def for_people(self) -> str:
        return f"We could not log in, so nothing was sent. {_CAUSES.get(self.cause, self.message)}"


class NoAnswer(ModelArtsError):
    """Nothing readable came back: it may or may not have arrived."""

    def for_people(self) -> str:
        return "No readable answer came back. We do not know yet whether it took effect, so it is looked for first."


class Refused(ModelArtsError):
    """A 4xx with the cloud's words: it did nothing, and a person must change something."""

    needs_person = True

    def __init__(self, status: int, code: str, message: str, raw: str = "", *, request_id: str = "") -> None:
        said = f"{code}: {message}" if code else message or f"HTTP {status}"
        super().__init__(said, http_status=status, request_id=request_id, raw=raw)
        self.status = status
        self.code = code
        self.cloud_message = message

    def for_people(self) -> str:
        known = meaning_of(self.code, self.status)
        if known is None:
            return f"The cloud refused: {self.message}."
        return f"{known.meaning} {known.do}"


class LoginRefused(ModelArtsError):
    """IAM or ModelArts does not accept who we are, even after one fresh login."""

    needs_person = True
    at_login = False  # IAM itself said so, to the login: then it holds for every host.

    def __init__(
        self, message: str, *, code: str = "", http_status: int | None = 401, request_id: str = "", raw: str = ""
    ) -> None:
        super().__init__(message, http_status=http_status, request_id=request_id, raw=raw)
        self.code = code

    def for_people(self) -> str:
        known = meaning_of(self.code, self.http_status or 401)
        if known is None:
            said = f" ({self.message})" if "." in self.code else ""  # A code of the cloud, not a title of IAM.
            return f"The cloud does not accept the target's credentials{said}. Check user, domain, project and keys."
        return f"{known.meaning} {known.do}"


class Throttled(ModelArtsError):
    """429: the right request at the wrong moment. `retry_after` is in seconds, None when the cloud did not say."""

    def __init__(self, retry_after: float | None, *, request_id: str = "", raw: str = "") -> None:
        super().__init__("429: too many requests", http_status=429, request_id=request_id, raw=raw)
        self.retry_after = retry_after

    def for_people(self) -> str:
        when = "shortly" if self.retry_after is None else f"in {max(1, round(self.retry_after))} s"
        return f"The cloud is busy and asked us to wait. It is tried again {when}."


class CloudFault(ModelArtsError):
    """The cloud broke, and may have done half: 5xx, 408, or a redirect, which is never followed."""

    def __init__(
        self,
        status: int,
        raw: str = "",
        *,
        request_id: str = "",
        retry_after: float | None = None,
        code: str = "",
        cloud_message: str = "",
    ) -> None:
        kind = "redirect" if 300 <= status < 400 else "fault of the cloud"
        said = ", ".join([f"{kind}, HTTP {status}", *filter(None, [f"{code} {cloud_message}".strip()])])
        super().__init__(said, http_status=status, request_id=request_id, raw=raw)
        self.status = status
        self.retry_after = retry_after
        self.code = code
        self.cloud_message = cloud_message

    def for_people(self) -> str:
        if 300 <= self.status < 400:
            return "The endpoint pointed us to another address, which we never follow. Look at the target's endpoint."
        known = meaning_of(self.code, self.status)
        if known is not None:
            return f"{known.meaning} {known.do}"
        said = f", {self.code}: {self.cloud_message}" if self.code else ""
        return (
            f"The cloud is in trouble (HTTP {self.status}{said}). It may have done the work, so it is looked for first."
        )


def field_of(error: ModelArtsError) -> str | None:
    """The path in the request that a refusal is about (`config[0].src_path`), or None when it is about no field."""
    if not isinstance(error, Refused):
        return None
    known = meaning_of(error.code, error.status)
    named = field_named_in(error.cloud_message)
    if known is None:
        return named
    is_rival = named is not None and named.rpartition(".")[2] in known.rivals
    is_closer = named is not None and named.startswith("config[") and known.field == "config"
    return (named if known.in_message or is_rival or is_closer else None) or known.field
