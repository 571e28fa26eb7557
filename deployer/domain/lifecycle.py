"""States of a deployment and the moves between them: what *people* decided, nothing about the cloud."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    CLOSED = "closed"


class Closed(StrEnum):
    """Why a closed deployment is closed."""

    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """What became of an attempt to send."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Move:
    """A step: the states it leaves and the one it enters."""

    leaves: frozenset[State]
    enters: State


WRITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
"""A deployment in these states is being written; elsewhere the draft equals the latest version."""

EDITABLE = WRITABLE | {State.IN_REVIEW, State.APPROVED}
"""An edit that changes something is possible here; from review or approval it leads back to a draft."""

MOVES: dict[str, Move] = {
    "ask_review": Move(WRITABLE, State.IN_REVIEW),
    "approve": Move(frozenset({State.IN_REVIEW}), State.APPROVED),  # when the count is met
    "request_changes": Move(frozenset({State.IN_REVIEW, State.APPROVED}), State.CHANGES_REQUESTED),
    "reject": Move(frozenset({State.IN_REVIEW, State.APPROVED}), State.CLOSED),
    "withdraw": Move(EDITABLE, State.CLOSED),
    "submit": Move(frozenset({State.APPROVED}), State.SUBMITTED),
}

IN_THE_LINE = frozenset({Outcome.WAITING, Outcome.SENDING, Outcome.UNKNOWN})
"""Outcomes that are not final: something is still to happen."""

SENT_BACK = frozenset({Outcome.REFUSED, Outcome.CANCELLED, Outcome.GIVEN_UP})
"""Outcomes after which the deployment goes back to its authors."""

SETTLED_STATUSES = frozenset({"running", "failed", "stopped", "finished", "concerning"})
"""What the cloud says when nothing is moving (reference: state machine v1). Unknown words count as moving."""
