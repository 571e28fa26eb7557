"""Taking stock: now and then everything in a target is listed, so that the services page shows what really runs."""

import logging

from deployer.models import Target
from deployer.worker import clouds
from deployer.worker.listing import everything
from deployer.worker.records import AWAY
from deployer.worker.sights import sight_of
from deployer.workflow import watching

log = logging.getLogger(__name__)


def take(pk: int) -> int:
    """List one target in pages. How many services were news; 0 when the cloud cannot be asked."""
    target = Target.objects.filter(pk=pk).first()
    if target is None:
        return 0
    try:
        with clouds.looking_at(target) as cloud:
            seen = list(everything(cloud, target.workspace_id or None))
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - the next round asks again
        log.info("The services of %s cannot be listed: %s", target.name, type(trouble).__name__)
        return 0
    return watching.listed(target, (sight_of(one, with_config=False) for one in seen))
