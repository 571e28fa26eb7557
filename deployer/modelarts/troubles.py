"""One word for each kind of trouble on the way to the cloud; the words are those of steps.py."""

from deployer.modelarts.errors import (
    BadAddress,
    CloudFault,
    LoginRefused,
    ModelArtsError,
    NoAnswer,
    NotSent,
    Refused,
    Throttled,
)

# Code without "ModelArts." and HTTP status: ModelArts API reference, appendix "Error Codes".
_PROJECT = {("0204", 400), ("0210", 400), ("0210", 403), ("0207", 401), ("0212", 401)}
_PERMISSION = {("0108", 403), ("0112", 403), ("0112", 401)}
_CREDENTIALS = {("0203", 403), ("0206", 403)}
_AGENCY = {("0428", 401)}
_OURS = ("ModelArts.", "APIG.", "APIGW.")
_LOGIN_CAUSES = {"fault": "fault", "no_answer": "broken"}


def cause_of(error: ModelArtsError) -> str:
    """The word for an error."""
    status = error.http_status or 0
    if isinstance(error, BadAddress):
        return "address"
    if error.is_late:
        return "read_timeout"
    if isinstance(error, (NotSent, CloudFault)) and 300 <= status < 400:
        return "redirect"
    if isinstance(error, NotSent):
        return _LOGIN_CAUSES.get(error.cause, error.cause)
    if isinstance(error, (Refused, LoginRefused)):
        return _of_code(error.code.removeprefix("ModelArts."), status)
    return {CloudFault: "fault", Throttled: "busy"}.get(type(error), "broken")


def _of_code(code: str, status: int) -> str:
    pair = (code, status)
    words = {"project": _PROJECT, "permission": _PERMISSION, "agency": _AGENCY, "credentials": _CREDENTIALS}
    known = next((word for word, pairs in words.items() if pair in pairs), "")
    # Other codes of these statuses mean the same, by what HTTP says.
    return known or {401: "credentials", 403: "permission"}.get(status, "rejected")


def is_reached(error: ModelArtsError) -> bool:
    """Whether an API answered, with whatever: a refusal shows that the way there is free."""
    return isinstance(error, (Refused, LoginRefused, Throttled)) and not isinstance(error, NotSent)


def is_stranger(error: ModelArtsError) -> bool:
    """Whether something answered that is not whom we asked for: a web page, another API, an unknown call.

    The gateway's own word for an unknown call is APIG.0101; other servers refuse without a code, or with a web page.
    """
    if isinstance(error, (Refused, LoginRefused)):
        is_page = bool(error.raw.strip()) and not error.raw.lstrip().startswith("{")
        is_nameless = error.http_status not in (401, 403) and not error.code.startswith(_OURS)
        return error.code == "APIG.0101" or is_page or (is_nameless and isinstance(error, Refused))
    return isinstance(error, NoAnswer) and error.http_status is not None and not error.is_late
