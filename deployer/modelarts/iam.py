"""Which projects there are: for a person who knows user, password, domain and region, but no id by heart."""

import contextlib
from dataclasses import dataclass
from typing import Any

from deployer.modelarts.auth import Auth, PasswordToken
from deployer.modelarts.calls import Calls
from deployer.modelarts.errors import LoginRefused, Refused
from deployer.modelarts.paging import by_number
from deployer.modelarts.reading import text, truth

_PAGE = 500  # 5000 are allowed, and may pass 1 MiB: IAM API reference, "Querying Project Information".


@dataclass(frozen=True)
class ProjectSeen:
    """A project. The one named like the region (eu-de) is the usual one; ids go into the addresses of all calls."""

    id: str
    name: str
    enabled: bool
    raw: dict[str, Any]


class Iam(Calls):
    """The calls of IAM besides the login. Its addresses know no project."""

    def __init__(self, endpoint: str, auth: Auth, **more: Any) -> None:
        super().__init__(endpoint.rstrip("/").removesuffix("/v3"), "", auth, **more)

    def projects(self, *, name: str | None = None) -> list[ProjectSeen]:
        """The projects the login may see, by name. GET /v3/projects: IAM API reference."""
        rows = by_number(self._pages_of("/projects", {"name": name}, version="v3"), "projects", limit=_PAGE)
        seen = (_project(row) for row in rows if not truth(row.get("is_domain"), default=False))
        return sorted((one for one in seen if one.id), key=lambda one: one.name)

    def _place(self, version: str) -> str:
        return f"/{version}"


def find_projects(
    iam_endpoint: str,
    auth: Auth | None = None,
    *,
    username: str = "",
    password: str = "",
    domain: str = "",
    region: str = "",
    timeout: tuple[float, float] = (5.0, 15.0),
    deadline: float = 30.0,
    local_allowed: bool = False,
    allowed_hosts: tuple[str, ...] = (),
) -> list[ProjectSeen]:
    """The projects of a login (`auth`: a token or an access key), or of a user with password and domain.

    Without `auth` the login is for the project named like the region, and for the domain where that is refused.
    Should the list itself be refused, the project of the login is the answer. Times in seconds; each of the two
    logins has its own deadline. Raises only errors of errors.py.
    """
    roads: dict[str, Any] = {"timeout": timeout, "local_allowed": local_allowed, "allowed_hosts": tuple(allowed_hosts)}
    if auth is None:
        auth = _logged_in(iam_endpoint, (username, password, domain), region, within=deadline, **roads)
    with contextlib.closing(Iam(iam_endpoint, auth, deadline=deadline, **roads)) as iam:
        try:
            return iam.projects()
        except Refused:
            # Only what IAM itself said; the project of an access key is merely what somebody typed.
            known = auth.project_id if isinstance(auth, PasswordToken) else ""
            if not known:
                raise
    return [ProjectSeen(known, region, True, {})]


def _logged_in(
    iam_endpoint: str, who: tuple[str, str, str], region: str, *, within: float, **roads: Any
) -> PasswordToken:
    names = [region, ""] if region else [""]  # Without a project the login is for the domain.
    for name in names:
        auth = PasswordToken(iam_endpoint, *who, project_name=name, **roads)
        try:
            auth.login(within=within)
        except LoginRefused:
            # IAM says 401 for a project that is not there too, so the domain has the last word.
            if not name:
                raise
        else:
            return auth
    raise AssertionError("the last login answers or raises")


def _project(row: dict[str, Any]) -> ProjectSeen:
    return ProjectSeen(text(row.get("id")), text(row.get("name")), truth(row.get("enabled"), default=True), dict(row))
