"""How long to wait before a read is tried again. Whether and how long is decided here; waiting happens elsewhere."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from deployer.modelarts.errors import CloudFault, ModelArtsError, NoAnswer, NotSent, Throttled

FIRST, LONGEST = 0.25, 8.0
# ModelArts API reference, appendix "Status Codes": these may be tried again. A 500 is not among them.
_MAY_PASS = frozenset({408, 502, 503, 504})
_ONE_DAY = 86_400.0


def wait_before(attempt: int, retry_after: float | None = None, *, chance: float = 0.5) -> float:
    """Seconds to wait before attempt 2, 3, …: growing, at most 8 s, between half and all of it by `chance` (0 to 1).

    What the cloud asked for (`retry_after`, seconds) is the least, never cut short.
    """
    step = min(LONGEST, FIRST * 2.0 ** min(max(0, attempt - 2), 16))
    jittered = step * (0.5 + 0.5 * chance)
    return jittered if retry_after is None else max(0.0, retry_after) + jittered


def may_read_again(error: ModelArtsError) -> bool:
    """Whether a call that changes nothing is worth trying again after this."""
    if isinstance(error, CloudFault):
        return error.status in _MAY_PASS
    return isinstance(error, (NotSent, NoAnswer, Throttled)) and not error.needs_person


def seconds_of(retry_after: str, *, said_at: str = "", now: datetime | None = None) -> float | None:
    """The header Retry-After, seconds or a date, as seconds from now (0 to one day); None when it makes no sense.

    A date is by the cloud's clock, so it is measured against `said_at`, the header Date of the same answer; against
    ours (`now`), which may be wrong, only where that cannot be read.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _ONE_DAY)
    until = _moment_of(text)
    if until is None:
        return None
    since = _moment_of(said_at) or now or datetime.now(UTC)
    return min(max(0.0, (until - since).total_seconds()), _ONE_DAY)


def _moment_of(date: str) -> datetime | None:
    """A date of HTTP; None when it is none."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
