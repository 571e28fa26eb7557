"""From a service as the client read it to what the workflow remembers of it."""

from deployer.modelarts.answers import ServiceSeen
from deployer.workflow.watching import Sight


def sight_of(seen: ServiceSeen, *, closely: bool) -> Sight:
    """The list knows neither configuration nor error nor address, so only a detail (`closely`) replaces ours."""
    return Sight(
        service_id=seen.service_id,
        name=seen.name,
        status=seen.status,
        infer_type=seen.infer_type,
        progress=seen.progress,
        due_time=seen.due_time,
        error_msg=seen.error_msg if closely else None,
        access_address=seen.access_address if closely else None,
        config=seen.config if closely and isinstance(seen.raw.get("config"), list) else None,
    )
