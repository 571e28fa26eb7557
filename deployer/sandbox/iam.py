"""IAM at /v3: versions, tokens and projects."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from . import account
from .calls import Answer, Call
from .refusals import IamRefusal, Refusal
from .tokens import describe

if TYPE_CHECKING:
    from .cloud import Cloud


def version(base_url: str) -> dict[str, Any]:
    return {
        "id": "v3.6",
        "status": "stable",
        "updated": "2016-04-04T00:00:00Z",
        "links": [{"rel": "self", "href": f"{base_url}/v3/"}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    }


def show_versions(cloud: Cloud, call: Call) -> Answer:
    return Answer(300, {"versions": {"values": [version(cloud.base_url)]}})


def show_version(cloud: Cloud, call: Call) -> Answer:
    return Answer(200, {"version": version(cloud.base_url)})


def create_token(cloud: Cloud, call: Call) -> Answer:
    """Log in by password or access key; the token travels in a header, not in the body."""
    auth = _part(_body(call), "auth")
    identity = _part(auth, "identity", "auth.")
    methods = identity.get("methods")
    if not isinstance(methods, list) or len(methods) != 1:
        raise IamRefusal(400, "auth.identity.methods must name one method: password or hw_ak_sk.")
    if methods[0] == "password":
        _check_password(_part(identity, "password", "auth.identity."))
    elif methods[0] == "hw_ak_sk":
        _check_access_key(_part(identity, "hw_ak_sk", "auth.identity."))
    else:
        raise IamRefusal(400, f"The method {methods[0]!r} of auth.identity.methods is not supported.")
    token = cloud.tokens.issue(_scope(auth), cloud.clock.wall())
    shown = describe(token, methods, cloud.base_url)
    if "nocatalog" in call.query:
        del shown["catalog"]
    return Answer(201, {"token": shown}, {"X-Subject-Token": token.text})


def _body(call: Call) -> dict[str, Any]:
    try:
        body = call.json()
    except ValueError:
        raise IamRefusal(400, "The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise IamRefusal(400, "The request body must be an object.")
    return body


def _part(of: dict[str, Any], name: str, where: str = "") -> dict[str, Any]:
    part = of.get(name)
    if not isinstance(part, dict):
        raise IamRefusal(400, f"{where}{name} is missing or not an object.")
    return part


def _same(given: Any, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _check_password(part: dict[str, Any]) -> None:
    user = _part(part, "user", "auth.identity.password.")
    for name in ("name" if "id" not in user else "id", "password"):
        if not isinstance(user.get(name), str):
            raise IamRefusal(400, f"auth.identity.password.user.{name} must be a string.")
    if "id" in user:
        known = _same(user["id"], account.USER_ID)
    else:
        domain = _part(user, "domain", "auth.identity.password.user.")
        right_domain = _same(domain.get("name"), account.DOMAIN) or _same(domain.get("id"), account.DOMAIN_ID)
        known = right_domain and _same(user["name"], account.USER)
    if not (known and _same(user["password"], account.PASSWORD)):
        raise IamRefusal(401, "The username or password is wrong.")


def _check_access_key(part: dict[str, Any]) -> None:
    access = _part(part, "access", "auth.identity.hw_ak_sk.")
    secret = _part(part, "secret", "auth.identity.hw_ak_sk.")
    if not (_same(access.get("key"), account.ACCESS_KEY) and _same(secret.get("key"), account.SECRET_KEY)):
        raise IamRefusal(401, "The access key or secret key is wrong.")


def _scope(auth: dict[str, Any]) -> str | None:
    """The project asked for. Project and domain both given: the project wins. Neither: no project."""
    scope = auth.get("scope")
    if scope is None:
        return None
    if not isinstance(scope, dict):
        raise IamRefusal(400, "auth.scope must be an object.")
    if "project" not in scope:
        return None
    project = _part(scope, "project", "auth.scope.")
    for project_id, name in account.PROJECTS.items():
        if project.get("id") == project_id or ("id" not in project and project.get("name") == name):
            return project_id
    if not isinstance(project.get("id", project.get("name")), str):
        raise IamRefusal(400, "auth.scope.project must have a name or an id.")
    raise IamRefusal(401, "The project does not exist, or the user has no role in it.")


def _project(cloud: Cloud, project_id: str, name: str) -> dict[str, Any]:
    return {
        "id": project_id,
        "name": name,
        "description": "",
        "domain_id": account.DOMAIN_ID,
        "parent_id": account.DOMAIN_ID,
        "enabled": True,
        "is_domain": False,
        "links": {"self": f"{cloud.base_url}/v3/projects/{project_id}"},
    }


def show_project(cloud: Cloud, call: Call) -> Answer:
    name = account.PROJECTS.get(call.project_id)
    if name is None:
        raise IamRefusal(404, f"Could not find project: {call.project_id}.")
    return Answer(200, {"project": _project(cloud, call.project_id, name)})


def list_projects(cloud: Cloud, call: Call) -> Answer:
    """Projects the caller may use; the project whose name is the region's is the usual one."""
    rows = [_project(cloud, *one) for one in account.PROJECTS.items()]
    for key in ("name", "domain_id", "parent_id"):
        if key in call.query:
            rows = [row for row in rows if row[key] == call.query[key]]
    if call.query.get("enabled", "").lower() in ("false", "0"):
        rows = []
    if call.query.get("is_domain", "").lower() in ("true", "1"):
        rows = []
    try:
        size = max(1, call.whole("per_page", 5000, most=5000))
        page = max(1, call.whole("page", 1))
    except Refusal:
        raise IamRefusal(400, "page and per_page must be whole numbers.") from None
    links = {"self": f"{cloud.base_url}/v3/projects", "previous": None, "next": None}
    return Answer(200, {"projects": rows[(page - 1) * size : page * size], "links": links})
