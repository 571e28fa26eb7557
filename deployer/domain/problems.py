"""What is wrong with a draft, where, and how bad it is."""

from collections.abc import Iterable
from dataclasses import dataclass

BLOCK = "block"  # the document plainly forbids it: no review, no payload
WARN = "warn"  # unclear or unwise: a person may go on


@dataclass(frozen=True)
class Problem:
    """One thing wrong, at the API's own path of the missing or wrong key (`config[1].weight`)."""

    path: str
    severity: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """The problem as programs read it."""
        return {"path": self.path, "severity": self.severity, "message": self.message}


def blocks(problems: Iterable[Problem]) -> bool:
    """Whether at least one of these problems stands in the way."""
    return any(problem.severity == BLOCK for problem in problems)
