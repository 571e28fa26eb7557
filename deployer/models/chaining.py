"""One more event at the end of the chain, in one statement, where the database can do that.

Whoever appends waits for all who did so before. Between reading the end and writing the new one there is nothing then
but the server's own work: no way to us and back, and no thread of ours that waits for its turn.
"""

from collections.abc import Sequence
from functools import cache
from string import Template

from django.db import DEFAULT_DB_ALIAS, connection, connections

from deployer.models.event import Chain, Event
from deployer.models.once import Change, Insert, executed, parts, takes_values_apart

APPENDING = Template(
    'link AS (SELECT "length" + 1 AS number, "head" AS previous FROM "$chain" WHERE $where FOR UPDATE), '
    'made AS (INSERT INTO "$event" ($columns) SELECT $values FROM link RETURNING "number", "previous", "hash"), '
    'longer AS (UPDATE "$chain" SET "length" = made."number", "head" = made."hash" FROM made WHERE "id" = 1) '
    "SELECT * FROM made"
)
SAID = "concat(%s::text, link.number, %s::text, link.previous, %s::text)"  # of what Event.said_around gives
WORKED_OUT = {
    "number": "link.number",
    "previous": "link.previous",
    "hash": f"encode(sha256(convert_to({SAID}, 'UTF8')), 'hex')",
}


def can_append() -> bool:
    return takes_values_apart(connections[DEFAULT_DB_ALIAS])


def append(event: Event, *others: Change) -> None:
    """Insert the event as the next one and make the others with it. It learns its number and its hashes."""
    if not appended(event, others):  # the very first event: the others are made, and there is no chain yet
        Chain.objects.bulk_create([Chain(id=1)], ignore_conflicts=True)
        if not appended(event, ()):
            raise RuntimeError("There is no chain to append to.")


def append_if(change: Change, event: Event) -> bool:
    """Make the change, and append the event if it met one row; else False. The change takes its locks first."""
    done = appended(event, (change,), is_condition=True)
    if not done and not Chain.objects.filter(pk=1).exists():
        raise RuntimeError("There is no chain to append to.")  # the change may be made: it is to be rolled back
    return done


def appended(event: Event, others: Sequence[Change], *, is_condition: bool = False) -> bool:
    fields = Event._meta.concrete_fields
    _, _, values = as_row.compiled(event)
    params = [value for other in others for value in other.params]
    for field, value in zip(fields, values, strict=True):
        params += event.said_around() if field.attname == "hash" else [] if field.attname in WORKED_OUT else [value]
    found = executed(appending(tuple(other.sql for other in others), is_condition), params).fetchone()
    if found is None:
        return False
    event.number, event.previous, event.hash = found
    event._state.adding, event._state.db = False, DEFAULT_DB_ALIAS
    return True


as_row = Insert(Event)


@cache
def appending(others: tuple[str, ...], is_condition: bool) -> str:
    """The chain's row is locked after the condition is met; what follows is made of what was read there."""
    fields = Event._meta.concrete_fields
    append = APPENDING.substitute(
        chain=Chain._meta.db_table,
        event=Event._meta.db_table,
        columns=", ".join(f'"{field.column}"' for field in fields),
        values=", ".join(WORKED_OUT.get(field.attname) or place_of(field) for field in fields),
        where='"id" = 1 AND (SELECT count(*) FROM part0) = 1' if is_condition else '"id" = 1',
    )
    return "WITH " + ", ".join([*parts(others), append])


def place_of(field) -> str:
    """A value's place. Texts are not cast to their column's type, so that one too long is refused, not cut."""
    kind = field.db_type(connection)
    return "%s::text" if kind.startswith(("varchar", "text")) else f"%s::{kind}"
