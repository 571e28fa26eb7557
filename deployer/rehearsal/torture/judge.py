"""The promises of the sender as questions: what did the cloud do, and do our rows and events say the same?

Judged on the sandbox's truth and journal, and on what anybody may read of our rows; never on how the sender works.
Each answer is a sentence that names the promise it breaks (I1 to I8); no sentence, no violation.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from deployer.domain.lifecycle import IN_THE_LINE, Outcome
from deployer.models import Event, Submission
from deployer.workflow import history

Json = dict[str, Any]

NOTHING_HAPPENED = {Outcome.REFUSED, Outcome.CANCELLED}
SAYS = {
    "submitted": Outcome.WAITING,
    "send_again": Outcome.WAITING,
    "put_back": Outcome.WAITING,
    "sending": Outcome.SENDING,
    "answer_lost": Outcome.UNKNOWN,
    "accepted": Outcome.ACCEPTED,
    "settle_as": Outcome.ACCEPTED,
    "refused": Outcome.REFUSED,
    "cancelled": Outcome.CANCELLED,
    "cancel": Outcome.CANCELLED,
    "give_up": Outcome.GIVEN_UP,
}
"""Which outcome a row has after an event. Others change none, or leave it open which."""


@dataclass
class Deeds:
    """What one cloud did: every service it ever made, every request it heard."""

    services: list[Json]
    journal: list[Json]
    strangers: set[str] = field(default_factory=set)  # ids of services that others made

    def effects(self, name: str) -> list[Json]:
        """Services of this name that came of us."""
        found = [one for one in self.services if one["service_name"] == name]
        return [one for one in found if one["service_id"] not in self.strangers]

    def bodies(self) -> list[str]:
        """What was sent to make services."""
        return [row["body"] for row in self.journal if row["method"] == "POST" and row["path"].endswith("/services")]


def judged(clouds: Mapping[int, Deeds], *, foreign: Iterable[str] = ()) -> list[str]:
    """Every violation of I1 to I3 and I5 to I7 in the targets given (key: deeds). `foreign`: bodies others sent."""
    rows = list(Submission.objects.filter(target__in=clouds).select_related("version", "deployment").order_by("pk"))
    found = list(of_rows(rows, clouds))
    found += of_names(rows, clouds)
    for target, deeds in clouds.items():
        found += of_bodies(deeds, [row for row in rows if row.target_id == target], set(foreign))
    return found + list(of_the_chain())


def of_rows(rows: list[Submission], clouds: Mapping[int, Deeds]) -> Iterator[str]:
    for row in rows:
        deeds = clouds[row.target_id]
        yield from of_effects(row, deeds)
        yield from of_events(row)


def of_effects(row: Submission, deeds: Deeds) -> Iterator[str]:
    """I2: accepted is one effect whose id we have. I5: refused is none."""
    who = f"{row.service_name} ({row.outcome})"
    if row.outcome == Outcome.ACCEPTED:
        ids = [one["service_id"] for one in deeds.effects(row.service_name)]
        if row.service_id not in ids:
            yield f"I2 {who}: accepted as {row.service_id}, and the cloud has {ids} of it."
    elif row.service_id:
        yield f"I2 {who}: not accepted, and yet it has the service {row.service_id}."


def of_names(rows: list[Submission], clouds: Mapping[int, Deeds]) -> Iterator[str]:
    """I1, I3 and I5: what the cloud made of a name, beside what our rows of that name say."""
    names: dict[tuple[int, str], list[Submission]] = {}
    for row in rows:
        names.setdefault((row.target_id, row.service_name), []).append(row)
    for (target, name), same in names.items():
        yield from of_one_name(name, same, clouds[target].effects(name))
    for target, deeds in clouds.items():
        known = {name for place, name in names if place == target}
        for one in deeds.services:
            if one["service_name"] not in known and one["service_id"] not in deeds.strangers:
                yield f"I3 {one['service_name']}: a service that no row of ours knows."


def of_one_name(name: str, rows: list[Submission], effects: list[Json]) -> Iterator[str]:
    may_be = [row for row in rows if row.outcome not in NOTHING_HAPPENED]
    outcomes = ", ".join(row.outcome for row in rows)
    versions = len({row.version_id for row in may_be})
    if len(effects) > max(versions, 1):
        yield f"I1 {name}: {len(effects)} effects of {versions} versions ({outcomes})."
    if effects and not may_be:
        yield f"I5 {name}: {outcomes}, and yet the cloud has {len(effects)} of it."
    adopted = {row.service_id for row in rows if row.service_id}
    missing = [one["service_id"] for one in effects if one["service_id"] not in adopted]
    unsure = [row for row in rows if row.outcome in IN_THE_LINE or row.outcome == Outcome.GIVEN_UP]
    if len(missing) > len(unsure):
        yield f"I3 {name}: {', '.join(missing)} in no history ({outcomes})."


def of_bodies(deeds: Deeds, rows: list[Submission], foreign: set[str]) -> Iterator[str]:
    """I6: only approved bytes left the house. A sender killed in the middle of its request has sent their beginning."""
    approved = {row.version.fingerprint: row.version.payload for row in rows}
    for text in deeds.bodies():
        if text in foreign or hashlib.sha256(text.encode()).hexdigest() in approved:
            continue
        if not any(payload.startswith(text) for payload in approved.values()):
            yield f"I6 a body left that nobody approved: {text[:200]}"


def of_events(row: Submission) -> Iterator[str]:
    """I7: the last event that says so is the outcome, and each call had its own."""
    events = list(
        Event.objects.filter(deployment=row.deployment_id).order_by("number").values_list("action", flat=True)
    )
    if row.deployment.submission_id != row.pk:
        return  # an older row of this deployment; the events after it are not its own
    since = events[len(events) - events[::-1].index("submitted") - 1 :] if "submitted" in events else []
    told = [SAYS[action] for action in since if action in SAYS]
    who = f"{row.service_name} ({row.outcome})"
    if not told or (told[-1] != row.outcome and not row.needs_person):
        yield f"I7 {who}: its events say {told[-1] if told else 'nothing'}."
    if row.needs_person and "needs_person" not in since:
        yield f"I7 {who}: it needs a person, and no event says so."
    calls = Counter(since)["sending"]
    if calls != row.attempts:
        yield f"I7 {who}: {row.attempts} calls, {calls} events of them."


def of_the_chain() -> Iterator[str]:
    broken = history.verify()
    if not isinstance(broken, int):
        yield f"I7 the chain is broken: {broken.why}"


def still_moving(targets: Iterable[int]) -> list[Submission]:
    """I4: rows that are neither final nor shown as needing a person."""
    return list(Submission.objects.open().filter(target__in=targets, needs_person=False))


def leaks(secrets: Iterable[str], files: Iterable[Path], texts: Iterable[str] = ()) -> list[str]:
    """I8: where a secret lies about: in the database, in log files, in these texts (pages, exports)."""
    found = []
    marks = [secret.encode() for secret in secrets]
    for place, said in [*dumped(), *((str(path), path.read_bytes()) for path in files if path.is_file())]:
        found += [f"I8 {mark.decode()[:6]}… lies in {place}." for mark in marks if mark in said]
    for number, text in enumerate(texts):
        found += [f"I8 {mark.decode()[:6]}… is on page {number}." for mark in marks if mark in text.encode()]
    return found


def dumped() -> Iterator[tuple[str, bytes]]:
    """Each table as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            yield f"table {table}", repr(cursor.fetchall()).encode()


def as_evidence(clouds: Mapping[int, Deeds]) -> Json:
    """What somebody needs who looks into a violation, as JSON."""
    rows = Submission.objects.filter(target__in=clouds).order_by("pk").values()
    events = Event.objects.order_by("number").values("number", "action", "deployment_id", "at", "comment", "data")
    tries = [
        {"name": row.service_name, **{key: str(value) for key, value in one.items()}}
        for row in Submission.objects.filter(target__in=clouds)
        for one in row.tries.values()
    ]
    facts = {"rows": list(rows), "events": list(events), "attempts": tries}
    facts["clouds"] = {
        str(key): {"services": deeds.services, "journal": deeds.journal} for key, deeds in clouds.items()
    }
    return json.loads(json.dumps(facts, default=str))
