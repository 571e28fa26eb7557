"""What is frozen, as the banner of a page shows it."""

from collections.abc import Iterable
from typing import Any

from deployer.domain.lifecycle import Outcome, State
from deployer.models import Deployment, Freeze, Person
from deployer.web import times
from deployer.workflow import freezing


def banners(person: Person, freezes: Iterable[Freeze]) -> dict[str, Any]:
    """What `shared/_freezes.html` shows: the freezes, and why this person may not lift one."""
    found = [(one, in_words(one), until(one)) for one in freezes]
    return {"freezes": found, "lift_refusal": freezing.refusal(person) if found else ""}


def in_words(freeze: Freeze) -> str:
    return f"Sending to {freezing.place_of(freeze)}"


def until(freeze: Freeze) -> str:
    """Until when, on the reader's clock and on the target's where that is another one."""
    if freeze.ends_at is None:
        return "until it is lifted"
    here = times.when(freeze.ends_at)
    there = times.elsewhere(freeze.ends_at, freeze.target.zone) if freeze.target else ""
    return f"until {here}" if not there or here.endswith(there) else f"until {here}, {there}"


def concerning(deployment: Deployment) -> list[Freeze]:
    """What may hold this deployment: nothing once it was sent, or when it is closed. One query at most."""
    if deployment.state == State.CLOSED:
        return []
    row = deployment.submission
    if deployment.state == State.SUBMITTED and row is not None and row.outcome != Outcome.WAITING:
        return []
    return list(freezing.freezes_of(deployment.target))


def holding(rows: Iterable[Deployment]) -> list[Freeze]:
    """What is frozen anywhere, if one of these waits to be sent, for their badges. One query at most."""
    return freezing.every_in_force() if any(waits_to_be_sent(row) for row in rows) else []


def waits_to_be_sent(deployment: Deployment) -> bool:
    row = deployment.submission
    return deployment.state == State.SUBMITTED and row is not None and row.outcome == Outcome.WAITING
