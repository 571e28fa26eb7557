"""Who may do what, and why not. The same answers draw the buttons and guard every POST."""

from collections.abc import Iterable
from dataclasses import dataclass

from deployer.domain.lifecycle import EDITABLE, MOVES, State
from deployer.models import Deployment, Person
from deployer.workflow.errors import NotAllowed

WORDS = {
    "edit": "Edit",
    "ask_review": "Ask for review",
    "approve": "Approve",
    "request_changes": "Request changes",
    "reject": "Reject",
    "withdraw": "Withdraw",
    "submit": "Submit",
}


@dataclass(frozen=True)
class Offer:
    """A move that leaves the present state, and whether this person may take it."""

    name: str
    refusal: str

    @property
    def is_allowed(self) -> bool:
        return not self.refusal

    @property
    def label(self) -> str:
        return WORDS[self.name]


def may_look(person: Person) -> bool:
    """Anybody with a role may read everything but secrets."""
    return bool(person.roles)


def refusal(person: Person, move: str, deployment: Deployment) -> str:
    """Why this person may not take this move, in words; empty if they may. The state is not asked here.

    Being admin alone neither writes, approves nor sends.
    """
    return REFUSALS[move](person, deployment)


def must_allow(person: Person, move: str, deployment: Deployment) -> None:
    """Raise NotAllowed with the reason, or return."""
    why = refusal(person, move, deployment)
    if why:
        raise NotAllowed(why)


def target_refusal(person: Person) -> str:
    """Why this person may not add or change targets; empty if they may. Only admins do."""
    if "admin" in person.roles:
        return ""
    admins = Person.objects.filter(is_active=True, groups__name="admin").order_by("first_name", "username")[:20]
    names = listed([str(admin) for admin in admins])
    return f"Targets are changed by administrators: {names or 'nobody is one yet'}."


def must_change_targets(person: Person) -> None:
    """Raise NotAllowed with the reason, or return."""
    why = target_refusal(person)
    if why:
        raise NotAllowed(why)


def moves_for(person: Person, deployment: Deployment) -> list[Offer]:
    """The moves that leave this state, each with why this person may not take it."""
    return [
        Offer(name, refusal(person, name, deployment))
        for name, move in MOVES.items()
        if deployment.state in move.leaves
    ]


def may_edit(person: Person, deployment: Deployment) -> bool:
    return deployment.state in EDITABLE and not refusal(person, "edit", deployment)


def deciders(deployment: Deployment) -> tuple[list[Person], list[tuple[Person, str]]]:
    """Approvers who can approve the present text, and those who cannot with the reason. Two queries."""
    can: list[Person] = []
    cannot: list[tuple[Person, str]] = []
    editors = editor_ids(deployment)
    people = Person.objects.filter(is_active=True, groups__name="approver").prefetch_related("groups")
    for person in people.order_by("first_name", "username"):
        why = hand_in_it(person, deployment, editors)
        if why:
            cannot.append((person, why))
        else:
            can.append(person)
    return can, cannot


def editor_ids(deployment: Deployment) -> set[int]:
    """Everybody who wrote any part of any version. Editors add up and are never taken off."""
    return {deployment.author_id, *(person.pk for person in deployment.editors.all())}


def hand_in_it(person: Person, deployment: Deployment, editors: Iterable[int]) -> str:
    if person.pk == deployment.author_id:
        return "wrote it"
    return "edited it" if person.pk in editors else ""


def edit_refusal(person: Person, deployment: Deployment) -> str:
    return "" if "author" in person.roles else "Only authors write deployments."


def approve_refusal(person: Person, deployment: Deployment) -> str:
    if "approver" not in person.roles:
        return "Only approvers decide. " + names_of_deciders(deployment)
    why = hand_in_it(person, deployment, editor_ids(deployment))
    return f"You {why}. {names_of_deciders(deployment)}" if why else ""


def against_refusal(person: Person, deployment: Deployment) -> str:
    return "" if "approver" in person.roles else "Only approvers decide. " + names_of_deciders(deployment)


def withdraw_refusal(person: Person, deployment: Deployment) -> str:
    if "author" in person.roles and person.pk in editor_ids(deployment):
        return ""
    return f"Only those who wrote it can withdraw it: {deployment.author} did."


def submit_refusal(person: Person, deployment: Deployment) -> str:
    if "operator" in person.roles or ("author" in person.roles and person.pk == deployment.author_id):
        return ""
    return f"Sending is for operators and for {deployment.author}, who wrote it."


def preflight_refusal(person: Person, deployment: Deployment) -> str:
    if {"author", "approver", "operator"} & set(person.roles):
        return ""
    return "Checks against the cloud are run by authors, approvers and operators."


def names_of_deciders(deployment: Deployment) -> str:
    """One sentence: who can approve it, also when nobody can."""
    can, _ = deciders(deployment)
    if not can:
        return "Nobody can approve it now: every approver had a hand in it."
    return f"{listed([str(person) for person in can])} can approve it."


def listed(names: list[str]) -> str:
    """Names as a list in words: Bob, Bob and Carol, Bob, Carol and Dora; more than six end in a number."""
    if len(names) > 6:
        names = [*names[:5], f"{len(names) - 5} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


REFUSALS = {
    "edit": edit_refusal,
    "ask_review": edit_refusal,
    "approve": approve_refusal,
    "request_changes": against_refusal,
    "reject": against_refusal,
    "withdraw": withdraw_refusal,
    "submit": submit_refusal,
    "preflight": preflight_refusal,
}

READABLE_STATES: dict[str, str] = {
    State.DRAFT: "a draft",
    State.IN_REVIEW: "in review",
    State.CHANGES_REQUESTED: "back with its authors",
    State.APPROVED: "approved",
    State.SUBMITTED: "submitted",
    State.CLOSED: "closed",
}
