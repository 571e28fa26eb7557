"""From a target to the clients that speak for it. Kept while the target stays as it is, so that its token lives."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings

from deployer.modelarts.auth import Auth, PasswordToken, SignedRequests
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import LoginRefused
from deployer.modelarts.network import Network
from deployer.modelarts.tokens import TokenFolder
from deployer.models import Target
from deployer.models.encrypted import box
from deployer.worker import refusals

CLOUD, NETWORK = "cloud", "network"


@dataclass(frozen=True)
class Ways:
    """The clients of one target; they log in once between them."""

    mark: str
    cloud: ModelArts
    network: Network


_kept: dict[int, Ways] = {}
_lock = threading.Lock()


class NoSecret(LoginRefused):
    """There is nothing to log in with."""

    def for_people(self) -> str:
        return (
            "The target's secret is missing or cannot be read with the present keys. "
            "Set it again on the target's page or with the command target."
        )


def of(target: Target) -> ModelArts:
    """The client of a target, the same one for all threads. Raises NoSecret when there is nothing to log in with."""
    return ways_of(target, mark_of(target)).cloud


def ways_of(target: Target, mark: str) -> Ways:
    """`mark`: see mark_of."""
    if not target.secret:
        raise NoSecret(f"target {target.name} has no readable secret")
    with _lock:
        known = _kept.get(target.pk)
        if known and known.mark == mark:
            return known
        ways = _kept[target.pk] = made(target, mark)
    # The old clients are not closed: another thread may be in the middle of a call. They go with their last user.
    return ways


@contextmanager
def looking_at(target: Target) -> Iterator[ModelArts]:
    """The client of a target. Credentials that any process found refused a moment ago are not tried again until they
    change; the refusal is raised anew, as RefusedLately."""
    mark = mark_of(target)
    raise_known(CLOUD, mark)
    with refusals_remembered(CLOUD, mark):
        yield ways_of(target, mark).cloud


@contextmanager
def looking_at_network(target: Target) -> Iterator[Network]:
    """The client of a target's networks, in the same way. That host may refuse whom ModelArts takes, not the other
    way round: what ModelArts refused is no use here either."""
    mark = mark_of(target)
    raise_known(CLOUD, mark)
    raise_known(NETWORK, mark, at_login=False)
    with refusals_remembered(NETWORK, mark):
        yield ways_of(target, mark).network


def raise_known(way: str, mark: str, *, at_login: bool = True) -> None:
    """Raise the refusal of the last minutes. `at_login`: it holds for every host."""
    if known := refusals.Memory(way, mark).known(fresh=False):
        known.at_login = at_login
        raise known


@contextmanager
def refusals_remembered(way: str, mark: str) -> Iterator[None]:
    try:
        yield
    except NoSecret:
        raise  # nothing was tried
    except LoginRefused as refusal:
        refusals.Memory(CLOUD if refusal.at_login else way, mark).keep(refusal)
        raise


def forget() -> None:
    """Nothing is remembered any more."""
    _kept.clear()
    refusals.forget()


def mark_of(target: Target) -> str:
    """Changes with whatever the clients were made of. Hashed: no secret lies about in a key."""
    parts = (target.fingerprint, target.project_id, target.login, target.username, target.domain_name)
    facts = "\n".join([*parts, target.network_endpoint, target.access_key, target.secret, target.security_token])
    return hashlib.sha256(facts.encode()).hexdigest()


def made(target: Target, mark: str) -> Ways:
    auth = login_of(target)
    limits: dict[str, Any] = {"timeout": settings.CLOUD_TIMEOUT, "deadline": settings.CLOUD_DEADLINE, **allowed()}
    return Ways(
        mark,
        ModelArts(target.endpoint, target.project_id, auth, **limits),
        Network(target.network_endpoint, target.project_id, auth, **limits),
    )


def login_of(target: Target) -> Auth:
    if target.login == Target.Login.KEYS:
        return SignedRequests(
            target.access_key, str(target.secret), target.project_id, security_token=str(target.security_token)
        )
    return PasswordToken(
        target.iam_endpoint,
        target.username,
        str(target.secret),
        target.domain_name,
        project_id=target.project_id,
        project_name=target.project_name,
        store=tokens(),
        refusals=refusals.Memory(CLOUD, mark_of(target)),
        **allowed(),
    )


def allowed() -> dict[str, Any]:
    """Where calls may go, as every client wants to be told."""
    return {"local_allowed": settings.ALLOW_LOCAL_TARGETS, "allowed_hosts": tuple(settings.ALLOWED_CLOUD_HOSTS)}


def tokens() -> TokenFolder:
    """Where the processes of this machine share their tokens, encrypted with the keys that also seal the secrets."""
    return TokenFolder(settings.TOKENS, sealed, opened)


def sealed(text: str) -> str:
    return box().encrypt(text.encode()).decode()


def opened(text: str) -> str | None:
    """None for what none of our keys opens; then it is logged in anew."""
    try:
        return box().decrypt(text.encode()).decode()
    except InvalidToken:
        return None
