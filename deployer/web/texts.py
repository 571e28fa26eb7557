"""The text a page is about: the draft while one is written, else a version; and what it is compared with."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.domain.editions import DEFAULT
from deployer.domain.problems import Problem
from deployer.models import Deployment, Version
from deployer.web import anchors
from deployer.workflow import review

MOST_SHOWN = 200_000  # characters of a body on a page; the JSON link has all of them


@dataclass(frozen=True)
class Text:
    """One body with its name ("version 3", "the draft"), and the problems it has or was asked with."""

    name: str
    body: dict[str, Any]
    problems: list[Problem]
    number: int = 0  # of the version; 0 for a draft
    fingerprint: str = ""
    doc: dict[str, Any] | None = None  # of a draft, to lead from a problem to its control
    edition: str = DEFAULT

    @property
    def is_draft(self) -> bool:
        return not self.number

    @property
    def blocking(self) -> int:
        return sum(problem.severity == "block" for problem in self.problems)

    @cached_property
    def pretty(self) -> str:
        text = payloads.pretty(self.body)
        return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "\n…"

    @property
    def is_cut(self) -> bool:
        return self.pretty.endswith("\n…")

    def marked(self) -> list[dict[str, str]]:
        """The problems, each with the control of the composer it leads to."""
        found = []
        for problem in self.problems:
            controls = anchors.controls_for(problem.path, self.doc, self.edition) if self.doc else []
            found.append({**problem.as_dict(), "anchor": controls[0] if controls else ""})
        return found


def of(deployment: Deployment) -> Text:
    """The draft while it is one (or nothing else is there), else the latest version. One query at most."""
    if deployment.is_writable or not deployment.version_number:
        return of_draft(deployment)
    return of_version(deployment.versions.get(number=deployment.version_number))


def of_draft(deployment: Deployment) -> Text:
    doc = drafts.loads(deployment.draft)
    checked = review.check(deployment, doc)
    print_ = payloads.fingerprint(checked.payload) if checked.payload else ""
    edition = deployment.target.edition
    return Text("the draft", checked.body, checked.problems, fingerprint=print_, doc=doc, edition=edition)


def of_version(version: Version) -> Text:
    problems = [Problem(**one) for one in json.loads(version.problems)]
    return Text(f"version {version.number}", json.loads(version.payload), problems, version.number, version.fingerprint)


def before(deployment: Deployment, text: Text) -> Text | None:
    """What a text is compared with unasked: the version before it, else what it was copied from, else nothing."""
    number = text.number - 1 if text.number else deployment.version_number
    if number:
        version = deployment.versions.filter(number=number).first()
        return of_version(version) if version else None
    source = deployment.copied_from
    if source is None:
        return None
    found = of(source)
    return Text(f"{source.pk}, {found.name}", found.body, [], found.number, found.fingerprint)
