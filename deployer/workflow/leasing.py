"""Who works on a row of the line: read it, lease it, and report under the lease.

Time is the database's (models.clock). A lease is a random token that stands in the WHERE of every write, so whoever was
given up for dead changes nothing when it wakes. Order of locks: target, deployment, submission, chain of events.
"""

import secrets
from datetime import timedelta
from functools import cache
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable, CombinedExpression

from deployer.domain.lifecycle import IN_THE_LINE, Outcome
from deployer.models import Service, Submission
from deployer.models.clock import DbNow
from deployer.models.once import Change, Select, Update

OPEN = [one.value for one in IN_THE_LINE]


class LeaseLost(Exception):
    """Somebody else took the row over meanwhile. Nothing was changed."""


def new_token() -> str:
    return secrets.token_hex(16)


def after(seconds: float) -> CombinedExpression:
    """So many seconds from now, by the database's clock."""
    return DbNow() + timedelta(seconds=seconds)


def due(pk: int, outcome: str) -> QuerySet[Submission]:
    """This row, if it is due in this outcome and nobody has it."""
    free = Q(lease="") | Q(lease_until__lt=DbNow())
    return Submission.objects.filter(free, pk=pk, outcome=outcome, needs_person=False, next_action_at__lte=DbNow())


def with_all(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """With all that a step needs, in one statement. Drafts, which may be long, stay in the database.

    `clock`: the time at the database. `is_held`: an older one of its name is in the line. `has_namesake`: a service of
    its name was seen in its project.
    """
    same_name = Service.objects.filter(
        name=OuterRef("service_name"),
        target__endpoint=OuterRef("target__endpoint"),
        target__project_id=OuterRef("target__project_id"),
    )
    rows = rows.select_related("target", "version", "deployment")
    rows = rows.defer("version__draft", "version__problems", "deployment__draft")
    return rows.annotate(clock=DbNow(), is_held=Exists(older()), has_namesake=Exists(same_name))


def whole(row: Submission | None) -> Submission | None:
    """The row, whose deployment knows its target as well."""
    if row is not None:
        row.deployment.target = row.target
    return row


def older() -> QuerySet[Submission]:
    """In the line since before the row that is asked about, under the same name in the same project."""
    return Submission.objects.filter(
        site=OuterRef("site"), service_name=OuterRef("service_name"), pk__lt=OuterRef("pk"), outcome__in=OPEN
    )


def read(pk: int) -> Submission | None:
    """A waiting row that is due and free, to get ready for; nobody is kept from it yet."""
    return whole(due_with_all.first(pk=pk))


@Select
def due_with_all(pk: int) -> QuerySet[Submission]:
    return with_all(due(pk, Outcome.WAITING))


def claim(pk: int, *, outcome: str, seconds: float) -> Submission | None:
    """Lease a due row in this outcome (waiting or unknown) for so long, or None if it is not ours to take."""
    token = new_token()
    leased = due(pk, outcome).update(lease=token, lease_until=after(seconds), next_action_at=after(seconds))
    return whole(with_all(Submission.objects.filter(pk=pk, lease=token)).first()) if leased == 1 else None


def as_read(submission: Submission) -> QuerySet[Submission]:
    """The row, while it is still as it was when it was read: nobody has leased it since, and nobody has reported."""
    return Submission.objects.filter(
        pk=submission.pk,
        outcome=submission.outcome,
        needs_person=submission.needs_person,
        lease=submission.lease,
        tried=submission.tried,
    )


def own(submission: Submission, *, seconds: float) -> bool:
    """Lease a row that was only read, so that we may report on it. False if somebody was quicker."""
    token = new_token()
    rows = as_read(submission)
    if rows.update(lease=token, lease_until=after(seconds), next_action_at=after(seconds)) != 1:
        return False
    submission.lease = token
    return True


def change(submission: Submission, *outcomes: str, **columns: Any) -> None:
    """Write these columns under our lease, in one of these outcomes; else LeaseLost. Plain values are kept in mind.

    Columns are set to texts, whole numbers, truths, nothing, DbNow() or after(…).
    """
    changed(submission, changing(submission, *outcomes, **columns).made(), **columns)


def changing(submission: Submission, *outcomes: str, **columns: Any) -> Change:
    """The same, to be made together with others; whoever makes it tells `changed`."""
    if not submission.lease:
        raise LeaseLost(submission.pk)
    shape = tuple((name, shape_of(value)) for name, value in sorted(columns.items()))
    values = {name: value_of(value) for name, value in columns.items() if shape_of(value) in KINDS}
    return fenced(outcomes, shape).to(pk=submission.pk, held_as=submission.lease, **values)


def changed(submission: Submission, count: int, **columns: Any) -> None:
    """`count`: how many rows the change met. None means that others have the row: LeaseLost."""
    if count != 1:
        raise LeaseLost(submission.pk)
    for name, value in columns.items():
        if not isinstance(value, Combinable):
            setattr(submission, name, value)


KINDS: dict[Any, type] = {"text": str, "number": int, "after": timedelta}


def shape_of(value: Any) -> Any:
    """What kind of value; truths and nothing stand in the statement itself."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Combinable):
        return "after" if isinstance(value, CombinedExpression) else "now"
    return "number" if isinstance(value, int) else "text"


def value_of(value: Any) -> Any:
    return cast(Value, value.rhs).value if isinstance(value, CombinedExpression) else value


@cache
def fenced(outcomes: tuple[str, ...], shape: tuple[tuple[str, Any], ...]) -> Update:
    """The statement for changes of this shape, compiled once."""

    def build(pk: int, held_as: str, **marks: Any) -> tuple[QuerySet[Submission], dict[str, Any]]:
        columns = {}
        for name, kind in shape:
            value = DbNow() if kind == "now" else marks.get(name, kind)
            columns[name] = DbNow() + value if kind == "after" else value
        return Submission.objects.filter(pk=pk, lease=held_as, outcome__in=outcomes), columns

    return Update(build, {"pk": int, "held_as": str} | {name: KINDS[kind] for name, kind in shape if kind in KINDS})


def released(seconds: float) -> dict[str, Any]:
    """The columns of a row that is nobody's until so many seconds from now."""
    return {"lease": "", "lease_until": None, "next_action_at": after(seconds)}
