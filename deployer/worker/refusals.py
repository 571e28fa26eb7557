"""Credentials that were refused a moment ago, as all processes remember it: to try on would lock the account."""

import logging
import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from deployer.modelarts.errors import LoginRefused
from deployer.worker.records import AWAY

log = logging.getLogger(__name__)

# Seconds in which refused credentials are not tried again. IAM locks an account for 15 minutes after five wrong
# passwords within 15 (IAM user guide, account lockout policy, defaults).
REFUSED_FOR = 300.0
UNREFUSED_FOR = 1.0  # seconds for which "nothing is known against them" serves a busy line of this process
LATER = "The login is tried again in a few minutes, or at once when the credentials change."

_unrefused: dict[str, float] = {}


class RefusedLately(LoginRefused):
    """Not tried, since the same credentials were refused a moment ago. What was said then is said again."""

    at_login = True

    def for_people(self) -> str:
        return f"{super().for_people()} {LATER}"


class Memory:
    """What is known against one set of credentials (`mark`) on one way. Kept in the shared cache; advice, never raised
    when the cache is away."""

    def __init__(self, way: str, mark: str) -> None:
        # Keyed, so that nobody who reads the cache can guess at a password by its hash.
        self._key = f"refused-{way}-{salted_hmac('deployer.refused', mark, algorithm='sha256').hexdigest()}"

    def known(self, *, fresh: bool = True) -> RefusedLately | None:
        """The refusal of the last minutes. Not `fresh`: a good word of the last second will do."""
        if not fresh and time.monotonic() - _unrefused.get(self._key, float("-inf")) < UNREFUSED_FOR:
            return None
        try:
            said = cache.get(self._key)
        except AWAY:
            return None
        if said is None:
            _unrefused[self._key] = time.monotonic()
            return None
        return RefusedLately(said["message"], code=said["code"], http_status=said["http_status"])

    def keep(self, refusal: LoginRefused) -> None:
        """From now on it is known, for a while."""
        if isinstance(refusal, RefusedLately):
            return
        _unrefused.pop(self._key, None)
        said = {"message": refusal.message, "code": refusal.code, "http_status": refusal.http_status}
        try:
            cache.set(self._key, said, timeout=REFUSED_FOR)
        except AWAY as error:
            log.warning("A refused login could not be remembered: %s", type(error).__name__)


def forget() -> None:
    """This process remembers nothing any more."""
    _unrefused.clear()
