"""A question that a worker answers, as the page shows it: under way, answered, or nobody there to answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from deployer.models import Enquiry, Person, Target
from deployer.web import numbers

SILENT = timedelta(seconds=15)
GIVES_UP = timedelta(minutes=2)  # then the page asks no more by itself

LOOKS = {"ok": ("circle-check", "good"), "failed": ("circle-x", "alarm"), "warn": ("triangle-alert", "warn")}
STATES = {"ok": "works", "failed": "failed", "warn": "works, with a warning", "skipped": "not tried"}


@dataclass(frozen=True)
class Step:
    """One step of a test: an icon with its tone, its name, what was seen, and what to do."""

    icon: str
    tone: str
    name: str
    state: str
    words: str
    way_out: str


@dataclass(frozen=True)
class Question:
    """An enquiry on its way to the page."""

    row: Enquiry
    age: timedelta

    @property
    def is_open(self) -> bool:
        return self.row.answered_at is None

    @property
    def is_silent(self) -> bool:
        """Nobody answered for so long that perhaps nobody is there."""
        return self.is_open and self.age >= SILENT

    @property
    def stage(self) -> str:
        """What the page shows of it; while this stays, there is nothing to draw anew."""
        return "silent" if self.is_silent else "open" if self.is_open else "answered"

    @property
    def polls(self) -> str:
        """How often the page asks again, in seconds; empty when it stops."""
        if not self.is_open or self.age >= GIVES_UP:
            return ""
        return "5" if self.is_silent else "1"

    @property
    def problem(self) -> str:
        return str(self.row.said.get("problem") or "")

    @property
    def steps(self) -> list[Step]:
        return [step_of(said) for said in self.row.said.get("steps") or [] if isinstance(said, dict)]

    @property
    def projects(self) -> list[dict[str, Any]]:
        return [said for said in self.row.said.get("projects") or [] if isinstance(said, dict) and said.get("id")]

    @property
    def verdict(self) -> str:
        """The outcome in one line, for those who do not look at each step."""
        failed = [step.name for step in self.steps if step.tone == "alarm"]
        if failed:
            return f"It stops at: {', '.join(failed)}."
        warned = [step.name for step in self.steps if step.tone == "warn"]
        if warned:
            return f"It works, with a warning at: {', '.join(warned)}."
        return "All that a test can try works." if self.steps else ""


def step_of(said: dict[str, Any]) -> Step:
    state, name = str(said.get("state") or ""), str(said.get("name") or "")
    icon, tone = LOOKS.get(state, ("circle-minus", ""))
    words, way_out = str(said.get("words") or ""), str(said.get("way_out") or "")
    return Step(icon, tone, name, STATES.get(state, state), words, way_out)


def question(row: Enquiry | None) -> Question | None:
    return Question(row, timezone.now() - row.asked_at) if row else None


def last_test(target: Target) -> Question | None:
    """The newest test of this target as it is saved; questions are kept for an hour."""
    return question(target.enquiries.filter(kind=Enquiry.Kind.CONNECTION).order_by("-pk").first())


def mine(person: Person, key: str, kind: str) -> Question | None:
    """A question this person put from a form; nobody else sees it."""
    rows = Enquiry.objects.filter(asked_by=person, kind=kind, target=None)
    return question(rows.filter(pk=numbers.whole(key)).first())
