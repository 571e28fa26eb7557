"""From a service as the client read it to what the workflow remembers of it."""

from deployer.modelarts.answers import ServiceSeen
from deployer.workflow.watching import Sight


def sight_of(seen: ServiceSeen, *, with_config: bool) -> Sight:
    """The list knows no configuration, so only a detail replaces the one we have."""
    return Sight(
        service_id=seen.service_id,
        name=seen.name,
        status=seen.status,
        infer_type=seen.infer_type,
        progress=seen.progress,
        error_msg=seen.error_msg,
        access_address=seen.access_address,
        due_time=seen.due_time,
        config=seen.config if with_config else None,
    )
