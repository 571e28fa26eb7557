"""What a move did and what comes next, in one message for the page that follows."""

from deployer.domain.lifecycle import State
from deployer.models import Deployment
from deployer.workflow.standing import standing


def told(deployment: Deployment, name: str) -> str:
    """What happened, and what comes next."""
    if name in {"ask_review", "approve"}:
        return told_of_review(deployment, name)
    who = deployment.author
    return {
        "request_changes": f"Version {deployment.version_number} is back with {who}.",
        "reject": f"Rejected version {deployment.version_number}. It is closed.",
        "withdraw": "Withdrawn. Nothing will be sent.",
        "submit": f"Submitted version {deployment.version_number}. It is in the line to be sent.",
        "cancel": "Cancelled. Nothing was sent.",
        "send_again": "It is in the line again.",
        "settle_as": "Settled. The service is watched from now on.",
        "reschedule": "The time is changed.",
        "give_up": f"Given up. It is back with {who}.",
    }[name]


def told_of_review(deployment: Deployment, name: str) -> str:
    verb = "Approved" if name == "approve" else "Asked for review of"
    number = deployment.version_number
    if deployment.state == State.SUBMITTED:
        return f"{verb} version {number}. It is in the line to be sent."
    if deployment.state == State.APPROVED:
        return f"{verb} version {number}. It has all its approvals and can be submitted."
    now = standing(deployment)
    missing = now.needed - now.given
    more = "more " if now.given else ""
    return f"{verb} version {number}. {missing} {more}approval{' is' if missing == 1 else 's are'} needed."
