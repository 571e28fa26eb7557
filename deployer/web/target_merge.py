"""Two people change one target: what only the other one touched is taken, where both did the reader chooses."""

from collections.abc import Mapping

from deployer.domain.problems import WARN, Problem
from deployer.web.target_form import LABELS, SECRETS

WAS = "was-"  # hidden boxes: what stood in a box when the page was drawn


def merged(post: Mapping[str, str], typed: dict[str, str], now: dict[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """What to show after a conflict: texts, and what is different now, at its box.

    Typed and untouched by the other: as typed. Touched by the other alone: as it is now. Touched by both: as typed,
    with what stands there now beside it, so that saving again is a choice.
    """
    texts, told = dict(typed), []
    for name, present in now.items():
        before = post.get(WAS + name, "")
        if name in SECRETS or present == before or present == typed[name]:
            continue
        if typed[name] == before:
            texts[name] = present
            told.append(Problem(name, WARN, f"{LABELS[name]} is {said(present)} now, and taken over."))
        else:
            told.append(
                Problem(name, WARN, f"{LABELS[name]} is {said(present)} now. Saving makes it {said(typed[name])}.")
            )
    return texts, told


def said(text: str) -> str:
    return {"": "empty", "on": "on"}.get(text, text[:80])
