"""Putting the past into the database: in portions, each one transaction, the chain in the order of time."""

import heapq
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection, models, transaction

from deployer.models import (
    Attempt,
    Decision,
    Deployment,
    Event,
    ModelShare,
    Person,
    Service,
    Submission,
    Target,
    Version,
)
from deployer.rehearsal.past import stories, words
from deployer.rehearsal.past.books import Books, Cast, Keys
from deployer.workflow import history, people

LAST = datetime(2026, 11, 20, 18, tzinfo=UTC)  # fixed, so that two runs tell the same
SPAN = timedelta(days=365)
PORTION = 500
RECENT = 100  # among the last so many are drafts and reviews; whatever is older has come to an end

Waiting = list[tuple[datetime, int, history.Entry]]


def seed(number: int, seed: int, *, said: Callable[[int], None] = lambda _: None) -> None:
    """Write so many past deployments. `said` hears how many there are after each portion.

    Times are spread over the year before a fixed day. A later run with the same seed goes on with other rows, since
    the first free number is part of the seed.
    """
    with transaction.atomic():
        cast = gathered()
        first = (Deployment.objects.aggregate(models.Max("number"))["number__max"] or 0) + 1
    rng = Random(f"{seed}:{first}")  # noqa: S311 - a past for trials, no secret
    times = sorted(LAST - SPAN * rng.random() for _ in range(number))
    waiting: Waiting = []
    for start in range(0, number, PORTION):
        portion = times[start : start + PORTION]
        following = times[start + PORTION] if start + PORTION < number else None
        with transaction.atomic():
            write(told(portion, cast, rng, recent_from=number - RECENT - start), waiting, following)
        said(start + len(portion))
    if connection.vendor == "postgresql":  # SQLite plans well without, and is misled by the figures of few rows
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def told(times: list[datetime], cast: Cast, rng: Random, *, recent_from: int) -> Books:
    books = Books(reserved(len(times)))
    for place, at in enumerate(times):
        stories.tell(books, cast, rng, at, recent=place >= recent_from)
    return books


def write(books: Books, waiting: Waiting, following: datetime | None) -> None:
    """The rows, and every event that is older than what the next portion begins with."""
    Service.objects.bulk_create(books.services)
    Deployment.objects.bulk_create(books.deployments)  # points at submissions; the keys are checked at the end
    Version.objects.bulk_create(books.versions)
    Submission.objects.bulk_create(books.submissions)
    ModelShare.objects.bulk_create(books.shares)
    Decision.objects.bulk_create(books.decisions)
    Attempt.objects.bulk_create(books.attempts)
    link(Deployment.editors.through, "deployment_id", books.editors)
    link(Version.editors.through, "version_id", books.version_editors)
    for event in books.events:
        # The deployment's number keeps the order of events of one moment, and makes the tuples comparable.
        heapq.heappush(waiting, (event[0], event[2].deployment.number * 10_000 + event[1], event[2]))
    ready = []
    while waiting and (following is None or waiting[0][0] < following):
        ready.append(heapq.heappop(waiting))
    chain(ready)


def link(table: type[models.Model], column: str, pairs: list[tuple[int, int]]) -> None:
    table.objects.bulk_create([table(**{column: one, "person_id": person}) for one, person in pairs])


def chain(entries: Waiting) -> None:
    """Append to the chain, each event with the time it happened."""
    last = history.locked_chain()
    events = []
    for at, _, entry in entries:
        event = history.as_event(entry, last.length + 1, last.head, at)
        event.hash = event.seal()
        last.length, last.head = event.number, event.hash
        events.append(event)
    Event.objects.bulk_create(events)
    last.save(update_fields=["length", "head"])


def reserved(number: int) -> Keys:
    """Keys for a portion. No deployment has more than two versions, one submission and one service."""
    return Keys(
        deployments=keys(Deployment, number),
        versions=keys(Version, 2 * number),
        submissions=keys(Submission, number),
        services=keys(Service, number),
    )


def keys(model: type[models.Model], number: int) -> Iterator[int]:
    """Keys nobody else gets: taken from the sequence on PostgreSQL; on SQLite we are the only writer."""
    column, table = model._meta.pk.column, model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, number]
            )
            return iter([row[0] for row in cursor.fetchall()])
    largest = model._default_manager.aggregate(models.Max("pk"))["pk__max"] or 0
    return iter(range(largest + 1, largest + 1 + number))


def gathered() -> Cast:
    """The people and targets of the past, made where they are missing."""
    gone = [past_person(name, full_name) for name, full_name in words.PEOPLE.items()]
    known = Person.objects.filter(username__in=["alice", "bob", "carol", "olga"])
    there = {person.username: person for person in known}
    approvers = [there[name] for name in ("bob", "carol") if name in there] or gone[:2]
    rest = [person for person in gone if person not in approvers]
    authors = ([there["alice"]] if "alice" in there else []) + rest
    targets = list(Target.objects.filter(name__in=["dev", "prod"], approvals__lte=len(approvers)).order_by("name"))
    targets = targets or [past_target()]
    return Cast(
        authors=authors,
        approvers=approvers,
        operator=there.get("olga") or rest[-1],
        targets=targets,
        fingerprints={target.pk: target.fingerprint for target in targets},
    )


def past_person(name: str, full_name: str) -> Person:
    """Somebody who was here: without a password, and not active."""
    person = Person.objects.filter(username=name).first()
    if person is None:
        person, _ = people.save(name, roles=["author"], full_name=full_name)
        Person.objects.filter(pk=person.pk).update(is_active=False)
    return person


def past_target() -> Target:
    """A target nobody can send to: it has no secret, and its host does not exist (RFC 2606)."""
    target, is_new = Target.objects.get_or_create(
        name="past",
        defaults={
            "endpoint": "https://modelarts.past.invalid",
            "iam_endpoint": "https://iam.past.invalid",
            "region": "past",
            "project_id": "00000000000000000000000000000000",
            "username": "nobody",
            "domain_name": "nobody",
        },
    )
    if is_new:
        data = {"before": {}, "after": {"endpoint": target.endpoint}}
        history.write([history.Entry("target_changed", None, target=target, data=data)])
    return target
