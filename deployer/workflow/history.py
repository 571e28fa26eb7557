"""Writing down what happened: events, chained by hash. Called last in a verb's transaction."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from deployer.models import Chain, Deployment, Event, Person, Target, chaining
from deployer.models.once import Change, Select, Update, together

START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One thing that happened, before it has its place in the chain."""

    action: str
    by: Person | None
    deployment: Deployment | None = None
    target: Target | None = None
    comment: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def write(entries: Sequence[Entry], *others: Change) -> list[Event]:
    """Append to the chain. The chain's row is the last lock a transaction takes, so that it is held shortly.

    `others`: changes to be made in the same step, of new rows or of such as this transaction has locked already.

    Must run inside the transaction of the change it tells about: an event without its change, or a change
    without its event, cannot be committed.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event belongs into the transaction of its change.")
    if not entries:
        return []
    now = timezone.now()
    if len(entries) == 1 and chaining.can_append():
        event = as_event(entries[0], 0, "", now)
        chaining.append(event, *others)
        return [event]
    chain = locked_chain()
    events = []
    for entry in entries:
        event = as_event(entry, chain.length + 1, chain.head, now)
        event.hash = event.seal()
        chain.length, chain.head = event.number, event.hash
        events.append(event)
    together(
        *others, *(chaining.as_row.of(event) for event in events), lengthen.to(length=chain.length, head=chain.head)
    )
    return events


def write_if(change: Change, entry: Entry) -> bool:
    """Make the change, and tell of it if it met one row; else False, and nothing is appended."""
    if chaining.can_append():
        return chaining.append_if(change, as_event(entry, 0, "", timezone.now()))
    if change.made() != 1:
        return False
    write([entry])
    return True


@Update
def lengthen(length: int, head: str) -> tuple[QuerySet[Chain], dict[str, Any]]:
    return Chain.objects.filter(pk=1), {"length": length, "head": head}


@Select
def chains() -> QuerySet[Chain]:
    return Chain.objects.select_for_update().filter(pk=1)


def locked_chain() -> Chain:
    chain: Chain | None = chains.first()
    if chain is None:  # the very first event
        Chain.objects.bulk_create([Chain(id=1)], ignore_conflicts=True)
        chain = chains()[0]
    return chain


def as_event(entry: Entry, number: int, previous: str, at: Any) -> Event:
    """Its row, not sealed yet."""
    target = entry.target or (entry.deployment.target if entry.deployment else None)
    return Event(
        number=number,
        action=entry.action,
        deployment=entry.deployment,
        target_name=target.name if target else "",
        by_key=entry.by.username if entry.by else "",
        by_name=str(entry.by)[:300] if entry.by else "",
        at=at,
        comment=entry.comment,
        data=json.dumps(entry.data, sort_keys=True, separators=(",", ":")),
        previous=previous,
    )


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold."""

    number: int
    why: str


def verify() -> Broken | int:
    """Walk the whole chain: the number of events if it holds, else the first broken link.

    Reads in portions, so that a million events need little memory, and takes no lock: what is written meanwhile
    is no break. So the chain's row is read before the walk, which must reach it, and after it.
    """
    length, head = ends()
    previous, expected = START, 1
    for event in walk():
        if event.number != expected:
            return Broken(expected, f"Event {expected} is missing.")
        if event.previous != previous:
            return Broken(event.number, f"Event {event.number} does not follow event {event.number - 1}.")
        if event.seal() != event.hash:
            return Broken(event.number, f"Event {event.number} does not say what it said when it was written.")
        if event.number == length and event.hash != head:
            return Broken(length, f"Event {length} is not the one the chain ended with.")
        previous, expected = event.hash, expected + 1
    found = expected - 1
    if found < length:
        return Broken(expected, f"The chain has {found} events. It had {length}: its end was cut.")
    now, head = ends()
    if found > now:
        return Broken(now + 1, f"The chain has {found} events. It should have {now}: some were added.")
    if found == now and head != previous:
        return Broken(found, f"Event {found} is not the one the chain ended with.")
    return found


def ends() -> tuple[int, str]:
    """How long the chain is and how it ends, by its own row."""
    chain = Chain.objects.filter(pk=1).first()
    return (chain.length, chain.head) if chain else (0, START)


def walk(portion: int = 2000) -> Iterator[Event]:
    after = -1
    while True:
        events = list(Event.objects.filter(number__gt=after).order_by("number")[:portion])
        yield from events
        if len(events) < portion:
            return
        after = events[-1].number


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
