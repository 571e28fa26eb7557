"""The rows of many deployments, gathered in memory until they are written together."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deployer.models import Attempt, Decision, Deployment, ModelShare, Person, Service, Submission, Target, Version
from deployer.workflow.history import Entry


@dataclass
class Keys:
    """Primary keys nobody else will use."""

    deployments: Iterator[int]
    versions: Iterator[int]
    submissions: Iterator[int]
    services: Iterator[int]


@dataclass
class Books:
    """What will be written; `events` with their times, since the chain goes by time."""

    keys: Keys
    deployments: list[Deployment] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    shares: list[ModelShare] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    editors: list[tuple[int, int]] = field(default_factory=list)
    version_editors: list[tuple[int, int]] = field(default_factory=list)
    events: list[tuple[datetime, int, Entry]] = field(default_factory=list)

    def tell(self, at: datetime, action: str, by: Person | None, about: Deployment, comment: str = "", /, **data: Any):
        """An event. Events of the same moment keep the order in which they were told."""
        entry = Entry(action, by, about, comment=comment, data=data)
        self.events.append((at, len(self.events), entry))

    def attempt(self, submission: Submission, kind: str, outcome: str, at: datetime, until: datetime, **facts: Any):
        number = facts.pop("number", 1)
        self.attempts.append(
            Attempt(
                submission=submission,
                number=number,
                kind=kind,
                worker="past:1",
                started_at=at,
                finished_at=until,
                outcome=outcome,
                **facts,
            )
        )

    def share(self, version: Version, body: dict[str, Any]) -> None:
        self.shares += [
            ModelShare(
                version=version,
                position=place,
                model_id=row["model_id"],
                weight=row.get("weight"),
                specification=row["specification"],
                instance_count=row["instance_count"],
            )
            for place, row in enumerate(body["config"])
        ]


@dataclass(frozen=True)
class Cast:
    """Who and where. `approvers` may decide and never write here, so that nobody signs their own work."""

    authors: list[Person]
    approvers: list[Person]
    operator: Person
    targets: list[Target]
    fingerprints: dict[int, str]


def as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
