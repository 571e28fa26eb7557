"""The name is free, and the workspace is one the cloud has."""

from collections.abc import Iterator

from deployer.domain.places import short
from deployer.domain.preflight.facts import Facts, Unknown
from deployer.domain.preflight.request import Body, text
from deployer.domain.preflight.results import Result, blocked, not_seen, passed, warned

DEFAULT_WORKSPACE = "0"  # table 2, workspace_id: the default


def name_is_free(body: Body, facts: Facts) -> Iterator[Result]:
    """A second service of one name is refused: ModelArts API reference, error codes, 3503 with HTTP 409."""
    check, path, name = "name", "service_name", text(body, "service_name")
    if isinstance(facts.same_name, Unknown):
        yield not_seen(check, path, f"Whether the name {short(name)} is free", facts.same_name.reason)
    elif facts.same_name:
        words = f"A service named {short(name)} exists."
        yield blocked(check, path, words, "Choose another name, or delete that service in the cloud.")
    else:
        yield passed(check, path, f"The name {short(name)} is free.")


def workspace_is_known(body: Body, facts: Facts) -> Iterator[Result]:
    """A workspace that is missing or not normal is refused: error codes 0102, 7005 and 7004."""
    check, path, workspace = "workspace", "workspace_id", text(body, "workspace_id")
    if workspace in ("", DEFAULT_WORKSPACE):
        return
    if isinstance(facts.workspaces, Unknown):
        yield not_seen(check, path, f"The workspace {short(workspace)}", facts.workspaces.reason)
        return
    status = facts.workspaces.get(workspace)
    if status is None:
        words = f"The workspace {short(workspace)} does not exist, or the target's user may not see it."
        yield blocked(check, path, words, "Choose another workspace. 0 is the default one.")
    elif status.upper() not in ("", "NORMAL"):
        words = f"The workspace {short(workspace)} is {short(status)}."
        yield warned(check, path, words, "Look at it in the console, or choose another one.")
    else:
        yield passed(check, path, "The workspace exists.")
