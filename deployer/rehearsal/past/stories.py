"""What happened to one deployment, from its first word to where it stands."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from deployer.domain import payload as payloads
from deployer.domain.draft import dumps
from deployer.domain.lifecycle import Closed, State
from deployer.models import Decision, Deployment, Person, Version
from deployer.rehearsal.past import requests, sendings, words
from deployer.rehearsal.past.books import Books, Cast
from deployer.workflow.drafting import summary

FINISHED = {"accepted": 80, "refused": 5, "lost": 3, "given_up": 1, "cancelled": 2, "withdrawn": 5, "rejected": 4}
STILL_OPEN = {"draft": 4, "in_review": 4, "changes_requested": 3, "approved": 3, "accepted": 6}

END = datetime(2026, 11, 22, 18, tzinfo=UTC)  # two days after the last story begins; fixed, as its beginning is


class Story:
    """One deployment being told. `at` is the moment the story has reached."""

    def __init__(self, books: Books, cast: Cast, rng: Random, at: datetime) -> None:
        self.books, self.cast, self.rng, self.at = books, cast, rng, at
        self.author: Person = rng.choice(cast.authors)
        self.hands = {self.author.pk}
        self.body = requests.new_body(rng)
        self.deployment = Deployment(
            number=next(books.keys.deployments),
            target=rng.choice(cast.targets),
            author=self.author,
            state=State.DRAFT,
            created_at=at,
            updated_at=at,
        )
        self.version: Version | None = None

    def later(self, low: float, high: float) -> datetime:
        """Let so many minutes pass, but none that is still to come."""
        self.at = min(self.at + timedelta(minutes=self.rng.uniform(low, high)), max(self.at, END))
        return self.at

    def tell(self, action: str, by: Person | None, comment: str = "", /, **data: Any) -> None:
        self.books.tell(self.at, action, by, self.deployment, comment, **data)

    def of_version(self) -> dict[str, Any]:
        assert self.version
        return {"version": self.version.number, "fingerprint": self.version.fingerprint}


def tell(books: Books, cast: Cast, rng: Random, at: datetime, *, recent: bool) -> None:
    """Decide how it ended, and tell it."""
    ends = STILL_OPEN if recent and rng.random() < 0.4 else FINISHED
    end = rng.choices(list(ends), weights=list(ends.values()))[0]
    story = Story(books, cast, rng, at)
    begin(story)
    if end != "draft":
        go_on(story, end)
    if not recent and story.deployment.state == State.CHANGES_REQUESTED and rng.random() < 0.95:
        withdraw(story)  # what came back long ago has mostly been given up
    finish(story)


def begin(story: Story) -> None:
    number, rng = story.deployment.number, story.rng
    if rng.random() < 0.3 and story.books.deployments:
        source = rng.choice(story.books.deployments)
        if source.created_at < story.at:
            story.deployment.copied_from = source
            story.tell("copied", story.author, copied_from=source.number)
            return
    story.tell("imported" if number % 3 == 0 else "created", story.author)
    if rng.random() < 0.5:
        edit(story, story.author)


def edit(story: Story, by: Person) -> None:
    before = {"revision": story.deployment.revision, "state": story.deployment.state}
    story.later(2, 90)
    story.deployment.revision += 1
    story.hands.add(by.pk)
    after = {"revision": story.deployment.revision, "state": story.deployment.state}
    story.tell("edited", by, before=before, after=after)


def go_on(story: Story, end: str) -> None:
    """From the first request for review on."""
    ask(story)
    if end in EARLY:
        EARLY[end](story)
        return
    if story.rng.random() < 0.15:
        against(story, "request_changes")
        second = story.rng.choice(story.cast.authors)
        story.body = requests.edited(story.body, story.rng)
        edit(story, second if story.rng.random() < 0.3 else story.author)
        ask(story)
    approve(story)
    if end != "approved":
        sendings.submit(story, end)


def ask(story: Story) -> None:
    deployment, rng = story.deployment, story.rng
    story.later(1, 60)
    text = requests.text_of(story.body)
    deployment.version_number += 1
    story.version = Version(
        pk=next(story.books.keys.versions),
        deployment=deployment,
        number=deployment.version_number,
        draft=dumps(requests.document(story.body, rng)),
        payload=text,
        fingerprint=payloads.fingerprint(text),
        target_fingerprint=story.cast.fingerprints[deployment.target_id],
        revision=deployment.revision,
        created_by=story.author,
        created_at=story.at,
    )
    story.books.versions.append(story.version)
    story.books.version_editors += [(story.version.pk, person) for person in sorted(story.hands)]
    story.books.share(story.version, story.body)
    deployment.state, deployment.asked_at = State.IN_REVIEW, story.at
    story.tell("review_asked", story.author, rng.choice(words.ASKING), **story.of_version())


def approve(story: Story) -> None:
    target = story.deployment.target
    able = [person for person in story.cast.approvers if person.pk not in story.hands]
    for person in story.rng.sample(able, min(target.approvals, len(able))):
        decide(story, person, "approve", story.rng.choice(words.APPROVING), "approved")
    story.deployment.state = State.APPROVED
    story.tell("approval_complete", None, version=story.deployment.version_number, needed=target.approvals)


def against(story: Story, verdict: str) -> None:
    person = story.rng.choice([one for one in story.cast.approvers if one.pk not in story.hands])
    if verdict == "reject":
        decide(story, person, verdict, story.rng.choice(words.REJECTING), "rejected")
        story.deployment.state, story.deployment.closed_as = State.CLOSED, Closed.REJECTED
    else:
        decide(story, person, verdict, story.rng.choice(words.CHANGES), "changes_requested")
        story.deployment.state = State.CHANGES_REQUESTED


def decide(story: Story, person: Person, verdict: str, comment: str, action: str) -> None:
    story.later(3, 600)
    story.books.decisions.append(
        Decision(
            version=story.version,
            person=person,
            verdict=verdict,
            comment=comment,
            target_fingerprint=story.cast.fingerprints[story.deployment.target_id],
            decided_at=story.at,
        )
    )
    story.tell(action, person, comment, **story.of_version())


def withdraw(story: Story) -> None:
    story.later(5, 600)
    story.deployment.state, story.deployment.closed_as = State.CLOSED, Closed.WITHDRAWN
    story.tell("withdrawn", story.author, story.rng.choice(words.WITHDRAWING))


EARLY = {
    "in_review": lambda story: None,
    "changes_requested": lambda story: against(story, "request_changes"),
    "rejected": lambda story: against(story, "reject"),
    "withdrawn": withdraw,
}
"""Ends that come before any approval."""


def finish(story: Story) -> None:
    """What the deployment's row says of all that."""
    deployment = story.deployment
    doc = requests.document(story.body, story.rng)
    deployment.draft = story.version.draft if story.version else dumps(doc)
    deployment.service_name = story.body["service_name"]
    deployment.infer_type = story.body["infer_type"]
    deployment.summary = summary(doc)
    deployment.updated_at = story.at
    story.books.deployments.append(deployment)
    story.books.editors += [(deployment.number, person) for person in sorted(story.hands)]
