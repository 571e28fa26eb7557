"""A preflight as pages show it: each check with its sign, what it says, the way out, and the field it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deployer.domain import draft as drafts
from deployer.domain.lifecycle import EDITABLE
from deployer.domain.preflight import PASS
from deployer.domain.problems import BLOCK, WARN
from deployer.models import Deployment, Person, Preflight
from deployer.web import anchors, texts
from deployer.web.badges import Badge
from deployer.workflow import permissions
from deployer.workflow.preflight import is_past

RUNNING = Badge("Running", "loader-circle", "moving", "running")
BADGES = {
    Preflight.Verdict.PASS: Badge("Passed", "circle-check", "good", "pass"),
    Preflight.Verdict.WARN: Badge("Passed with warnings", "triangle-alert", "warn", "warn"),
    Preflight.Verdict.BLOCK: Badge("Blocked", "circle-x", "alarm", "block"),
    Preflight.Verdict.FAILED: Badge("Could not look", "circle-help", "warn", "failed"),
}
WORST_FIRST = (BLOCK, WARN, PASS)


@dataclass(frozen=True)
class Line:
    """One check. `anchor` is the id of its control in the composer, or empty."""

    severity: str
    message: str
    way_out: str
    path: str
    anchor: str = ""


@dataclass(frozen=True)
class Run:
    """One run; `doc` is the draft where its fields can be gone to."""

    row: Preflight
    doc: dict[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        return self.row.finished_at is None

    @property
    def badge(self) -> Badge:
        return RUNNING if self.is_open else BADGES[Preflight.Verdict(self.row.verdict)]

    @property
    def sign(self) -> str:
        """Changes when there is something else to draw."""
        return f"{self.row.pk}.{self.row.tries}.{self.row.verdict}"

    @cached_property
    def lines(self) -> list[Line]:
        """What blocks first, what passed last, each in the order of the form."""
        found = [self.line(one) for one in self.row.found]
        return sorted(found, key=lambda line: WORST_FIRST.index(line.severity))

    def line(self, one: dict[str, str]) -> Line:
        path, severity = one.get("path", ""), one.get("severity", WARN)
        controls = anchors.controls_for(path, self.doc) if self.doc and severity != PASS else []
        return Line(
            severity if severity in WORST_FIRST else WARN,
            one.get("message", ""),
            one.get("way_out", ""),
            path,
            controls[0] if controls else "",
        )

    @property
    def troubles(self) -> list[Line]:
        return [line for line in self.lines if line.severity != PASS]

    @property
    def passed(self) -> int:
        return len(self.lines) - len(self.troubles)

    @property
    def said(self) -> str:
        """The run in one sentence, for those who do not see it change."""
        if self.is_open:
            return "The checks against the cloud are running."
        words = {BLOCK: "blocking", WARN: "to be warned of"}
        parts = [f"{n} {word}" for key, word in words.items() if (n := self.many(key))]
        return f"Checks against the cloud: {self.badge.word.lower()}. {', '.join([*parts, f'{self.passed} passed'])}."

    def many(self, severity: str) -> int:
        return sum(line.severity == severity for line in self.lines)


@dataclass(frozen=True)
class Place:
    """The checks on one page: the latest run, whether it is about the text as it stands, and whether one may ask."""

    deployment: Deployment
    person: Person
    row: Preflight | None
    fingerprint: str = ""  # of the text the page shows; empty where the rule book blocks it
    blocking: int = 0  # problems the rule book has with the text
    doc: dict[str, Any] | None = None  # of the composer, as it is typed
    where: str = "page"  # page, runs or edit

    @cached_property
    def run(self) -> Run | None:
        return Run(self.row, self.doc if self.where == "edit" else self.links) if self.row else None

    @cached_property
    def links(self) -> dict[str, Any] | None:
        """The draft, where this person could go to its fields."""
        if self.deployment.state not in EDITABLE or permissions.refusal(self.person, "edit", self.deployment):
            return None
        return drafts.loads(self.deployment.draft)

    @property
    def is_shown(self) -> bool:
        return self.row is not None or not is_past(self.deployment)

    @property
    def is_open(self) -> bool:
        return bool(self.run and self.run.is_open)

    @property
    def refusal(self) -> str:
        """Why no run can be asked for now; empty if one can."""
        if is_past(self.deployment):
            return "There is nothing left to check."
        why = permissions.refusal(self.person, "preflight", self.deployment)
        if why or self.where == "edit" or not self.blocking:
            return why
        stand = "problem stands" if self.blocking == 1 else "problems stand"
        return f"{self.blocking} {stand} in the way. There is no request to check yet."

    @property
    def aged(self) -> str:
        """Why what the run says may no longer hold; empty if it is about this text and this target."""
        if self.row is None or is_past(self.deployment):
            return ""
        if self.fingerprint and self.row.fingerprint != self.fingerprint:
            return "The text has changed since."
        if self.row.target_fingerprint != self.deployment.target.fingerprint:
            return "The target has changed since."
        return ""

    @property
    def is_required(self) -> bool:
        return self.deployment.target.preflight == "required"

    @property
    def about(self) -> str:
        """What the run was about: a version, or a revision of the draft."""
        return about(self.row) if self.row else ""


def place_of(
    person: Person, deployment: Deployment, row: Preflight | None, text: texts.Text | None = None, *, where: str
) -> Place:
    """The checks of a deployment on one page; `text` is what that page is about, where it is at hand."""
    if text is None and not deployment.is_writable and deployment.version_number:
        version = deployment.versions.only("fingerprint").get(number=deployment.version_number)
        return Place(deployment, person, row, version.fingerprint, where=where)
    text = text or texts.of(deployment)
    blocking = text.blocking if text.is_draft else 0
    return Place(deployment, person, row, text.fingerprint, blocking, doc=text.doc, where=where)


def about(row: Preflight) -> str:
    return f"version {row.version.number}" if row.version else f"revision {row.revision} of the draft"


def runs_of(rows: Sequence[Preflight], doc: dict[str, Any] | None) -> list[tuple[Run, str]]:
    return [(Run(row, doc), about(row)) for row in rows]
