"""From a target to the client that speaks for it. Kept while the target stays as it is, so that its token lives."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from deployer.modelarts.auth import Auth, PasswordToken, SignedRequests
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import LoginRefused
from deployer.models import Target

REFUSED_FOR = 60.0  # seconds in which refused credentials are not tried again just to look: that locks accounts

_kept: dict[int, tuple[str, ModelArts]] = {}
_refused: dict[int, tuple[str, float, LoginRefused]] = {}
_lock = threading.Lock()


class NoSecret(LoginRefused):
    """There is nothing to log in with."""

    def for_people(self) -> str:
        return (
            "The target's secret is missing or cannot be read with the present keys. "
            "Set it again with the command target, then send again."
        )


def of(target: Target) -> ModelArts:
    """The client of a target, the same one for all threads. Raises NoSecret when there is nothing to log in with."""
    if not target.secret:
        raise NoSecret(f"target {target.name} has no readable secret")
    mark = mark_of(target)
    with _lock:
        known = _kept.get(target.pk)
        if known and known[0] == mark:
            return known[1]
        client = made(target)
        _kept[target.pk] = (mark, client)
    # The old client is not closed: another thread may be in the middle of a call. It goes with its last user.
    return client


@contextmanager
def looking_at(target: Target) -> Iterator[ModelArts]:
    """The client of a target for reads nobody waits for. Credentials refused a moment ago are not tried again
    until they change; the refusal is raised anew."""
    mark = mark_of(target)
    known = _refused.get(target.pk)
    if known and known[0] == mark and time.monotonic() - known[1] < REFUSED_FOR:
        raise known[2].with_traceback(None)
    try:
        yield of(target)
    except LoginRefused as refusal:
        _refused[target.pk] = (mark, time.monotonic(), refusal)
        raise


def forget() -> None:
    """Nothing is remembered any more."""
    _kept.clear()
    _refused.clear()


def mark_of(target: Target) -> str:
    """Changes with whatever the client was made of. Hashed: no secret lies about in a key."""
    parts = (target.fingerprint, target.project_id, target.login, target.username, target.domain_name)
    facts = "\n".join([*parts, target.access_key, target.secret])
    return hashlib.sha256(facts.encode()).hexdigest()


def made(target: Target) -> ModelArts:
    return ModelArts(
        target.endpoint,
        target.project_id,
        login_of(target),
        timeout=settings.CLOUD_TIMEOUT,
        deadline=settings.CLOUD_DEADLINE,
        local_allowed=settings.ALLOW_LOCAL_TARGETS,
    )


def login_of(target: Target) -> Auth:
    if target.login == Target.Login.KEYS:
        return SignedRequests(target.access_key, str(target.secret), target.project_id)
    return PasswordToken(
        target.iam_endpoint,
        target.username,
        str(target.secret),
        target.domain_name,
        project_id=target.project_id,
        project_name=target.project_name,
        local_allowed=settings.ALLOW_LOCAL_TARGETS,
    )
