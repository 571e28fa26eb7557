"""The parts the composer's page is drawn from: a control with its text, a problem in its place, what has no control."""

import re
from dataclasses import dataclass

from deployer.domain.problems import BLOCK, Problem

# Fields whose value is chosen from a list, and the list: a kind of the catalog, or the addresses of the row's model.
PICKED = {
    "workspace_id": "workspace",
    "model_id": "model",
    "specification": "specification",
    "cluster_id": "pool",
    "pool_name": "pool",
    "vpc_id": "vpc",
    "subnet_network_id": "subnet",
    "security_group_id": "security_group",
    "req_uri": "uri",
}
_PLACE = re.compile(r"(?:config-([0-9]{1,6})-)?([a-z_]+)")


def field_of(name: str) -> str:
    """The field that is picked in the control of this name, of the service or of a row; empty if none is."""
    found = _PLACE.fullmatch(name)
    return found[2] if found and found[2] in PICKED else ""


@dataclass(frozen=True)
class Placed:
    """A problem, and the id of the control it leads to."""

    problem: Problem
    anchors: tuple[str, ...]
    quiet: bool  # about something that was not typed yet

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def severity(self) -> str:
        return self.problem.severity

    @property
    def anchor(self) -> str:
        return self.anchors[0] if self.anchors else ""


@dataclass(frozen=True)
class Stand:
    """What a typed id stands for, as the catalog last saw it. Never a problem: what is typed counts."""

    words: str
    tone: str = ""  # warn where somebody should look twice
    name: str = ""  # what people call it; empty for what is not listed


@dataclass
class Control:
    """One control: its id (also its name), its text, what is wrong. `odd`: its value is no text where one is due."""

    id: str
    text: str
    problems: list[Problem]
    odd: bool = False
    stand: Stand | None = None

    @property
    def picks(self) -> str:
        """The list it can be chosen from; empty where a value is only typed."""
        return PICKED.get(field_of(self.id), "")

    @property
    def wrong(self) -> bool:
        return any(problem.severity == BLOCK for problem in self.problems)


@dataclass
class Kept:
    """Something the form has no control for: shown, kept, and left out on demand."""

    path: str
    text: str
    sent: bool = True


def options_for(text: str, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices, and what is there if it is none of them: it is shown as it came."""
    return options if text in [value for value, _ in options] else [(text, text or "not chosen"), *options]
