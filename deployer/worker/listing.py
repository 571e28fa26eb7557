"""The services of a project, page by page, whatever the list claims to hold."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from deployer.modelarts.answers import ServiceSeen
from deployer.modelarts.client import LONGEST_ID, ModelArts
from deployer.worker.ending import stopping

PAGE = 100
MOST_PAGES = 500
MOST_SECONDS = 60.0
PROJECT = re.compile(r"[0-9a-f]{32}")


@dataclass
class Listed:
    """What a list showed: each service once. `is_whole` only where nothing can have been left out."""

    services: dict[str, ServiceSeen] = field(default_factory=dict)
    is_whole: bool = False


def everything(
    cloud: ModelArts, workspace: str | None, *, status: str | None = None, before_page: Callable[[], None]
) -> Listed:
    """Read all pages. Ends with an empty page, one without news, or a last short one: `total_count` may be wrong."""
    found, offset = Listed(), 0
    known: set[str] = set()
    ends_at = time.monotonic() + MOST_SECONDS
    for _ in range(MOST_PAGES):
        before_page()
        page = cloud.list_services(workspace_id=workspace, status=status, offset=offset, limit=PAGE)
        news = {service.service_id for service in page.services} - known
        known |= news
        for service in page.services:
            if is_ours_to_see(cloud, service):
                found.services.setdefault(service.service_id, service)
        offset += len(page.services)
        total = page.total_count
        if not page.services or (len(page.services) < PAGE and total is not None and offset >= total):
            found.is_whole = total is None or len(known) >= total
            break
        if not news or time.monotonic() > ends_at or stopping.is_set():
            break
    return found


def is_ours_to_see(cloud: ModelArts, service: ServiceSeen) -> bool:
    """An id we can keep, and no other project's: a row may name the one it belongs to."""
    if not 0 < len(service.service_id) <= LONGEST_ID or not service.service_id.isprintable():
        return False
    project = str(service.raw.get("project") or "")
    return project == cloud.project_id or not PROJECT.fullmatch(project)
