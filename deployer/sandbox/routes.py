"""Which call answers which address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from . import doors, iam, model_offers, network, offers, pools, serving, signing
from .calls import Answer, Call
from .refusals import Refusal

if TYPE_CHECKING:
    from .cloud import Cloud

Handler = Callable[["Cloud", Call], Answer]
Guard = Callable[["Cloud", Call], None]


class Route(NamedTuple):
    method: str
    segments: list[str]
    handler: Handler
    guard: Guard | None


def _routes(prefix: str, guard: Guard | None, rows: list[tuple[str, str, Handler]]) -> list[Route]:
    return [Route(method, (prefix + path).strip("/").split("/"), handler, guard) for method, path, handler in rows]


_SERVICE = "/services/{service_id}"

# The order matters: words stand before ids.
ROUTES = [
    *_routes("", None, [("GET", "/", iam.show_versions)]),
    *_routes("/v3", None, [("GET", "", iam.show_version), ("POST", "/auth/tokens", iam.create_token)]),
    *_routes(
        "/v3",
        signing.require_caller,
        [("GET", "/projects", iam.list_projects), ("GET", "/projects/{project_id}", iam.show_project)],
    ),
    *_routes(
        "/v1/{project_id}",
        signing.require_project,
        [
            ("POST", "/services", serving.create),
            ("GET", "/services", serving.list_services),
            ("GET", "/services/specifications", offers.list_specifications),
            ("GET", _SERVICE, serving.show),
            ("PUT", _SERVICE, serving.update),
            ("DELETE", _SERVICE, serving.delete),
            ("GET", f"{_SERVICE}/logs", serving.logs),
            ("GET", f"{_SERVICE}/events", serving.events),
            ("GET", f"{_SERVICE}/monitor", serving.monitor),
            ("GET", "/models", model_offers.list_models),
            ("GET", "/models/{model_id}", model_offers.show_model),
            ("GET", "/clusters", pools.list_clusters),
            ("GET", "/workspaces", offers.list_workspaces),
            ("GET", "/workspaces/{workspace_id}", offers.show_workspace),
            ("GET", "/vpcs", network.list_vpcs),
            ("GET", "/subnets", network.list_subnets),
            ("GET", "/security-groups", network.list_groups),
            ("GET", "/security-group-rules", network.list_rules),
        ],
    ),
    *_routes(
        "/v2/{project_id}",
        signing.require_project,
        [
            ("GET", "/pools", pools.list_pools),
            ("GET", "/pools/{pool}", pools.show_pool),
            ("GET", "/pools/{pool}/nodes", pools.list_nodes),
            ("GET", "/pools/{pool}/monitor", pools.monitor),
            ("GET", "/authorizations", offers.list_authorizations),
        ],
    ),
    *_routes(
        "/_sandbox",
        None,
        [
            ("POST", "/faults", doors.add_fault),
            ("GET", "/faults", doors.list_faults),
            ("POST", "/mend", doors.mend),
            ("POST", "/twins", doors.let_twins),
            ("GET", "/journal", doors.list_journal),
            ("GET", "/services", doors.list_services),
            ("POST", "/advance", doors.advance),
            ("POST", "/strict", doors.be_strict),
            ("POST", "/quotas", doors.set_quotas),
            ("GET", "/quotas", doors.show_quotas),
            ("POST", "/rights", doors.set_rights),
            ("POST", "/paces", doors.set_paces),
            ("POST", "/fates", doors.add_fates),
            ("POST", "/models", doors.add_models),
            ("POST", "/neighbours", doors.add_neighbours),
            ("POST", "/reset", doors.reset),
        ],
    ),
]


def find(call: Call) -> Route:
    """The route of a call, with the call's ids filled in; raises 404 or 405 in the gateway's words."""
    methods: list[str] = []
    for route in ROUTES:
        ids = _ids(route.segments, call.segments)
        if ids is None:
            continue
        if route.method == call.method:
            call.ids = ids
            return route
        if route.method not in methods:
            methods.append(route.method)
    if methods:
        allow = {"Allow": ", ".join(methods)}
        raise Refusal(405, "APIG.0101", f"The method {call.method} is not allowed at this address.", allow)
    message = "The API does not exist or has not been published in the environment."
    raise Refusal(404, "APIG.0101", message)


def _ids(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(segments):
        return None
    ids = {}
    for mine, theirs in zip(pattern, segments, strict=True):
        if mine.startswith("{") and theirs:
            ids[mine[1:-1]] = theirs
        elif mine != theirs:
            return None
    return ids
