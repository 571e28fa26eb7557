"""The rule book over a draft, by the edition of its target and the settings of this house."""

from django.conf import settings

from deployer.domain import checking
from deployer.domain import draft as drafts
from deployer.models import Deployment


def check(deployment: Deployment, doc: drafts.Doc | None = None) -> checking.Checked:
    """The rule book over the draft (or another document), by the edition of its target."""
    doc = doc if doc is not None else drafts.loads(deployment.draft)
    return checking.check(doc, deployment.target.edition, max_instances=settings.MOST_INSTANCES)
