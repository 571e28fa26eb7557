"""A connection test: step by step from the address of IAM to the list of services. It changes nothing in the cloud.

A login with an access key asks no IAM, so there a broken IAM stands in the list and stops nothing, and what the key is
worth shows only at ModelArts. ModelArts is reached without a login too: its network is a trouble of its own.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from deployer.modelarts.address import check_endpoint
from deployer.modelarts.auth import Auth, PasswordToken, SignedRequests
from deployer.modelarts.errors import BadAddress, LoginRefused, ModelArtsError, Refused
from deployer.modelarts.probes import IamProbe, ModelArtsProbe, Nobody
from deployer.modelarts.steps import CAUSES, TITLES, Step, failed, ok, skipped
from deployer.modelarts.troubles import cause_of, is_reached, is_stranger

__all__ = ["CAUSES", "TITLES", "Step", "diagnose"]

_FIRST = "Not tried: {} comes first."


def diagnose(
    endpoint: str,
    iam_endpoint: str,
    auth: Auth,
    project_id: str,
    *,
    timeout: tuple[float, float] = (5.0, 10.0),
    deadline: float = 15.0,
    local_allowed: bool = False,
    allowed_hosts: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    """The steps of TITLES in their order, each ok, failed with a cause and a way out, or skipped.

    Takes a PasswordToken or SignedRequests. Each step has `deadline` seconds; nothing is tried twice, except that a
    refused login is made once more without the project, to tell a wrong password from a wrong project. Never raises
    for anything the cloud or the network does.
    """
    roads = {
        "timeout": timeout, "deadline": deadline, "local_allowed": local_allowed,
        "allowed_hosts": tuple(allowed_hosts),
    }  # fmt: skip
    return _Test(endpoint, iam_endpoint, auth, project_id, roads).run()


class _Test:
    def __init__(self, endpoint: str, iam_endpoint: str, auth: Auth, project_id: str, roads: dict[str, Any]) -> None:
        self.endpoint, self.iam_endpoint = endpoint, iam_endpoint
        self.auth, self.project_id, self.roads = auth, project_id, roads
        self.by_keys = isinstance(auth, SignedRequests)
        self.steps: dict[str, Step] = {}

    def run(self) -> tuple[Step, ...]:
        for name, step in (("iam_address", self._iam_address), ("iam", self._iam), ("login", self._login)):
            self._timed(name, step)
        if "project" not in self.steps:
            self._timed("project", self._project)
        self._timed("modelarts", self._modelarts)
        self._settle()
        return tuple(self.steps[name] for name in TITLES)

    def _timed(self, name: str, step: Callable[[], Step]) -> None:
        begun = time.monotonic()
        found = step()
        spent = None if found.state == "skipped" else round((time.monotonic() - begun) * 1000)
        self.steps[name] = replace(found, milliseconds=spent)

    def _is_ok(self, name: str) -> bool:
        return name in self.steps and self.steps[name].state == "ok"

    def _iam_address(self) -> Step:
        if self.by_keys and not self.iam_endpoint:
            return skipped("iam_address", "An access key needs no IAM.")
        try:
            check_endpoint(
                self.iam_endpoint,
                local_allowed=self.roads["local_allowed"],
                allowed_hosts=self.roads["allowed_hosts"],
            )
        except BadAddress as error:
            return failed("iam_address", "address", self.iam_endpoint, words=error.message)
        return ok("iam_address", "The address may be used.")

    def _iam(self) -> Step:
        """GET /v3, which needs no login. Any answer of an API will do: gateways differ in what they show strangers."""
        if not self._is_ok("iam_address"):
            return skipped("iam", _FIRST.format("the address"))
        host = host_of(self.iam_endpoint)
        with contextlib.closing(IamProbe(self.iam_endpoint, Nobody(), **self.roads)) as iam:
            try:
                iam.versions()
            except ModelArtsError as error:
                if not is_reached(error):
                    cause = "not_iam" if is_stranger(error) else cause_of(error)
                    return _told("iam", cause, host, error)
        return ok("iam", f"{host} answers.")

    def _login(self) -> Step:
        if self.by_keys:
            return skipped("login", "An access key signs each call. ModelArts tells below what it is worth.")
        if not self._is_ok("iam"):
            return skipped("login", _FIRST.format("IAM"))
        try:
            self.auth.login(within=self.roads["deadline"])
        except LoginRefused as refusal:
            return self._refused_login(refusal)
        except ModelArtsError as error:
            return _told("login", cause_of(error), host_of(self.iam_endpoint), error)
        return ok("login", "User and password are accepted.")

    def _refused_login(self, refusal: LoginRefused) -> Step:
        host = host_of(self.iam_endpoint)
        if is_stranger(refusal) or (refusal.http_status == 404 and not refusal.raw.strip()):
            return failed("login", "not_iam", host)
        if isinstance(self.auth, PasswordToken):
            with contextlib.suppress(ModelArtsError):
                self.auth.for_domain().login(within=self.roads["deadline"])
                self.steps["project"] = failed(
                    "project", "project", host, words="User and password are right, but not for this project."
                )
                return ok("login", "User and password are accepted.")
        return failed("login", "credentials", host)

    def _project(self) -> Step:
        """Whether the login is for the project of the target; where it does not say, ModelArts will."""
        if not self.by_keys and not self._is_ok("login"):
            return skipped("project", _FIRST.format("the login"))
        known = getattr(self.auth, "project_id", "")
        if not self.project_id:
            say = f"Enter {known}: the login is for that one." if known else ""
            return failed("project", "project", "", words="The target names no project id.", way_out=say)
        if known and known != self.project_id:
            words = f"The login is for project {known}, the target names {self.project_id}."
            return failed("project", "project", "", words=words)
        return ok("project", f"Login and target name the same project, {self.project_id}.")

    def _modelarts(self) -> Step:
        """One look at the list of services, with the login if there is one. What it says of other steps goes there."""
        host = host_of(self.endpoint)
        is_known = self._is_ok("project")
        auth = self.auth if is_known else Nobody()
        answers = ok("modelarts", f"{host} answers.")
        with contextlib.closing(ModelArtsProbe(self.endpoint, self.project_id or "0", auth, **self.roads)) as cloud:
            try:
                cloud.look()
            except ModelArtsError as error:
                if is_stranger(error):
                    return _told("modelarts", "not_modelarts", host, error)
                if not is_reached(error):
                    return _told("modelarts", cause_of(error), host, error)
                if is_known:
                    self._blame(error, host)
                return answers
        if is_known:
            self.steps["services"] = ok("services", "The services of the project can be listed.")
        return answers

    def _blame(self, error: ModelArtsError, host: str) -> None:
        """Put a refusal of ModelArts beside the step it is about."""
        cause = cause_of(error)
        if cause == "credentials" and self.by_keys:
            self.steps["login"] = failed("login", "keys", host)
        elif cause == "credentials":
            words = f"IAM accepts the login, {host} does not."
            way_out = "Check that both addresses belong to the same cloud and region."
            self.steps["login"] = failed("login", cause, host, words=words, way_out=way_out)
        elif cause == "project":
            self.steps["project"] = failed("project", cause, host)
        else:
            self.steps["services"] = _told("services", cause, host, error)

    def _settle(self) -> None:
        """Fill in what was left open."""
        if self.by_keys and self.steps["login"].state == "failed":
            self.steps["project"] = skipped("project", _FIRST.format("the access key"))
        elif self.by_keys and self._is_judged():
            self.steps["login"] = ok("login", "The access key is accepted.")
        open_step = next((name for name in TITLES if name in self.steps and self._stops(name)), "modelarts")
        self.steps.setdefault("services", skipped("services", _FIRST.format(f"“{TITLES[open_step]}”")))

    def _is_judged(self) -> bool:
        """Whether ModelArts looked at more than the key; it may ask a caller to wait before it looks at anything."""
        services = self.steps.get("services")
        return bool(self.project_id) and (
            self.steps["project"].state == "failed" or (services is not None and services.cause != "busy")
        )

    def _stops(self, name: str) -> bool:
        is_needed = name in ("login", "project", "modelarts") or not self.by_keys
        return is_needed and self.steps[name].state == "failed"


def _told(name: str, cause: str, host: str, error: ModelArtsError) -> Step:
    """A failed step; where the cloud or our own check has words that say more, these."""
    if cause == "address":
        return failed(name, cause, host, words=error.message)
    if cause == "rejected" and isinstance(error, Refused):
        return failed(name, cause, host, way_out=error.for_people())
    if cause == "fault" and error.http_status:
        return failed(name, cause, host, words=f"{host} is in trouble (HTTP {error.http_status}).")
    return failed(name, cause, host)


def host_of(endpoint: str) -> str:
    """The host of an address, or the address itself when it is none."""
    with contextlib.suppress(ValueError):
        return urlsplit(endpoint).hostname or endpoint
    return endpoint
