"""Three different kinds of news for whoever asked; turned into answers once, in `web/errors.py`."""

from collections.abc import Sequence

from deployer.domain.problems import Problem
from deployer.models import Deployment


class NotAllowed(Exception):
    """This person may not do this (403). The text says why, and who can."""


class MovedOn(Exception):
    """The row is not as the page showed it (409). The text says what happened meanwhile."""

    def __init__(self, deployment: Deployment | None, why: str) -> None:
        super().__init__(why)
        self.deployment = deployment


class HasProblems(Exception):
    """What was given cannot be taken as it is (422)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)
