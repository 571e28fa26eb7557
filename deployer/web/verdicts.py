"""The panel that decides: who said what, which approvals count, who can and who cannot, and every move as a form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deployer.domain.lifecycle import State
from deployer.models import Decision, Deployment, Person, Preflight, Target
from deployer.web.badges import Badge
from deployer.workflow import permissions, preflight, review
from deployer.workflow.standing import Standing

APPROVED = Badge("Approved", "circle-check", "good", "approved")
STALE = Badge("Stale", "history", "", "stale")
AGAINST = {
    "request_changes": Badge("Changes requested", "corner-up-left", "warn", "changes_requested"),
    "reject": Badge("Rejected", "ban", "alarm", "rejected"),
}
ADDRESSES = {
    "ask_review": "review-ask",
    "approve": "review-approve",
    "request_changes": "review-request-changes",
    "reject": "review-reject",
    "withdraw": "review-withdraw",
    "submit": "submission-submit",
}


@dataclass(frozen=True)
class Said:
    """One verdict as the list shows it."""

    name: str
    badge: Badge
    at: datetime
    note: str
    quote: str
    version: int
    is_stale: bool


def panel(person: Person, deployment: Deployment, standing: Standing, run: Preflight | None) -> dict[str, Any]:
    """What the panel shows to this person. A move that is not open to them stays, with the reason.

    `run`: the latest preflight, on which an approval may wait.
    """
    offers = {offer.name: offer for offer in permissions.moves_for(person, deployment)}
    if "submit" in offers and not standing.is_met and offers["submit"].is_allowed:
        offers["submit"] = permissions.Offer("submit", uncounted(standing))
    if "approve" in offers and standing.has_word_of(person):
        offers["approve"] = permissions.Offer("approve", waits_for_others(standing))
    objection = ""
    if "approve" in offers and offers["approve"].is_allowed:
        objection = preflight.objection_of(run, deployment.target, deployment.version_number)
        offers["approve"] = permissions.Offer("approve", objection)
    in_review = deployment.state == State.IN_REVIEW
    can, cannot = permissions.deciders(deployment) if in_review else ([], [])
    return {
        "offers": offers,
        "may_edit": permissions.may_edit(person, deployment),
        "edit_refusal": permissions.refusal(person, "edit", deployment),
        "standing": standing,
        **asked_again(deployment, standing),
        "objection": objection,
        "policy": policy(deployment.target),
        "lapses_at": lapses_at(deployment.target, standing),
        "verdicts": [said(decision, deployment, standing) for decision in standing.decisions],
        "can": [(str(one), can_note(one, person, standing)) for one in can],
        "cannot": [(str(one), "you " + why if one == person else why) for one, why in cannot],
    }


def asked_again(deployment: Deployment, standing: Standing) -> dict[str, Any]:
    """How many approvals the text has that is shown, and what they are worth while it is back with its authors."""
    if not deployment.is_writable or not standing.given:
        return {"given": standing.given, "worth": ""}
    version = f"Version {deployment.version_number}"
    if not review.is_as_asked(deployment):
        worth = f"{version} has approvals. What is written now is another text and is reviewed anew."
        return {"given": 0, "worth": worth}
    if not standing.is_met:
        return {"given": standing.given, "worth": f"{version} keeps what was given, if it is asked for as it is."}
    sent = " and is sent by itself" if deployment.target.submits_itself else ""
    worth = f"{version} keeps its approvals: asked for as it is, it needs no other{sent}."
    return {"given": standing.given, "worth": worth}


def waits_for_others(standing: Standing) -> str:
    missing = standing.needed - standing.given
    return f"You approved it. {missing} more {'approval is' if missing == 1 else 'approvals are'} needed."


def uncounted(standing: Standing) -> str:
    """Why something approved is not sent now. The verb would say so too; the button says it before."""
    return (
        f"{standing.given} of {standing.needed} approvals count now, so it is not sent. "
        "It goes back to review by itself within a minute."
    )


def policy(target: Target) -> str:
    """The rule in one sentence: "2 approvals, none by who wrote or edited it. One lasts 24 hours."."""
    count = target.approvals
    who = "not by who wrote or edited it" if count == 1 else "none by who wrote or edited it"
    lasts = f" One lasts {target.approval_hours} hours." if target.approval_hours else ""
    sends = " It is sent at once on the last one." if target.submits_itself else ""
    return f"{count} approval{'' if count == 1 else 's'}, {who}.{lasts}{sends}"


def lapses_at(target: Target, standing: Standing) -> datetime | None:
    """When the first of the counted approvals is too old."""
    if not target.approval_hours or not standing.counted:
        return None
    return min(one.decided_at for one in standing.counted) + timedelta(hours=target.approval_hours)


def can_note(one: Person, person: Person, standing: Standing) -> str:
    spoken = {decision.person_id for decision in standing.counted}
    earlier = {decision.person_id for decision in standing.decisions} - spoken
    if one.pk in spoken:
        return "you approved" if one == person else "approved"
    again = ", again" if one.pk in earlier else ""
    return f"you{again}" if one == person else again.removeprefix(", ")


def said(decision: Decision, deployment: Deployment, standing: Standing) -> Said:
    number = decision.version.number
    badge, note, stale = APPROVED, f"version {number}", False
    if decision.verdict != Decision.Verdict.APPROVE:
        badge = AGAINST[decision.verdict]
    elif not standing.counts(decision):
        badge, note, stale = STALE, why_stale(decision, deployment, standing), True
    return Said(str(decision.person), badge, decision.decided_at, note, decision.comment, number, stale)


def why_stale(decision: Decision, deployment: Deployment, standing: Standing) -> str:
    """An approval that does not count says what took its weight."""
    number = decision.version.number
    if number != deployment.version_number:
        return f"approved version {number}"
    if any(one.person_id == decision.person_id and one.pk > decision.pk for one in standing.decisions):
        return f"approved version {number}, said another word later"
    if any(one.verdict != Decision.Verdict.APPROVE and one.pk > decision.pk for one in standing.decisions):
        return f"approved version {number}, changes were asked for since"
    if decision.target_fingerprint != deployment.target.fingerprint:
        return f"approved version {number}, the target changed since"
    if decision.person_id in permissions.editor_ids(deployment):
        return f"approved version {number}, edited it too"
    if "approver" not in decision.person.roles:
        return f"approved version {number}, is no approver any more"
    return f"approved version {number}, lapsed"
