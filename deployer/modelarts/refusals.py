"""From an answer that is no success to the error it means."""

from collections.abc import Iterable
from typing import Any

from deployer.modelarts.errors import CloudFault, LoginRefused, ModelArtsError, NoAnswer, Refused, Throttled
from deployer.modelarts.masking import masked
from deployer.modelarts.parsing import parsed
from deployer.modelarts.transport import Answer
from deployer.modelarts.waits import seconds_of

# 4xx that do not say "it did nothing": the server or a proxy gave up waiting (499 is nginx's word for that).
_GAVE_UP = frozenset({408, 499})


def error_from(answer: Answer, *, secrets: Iterable[str] = ()) -> ModelArtsError:
    """The error for an answer outside 2xx, its text masked and cut. A 401 becomes LoginRefused."""
    secrets = tuple(secrets)
    raw = masked(answer.text, secrets)
    request_id = masked(answer.request_id, secrets)
    status = answer.status
    if status == 429:
        wait = _wait(answer)
        return Throttled(wait, request_id=request_id, raw=raw)
    code, words = (masked(said, secrets) for said in _said(answer.body))
    if status >= 500 or status in _GAVE_UP or 300 <= status < 400:
        wait = _wait(answer)
        facts = {"code": code, "cloud_message": words} if status >= 500 else {}
        return CloudFault(status, raw, request_id=request_id, retry_after=wait, **facts)
    if status < 400:  # 1xx, or a 2xx the caller cannot use.
        return NoAnswer(f"an answer of no use, HTTP {status}", http_status=status, request_id=request_id, raw=raw)
    if status == 401:
        return LoginRefused(f"401 {code} {words}".strip(), code=code, request_id=request_id, raw=raw)
    return Refused(status, code, words, raw, request_id=request_id)


def _wait(answer: Answer) -> float | None:
    """The seconds the cloud asked us to wait."""
    return seconds_of(answer.headers.get("Retry-After", ""), said_at=answer.headers.get("Date", ""))


def _said(body: bytes) -> tuple[str, str]:
    """Code and words of an error body; empty where it has none.

    ModelArts and the gateway send error_code and error_msg, IAM an object `error` with code, title and message
    (ModelArts API reference, appendix; IAM API reference, "Status Codes").
    """
    try:
        found = parsed(body)
    except ValueError:
        return "", ""
    if not isinstance(found, dict):
        return "", ""
    inner = found.get("error")
    if isinstance(inner, dict):
        return _text(inner.get("title")), _text(inner.get("message"))
    return _text(found.get("error_code")), _text(found.get("error_msg"))


def _text(value: Any) -> str:
    return str(value)[:1000] if isinstance(value, (str, int)) else ""
