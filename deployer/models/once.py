"""Statements that Django compiles once for each connection, for what is asked many times a second.

Building and compiling a query costs many times what the database takes to answer it. Here that is done once, with
marks in the place of values; later calls only fill the values in. The statement itself is still the one that Django
writes from the models, so a new column or another database needs no second text. On PostgreSQL several can go in one
(`together`), and chaining.py is the one place with a text of its own.
"""

import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from string import Template
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    BigIntegerField,
    CharField,
    DurationField,
    Field,
    ForeignKey,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    QuerySet,
    TextField,
)
from django.db.models.constants import OnConflict
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

PLANNED_AFTER = 3  # times that a connection to PostgreSQL asks for a plan anew
RETURNING = " RETURNING "
WHOLE = (BigIntegerField, PositiveIntegerField, PositiveSmallIntegerField, ForeignKey)
PLAIN = {CharField: str, TextField: str} | dict.fromkeys(WHOLE, int)  # such a value goes as it is
DURATION = DurationField()
FIRST_MARK = 30_011  # fits every column of numbers, and stands in no query of ours


class Kept(threading.local):
    """What this thread has compiled, and for which connection."""

    owner: Any = None
    plan: Any = None


class Statement(ABC):
    """`build` gets a mark for each of its parameters, which are of type str, int or timedelta (or of these `kinds`)."""

    def __init__(self, build: Callable[..., Any], kinds: dict[str, type] | None = None) -> None:
        self.build = build
        self.__doc__ = build.__doc__
        self.kept = Kept()
        if kinds is None:
            told = inspect.get_annotations(build, eval_str=True)
            kinds = {name: told[name] for name in inspect.signature(build).parameters}
        self.marks = {name: mark_of(kind, FIRST_MARK + place) for place, (name, kind) in enumerate(kinds.items())}

    def planned(self) -> Any:
        here = connections[DEFAULT_DB_ALIAS]
        if self.kept.owner is not here:
            self.kept.plan = self.compiled(self.build(**self.marks))
            self.kept.owner = here
        return self.kept.plan

    @abstractmethod
    def compiled(self, built: Any) -> Any:
        """What `build` gave, as the text of a statement and the places of its values."""

    def slots(self, params: Sequence[Any]) -> list[tuple[str, Any]]:
        """For each parameter of the statement the name of the value that belongs there, or the constant."""
        names = {mark: name for name, mark in self.marks.items()}
        names |= {prepared(mark): name for name, mark in self.marks.items()}
        found = [(names.get(param, ""), param) for param in params]
        if missing := set(self.marks) - {name for name, _ in found}:
            raise TypeError(f"no place for {', '.join(sorted(missing))}")
        return found

    def run(self, sql: str, slots: list[tuple[str, Any]], values: dict[str, Any]) -> Any:
        return executed(sql, filled(slots, values))


def filled(slots: list[tuple[str, Any]], values: dict[str, Any]) -> list[Any]:
    return [prepared(values[name]) if name else constant for name, constant in slots]


@dataclass(frozen=True)
class Change:
    """An update or an insert with its values, not yet made."""

    sql: str
    params: list[Any]

    def made(self) -> int:
        """How many rows that were."""
        used = executed(self.sql, self.params)
        return len(used.fetchall()) if RETURNING in self.sql else int(used.rowcount)


class Select(Statement):
    """Rows of a queryset, with their select_related, annotations and deferred columns; or of its values_list()."""

    def __call__(self, **values: Any) -> list[Any]:
        sql, slots, maker = self.planned()
        rows = self.run(sql, slots, values).fetchall()
        return list(maker.made(rows)) if rows else []

    def first(self, **values: Any) -> Any:
        return next(iter(self(**values)), None)

    def compiled(self, built: QuerySet[Any]) -> Any:
        compiler = built.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        return sql, self.slots(params), Values(compiler) if built.query.values_select else Maker(compiler)


class Values:
    """Makes tuples of rows, as values_list() does."""

    def __init__(self, compiler: Any) -> None:
        self.compiler = compiler
        self.converters = compiler.get_converters([column[0] for column in compiler.select])

    def made(self, rows: list[Any]) -> Iterator[Any]:
        found = self.compiler.apply_converters(rows, self.converters) if self.converters else rows
        return (tuple(row) for row in found)


class Maker:
    """Makes instances of rows, as a queryset does."""

    def __init__(self, compiler: Any) -> None:
        self.compiler, self.alias = compiler, connection.alias
        info, select = compiler.klass_info, compiler.select
        places = info["select_fields"]
        self.first, self.last = places[0], places[-1] + 1
        self.model = info["model"]
        self.names = [column[0].target.attname for column in select[self.first : self.last]]
        self.populators = get_related_populators(info, select, self.alias)
        self.converters = compiler.get_converters([column[0] for column in select[: compiler.col_count]])

    def made(self, rows: list[Any]) -> Iterator[Any]:
        for row in self.compiler.apply_converters(rows, self.converters) if self.converters else rows:
            one = self.model.from_db(self.alias, self.names, row[self.first : self.last])
            for related in self.populators:
                related.populate(row, one)
            for name, place in self.compiler.annotation_col_map.items():
                setattr(one, name, row[place])
            yield one


class Update(Statement):
    """`build` gives the rows and what they are set to. Called, it says how many rows that were."""

    def __call__(self, **values: Any) -> int:
        return self.to(**values).made()

    def to(self, **values: Any) -> Change:
        """The same, to be made together with others."""
        sql, slots = self.planned()
        return Change(sql, filled(slots, values))

    def compiled(self, built: tuple[QuerySet[Any], dict[str, Any]]) -> Any:
        rows, columns = built
        query = rows.query.chain(UpdateQuery)
        query.clear_ordering(force=True)
        query.add_update_values(columns)
        sql, params = query.get_compiler(connection=connection).as_sql()
        return sql, self.slots(params)


class Insert:
    """One row at a time. `unique` and `updates`: where a row with the same unique columns is there, those of it are set
    instead. The row gets its key."""

    def __init__(self, model: type[Model], *, unique: Sequence[str] = (), updates: Sequence[str] = ()) -> None:
        self.model, self.unique, self.updates = model, unique, updates
        self.kept = Kept()

    def __call__(self, row: Any) -> None:
        compiler, sql, params = self.compiled(row)
        used = executed(sql, params)
        if compiler.returning_fields:
            (row.pk,) = used.fetchone()
        row._state.adding, row._state.db = False, connection.alias

    def of(self, row: Any) -> Change:
        """The same, to be made together with others. The row does not learn a key that the database gives."""
        _, sql, params = self.compiled(row)
        return Change(sql, params)

    def compiled(self, row: Any) -> tuple[Any, str, list[Any]]:
        here = connections[DEFAULT_DB_ALIAS]
        if self.kept.owner is not here:
            self.kept.plan = self.plan_for(row)
            self.kept.owner = here
        compiler, sql, fields, said = self.kept.plan
        values = [
            getattr(row, field.attname) if plain else compiler.pre_save_val(field, row) for field, plain in fields
        ]
        if [hasattr(value, "as_sql") for value in values] != said:
            raise TypeError("what the database works out is a part of the statement, in each row the same")
        params = [
            value if value is None or type(value) is plain else compiler.prepare_value(field, value)
            for (field, plain), value, in_text in zip(fields, values, said, strict=True)
            if not in_text
        ]
        return compiler, sql, params

    def plan_for(self, row: Any) -> tuple[Any, str, list[tuple[Field[Any, Any], type | None]], list[bool]]:
        meta = self.model._meta
        is_numbered_by_us = row.pk is not None
        fields = [field for field in meta.concrete_fields if is_numbered_by_us or not field.primary_key]
        named = {field.name: field for field in meta.concrete_fields}
        query = InsertQuery(
            self.model,
            on_conflict=OnConflict.UPDATE if self.unique else None,
            update_fields=[named[name] for name in self.updates],
            unique_fields=[named[name] for name in self.unique],
        )
        query.insert_values(fields, [row])
        compiler: Any = query.get_compiler(connection=connection)
        compiler.returning_fields = [] if is_numbered_by_us else [meta.pk]
        ((sql, _),) = compiler.as_sql()
        said = [hasattr(compiler.pre_save_val(field, row), "as_sql") for field in fields]
        return compiler, sql, [(field, PLAIN.get(type(field))) for field in fields], said


def together(*changes: Change) -> list[int]:
    """Make these, in this order, and say how many rows each met: in one statement where the database can do that.

    None of them sees what another one did, so each must be about rows of its own.
    """
    if not takes_values_apart(connections[DEFAULT_DB_ALIAS]):
        return [change.made() for change in changes]
    text = joined(tuple(change.sql for change in changes))
    return list(executed(text, [param for change in changes for param in change.params]).fetchone())


@lru_cache(maxsize=500)
def joined(texts: tuple[str, ...]) -> str:
    """PostgreSQL makes them in the order in which they are counted."""
    counts = ", ".join(COUNT.substitute(place=place) for place in range(len(texts)))
    return f"WITH {', '.join(parts(texts))} SELECT {counts}"


COUNT = Template("(SELECT count(*) FROM part$place)")


def parts(texts: Sequence[str]) -> list[str]:
    """Statements as parts of another one, each with a row for each row that it met."""
    each = [text if RETURNING in text else f"{text}{RETURNING}1" for text in texts]
    return [f"part{place} AS ({text})" for place, text in enumerate(each)]


def takes_values_apart(here: Any) -> bool:
    """Whether our own cursor is used. Who records or wraps statements wants to see each, with its values."""
    return here.vendor == "postgresql" and not here.queries_logged and not here.execute_wrappers


def executed(sql: str, params: Sequence[Any]) -> Any:
    """A cursor after this statement, good until the next one.

    Django's own; on PostgreSQL one for all, which sends values apart from the text, so that the server plans once, too.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    if not takes_values_apart(here):
        used = here.cursor()
        used.execute(sql, params)
        return used
    here.close_if_health_check_failed()
    here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        return _binding.of(here).execute(sql, params)


class Binding(threading.local):
    """This thread's cursor, and of which connection to the server it is."""

    owner: Any = None
    cursor: Any = None

    def of(self, here: Any) -> Any:
        if self.owner is not here.connection:
            from django.db.backends.postgresql.base import ServerBindingCursor

            here.connection.prepare_threshold = PLANNED_AFTER
            self.owner, self.cursor = here.connection, ServerBindingCursor(here.connection)
        return self.cursor


_binding = Binding()


def mark_of(kind: Any, number: int) -> Any:
    if kind is str:
        return f"mark {number}"
    return timedelta(microseconds=number) if kind is timedelta else number


def prepared(value: Any) -> Any:
    """As the database wants it; texts and numbers go as they are."""
    if isinstance(value, timedelta):
        return DURATION.get_db_prep_value(value, connection)
    return str(value) if isinstance(value, str) else value  # the words of an enumeration as plain text
