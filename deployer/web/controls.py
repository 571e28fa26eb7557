"""The parts the composer's page is drawn from: a control with its text, a problem in its place, what has no control."""

from dataclasses import dataclass

from deployer.domain.problems import BLOCK, Problem


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


@dataclass
class Control:
    """One control: its id (also its name), its text, what is wrong. `odd`: its value is no text where one is due."""

    id: str
    text: str
    problems: list[Problem]
    odd: bool = False

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
