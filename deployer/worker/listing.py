"""Every service of a project, page by page, whatever the list claims to hold."""

from collections.abc import Iterator

from deployer.modelarts.answers import ServiceSeen
from deployer.modelarts.client import ModelArts

PAGE = 100
MOST_PAGES = 500


def everything(cloud: ModelArts, workspace: str | None) -> Iterator[ServiceSeen]:
    """Each service once. Ends with an empty page or one without news: `total_count` may be wrong."""
    known: set[str] = set()
    offset = 0
    for _ in range(MOST_PAGES):
        page = cloud.list_services(workspace_id=workspace, offset=offset, limit=PAGE)
        fresh = [service for service in page.services if service.service_id and service.service_id not in known]
        if not fresh:
            return
        yield from fresh
        known.update(service.service_id for service in fresh)
        offset += len(page.services)
        if page.total_count is not None and len(known) >= page.total_count and len(page.services) < PAGE:
            return
