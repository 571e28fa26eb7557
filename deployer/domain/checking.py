"""Check a draft against an edition of the API: everything that is wrong, and the payload where nothing blocks."""

import re
from dataclasses import dataclass, replace
from typing import Any

from . import newer
from .draft import Doc, body_of
from .editions import DEFAULT, EDITIONS
from .parsing import parse
from .payload import build, canonical
from .problems import BLOCK, Problem, blocks
from .spec import ServiceSpec
from .tables import CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE
from .texts import unfit_texts


@dataclass(frozen=True)
class Checked:
    """What a check found. `body` is what would be sent; `payload` its canonical text, or None if a problem blocks.

    `passed` counts the rules that found nothing.
    """

    spec: ServiceSpec
    problems: list[Problem]
    body: dict[str, Any]
    payload: str | None
    passed: int = 0

    @property
    def is_blocked(self) -> bool:
        """Whether a problem stands in the way."""
        return self.payload is None


def check(doc: Doc, edition: str = DEFAULT, *, max_instances: int = 5) -> Checked:
    """Check a draft; problems come in the order of the form. Never raises for bad input, only for an unknown edition.

    `max_instances` is per model: the document has no bound, other sources say 5 or 128, so it is a setting and warns.
    """
    book = replace(EDITIONS[edition], max_instances=max_instances)
    spec, problems = parse(doc, book)
    body = build(body_of(doc))
    found = [list(rule(spec, book)) for rule in book.rules]
    problems += [problem for said in found for problem in said]
    taken = {problem.path for problem in problems if problem.severity == BLOCK}
    problems += [problem for problem in unfit_texts(body) if problem.path not in taken]
    problems.sort(key=_place)
    return Checked(spec, problems, body, None if blocks(problems) else canonical(body), found.count([]))


_STEP = re.compile(r"(?P<top>[^.\[]*)(?:\[(?P<index>[0-9]+)\])?(?:\.(?P<key>[^.\[]*))?(?:\.(?P<inner>[^.\[]*))?")
_SERVICE_ORDER = {key: order for order, key in enumerate((*SERVICE, *newer.SERVICE))}
_SERVICE_ORDER["pool_name"] = _SERVICE_ORDER["cluster_id"]  # stands beside it
_INNER_ORDER = {key: order for order, key in enumerate((*ENTRY, *newer.ENTRY, *SCHEDULE, *newer.PROPERTIES))}
_SPEC_ORDER = {key: order for order, key in enumerate((*CUSTOM_SPEC, *newer.ENTRY_PROPERTIES, *newer.NOTIFICATION))}
_LAST = 1_000


def _place(problem: Problem) -> tuple[int, int, int, int, bool]:
    """Where the form has it: section, row, field, inner field; what blocks before what warns."""
    found = _STEP.match(problem.path)
    if not found:
        return _LAST, 0, 0, 0, True
    index, key = found["index"], found["key"]
    return (
        _SERVICE_ORDER.get(found["top"], _LAST),
        -1 if index is None else int(index[:9]),
        -1 if key is None else _INNER_ORDER.get(key, _LAST),
        _SPEC_ORDER.get(found["inner"] or "", 0),
        problem.severity != BLOCK,
    )
