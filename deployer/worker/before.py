"""What was there before a create: services listed already can never be adopted as what the create made."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import Refused
from deployer.worker.listing import PAGE

FRESH = 2.0  # seconds for which one list serves all rows that are about to be sent
SMALL = 200  # services up to which listing all of them is cheaper than asking for each name
STAYS_BIG = 600.0


@dataclass
class Project:
    """The names of one project as listed last. One thread lists, the others wait and use it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    listed_at: float = float("-inf")  # time.monotonic()
    names: dict[str, set[str]] = field(default_factory=dict)
    big_until: float = float("-inf")


_projects: dict[tuple[int, str], Project] = defaultdict(Project)


def listed(cloud: ModelArts, target: int, workspace: str | None, name: str) -> set[str]:
    """Ids of the services of this name, as listed within the last two seconds. Raises the errors of a read.

    One list serves a busy line. What a stranger who takes a name within that time can cost: docs/decisions/0004.
    """
    project = _projects[(target, workspace or "")]
    with project.lock:
        now = time.monotonic()
        if now > project.big_until and now - project.listed_at > FRESH:
            take(project, cloud, workspace, now)
        if now > project.big_until:
            return project.names.get(name, set())
    return named(cloud, workspace, name)


def take(project: Project, cloud: ModelArts, workspace: str | None, now: float) -> None:
    try:
        names = names_in(cloud, workspace)
    except Refused:
        # A wrong workspace, or no right to list. The create is refused for the same cause, in clearer words.
        names = {}
    if names is None:
        project.big_until = now + STAYS_BIG
    else:
        project.names, project.listed_at = names, now


def names_in(cloud: ModelArts, workspace: str | None) -> dict[str, set[str]] | None:
    """Ids by name; None where there are too many to list before each call."""
    names: dict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    for offset in range(0, SMALL + 1, PAGE):
        page = cloud.list_services(workspace_id=workspace, offset=offset, limit=PAGE)
        for service in page.services:
            names[service.name].add(service.service_id)
        news = {service.service_id for service in page.services} - known
        known |= news
        if len(known) > SMALL:
            return None
        # The total may be wrong, so a full page is followed by another; one without news ends it.
        if not news or (len(page.services) < PAGE and offset + len(page.services) >= (page.total_count or 0)):
            return dict(names)
    return None


def named(cloud: ModelArts, workspace: str | None, name: str) -> set[str]:
    try:
        return {service.service_id for service in cloud.services_named(name, workspace_id=workspace)}
    except Refused:
        return set()


def forget() -> None:
    """Nothing is remembered any more."""
    _projects.clear()
