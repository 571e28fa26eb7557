"""From what was posted to the draft: only fields whose text changed are replaced, everything else is kept.

Rows and variables are found by the key the server gave them; one without a key is new. A field that was not posted
is untouched. What differs from the saved draft is noted, so that two people who both typed can be told apart.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deployer.domain import draft as drafts
from deployer.domain import typed
from deployer.domain.editions import DEFAULT, EDITIONS
from deployer.domain.newer import Tree
from deployer.web import newer_form, newer_lists, row_order
from deployer.web.origins import Origin
from deployer.web.posted import Posted, PostedRow, PostedVariable
from deployer.web.row_order import title_of

Doc = dict[str, Any]
Row = dict[str, Any]
Variable = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One place where the posted text is not the saved one. `name` is the control's, or that of a whole row."""

    name: str
    place: str  # "", or the row's number from 1
    mine: str | None  # None: I have no such row
    theirs: str | None


@dataclass
class Typing:
    """The draft as posted, and where it differs from the saved one."""

    doc: Doc
    differences: list[Difference] = field(default_factory=list)


class Reader:
    """Reads one post against one saved draft. `theirs` names what is to stay as saved.

    `origin` is the draft of the page, where it is not the saved one.
    """

    def __init__(
        self, before: Doc, theirs: frozenset[str], removed: Sequence[Row], edition: str, origin: Doc | None
    ) -> None:
        self.before, self.theirs, self.book = before, theirs, EDITIONS[edition]
        self.origin = Origin(origin, self.book)
        saved = {row["id"] for row in before["rows"]}
        known = {row["id"]: row for row in removed} | self.origin.rows
        self.missing = {key: row for key, row in known.items() if key not in saved}
        self.differences: list[Difference] = []
        self.given: set[str] = set()

    def read(self, posted: Posted) -> Typing:
        doc = {key: copy.deepcopy(value) for key, value in self.before.items() if key != "rows"}
        for name, kind in typed.FIELDS.items():
            if name in posted.fields:
                self.put(doc["fields"], name, kind, posted.fields[name], name)
        self.newer(doc["fields"], self.book.service_tree, self.lists(doc["fields"], posted.fields))
        self.schedule(doc["fields"], posted.fields)
        doc["rows"] = self.rows(posted)
        if "raw_config" in doc and doc["rows"]:
            del doc["raw_config"]
        return Typing(doc, self.differences)

    def newer(self, place: dict[str, Any], tree: Tree, texts: Mapping[str, str], row: PostedRow | None = None) -> None:
        """The newer fields of the service or of one row, where the edition has them."""

        def put(place: dict[str, Any], key: str, kind: str, text: str, name: str) -> bool:
            full = f"{row.prefix}-{name}" if row else name
            return self.put(place, key, kind, text, full, row.number if row else None)

        newer_form.take(put, place, tree, texts)

    def put(self, place: dict[str, Any], key: str, kind: str, text: str, name: str, row: int | None = None) -> bool:
        """Take one text, unless it is the one that was shown; whether it was taken."""
        before = place.get(key, typed.MISSING)
        was = typed.carried(kind, typed.shown(kind, before))
        if typed.carried(kind, text) == was or name in self.theirs:
            return False
        self.differences.append(Difference(name, str(row or ""), typed.carried(kind, text), was))
        value = typed.meant(kind, text, self.origin.meant(name, kind, text, before))
        if value is typed.MISSING:
            place.pop(key, None)
        else:
            place[key] = value
        return True

    def lists(self, fields: dict[str, Any], texts: Mapping[str, str]) -> Mapping[str, str]:
        """Take the lists that have another length on the page, at its beginning or as saved; the texts of the rest."""
        if self.origin.fields is None:
            return texts
        mine = newer_lists.as_typed(self.book.service_tree, self.origin.fields, texts)
        parted = newer_lists.parted(self.book.service_tree, mine, self.origin.fields, fields)
        for name in parted:
            if name not in self.theirs and not newer_lists.same(mine, fields, name):
                words = newer_lists.words(mine, name), newer_lists.words(fields, name)
                self.differences.append(Difference(name, "", *words))
                newer_lists.put(fields, name, newer_lists.found(mine, name) or [])
        return {
            name: text for name, text in texts.items() if not any(newer_lists.is_inside(name, one) for one in parted)
        }

    # -- auto-stop: the first item of the schedule

    def schedule(self, fields: dict[str, Any], posted: Mapping[str, str]) -> None:
        items = fields.get("schedule", [])
        usable = isinstance(items, list) and (not items or isinstance(items[0], dict))
        item = dict(items[0]) if usable and items else {}
        noted = len(self.differences)
        for key, kind in typed.SCHEDULE_FIELDS.items():
            if f"schedule-{key}" in posted:
                self.put(item, key, kind, posted[f"schedule-{key}"], f"schedule-{key}")
        if len(self.differences) == noted:
            return
        if "duration" in item or "time_unit" in item:
            fields["schedule"] = [{"type": "stop"} | item, *(items[1:] if usable else [])]
        elif usable and len(items) > 1:
            fields["schedule"] = items[1:]
        else:
            fields.pop("schedule", None)

    # -- rows

    def rows(self, posted: Posted) -> list[Row]:
        unused = {row["id"]: row for row in self.before["rows"]}
        mine, stay = [], []
        for row in posted.rows:
            old = unused.pop(row.key, None)
            if old is None and row.prefix in self.theirs:
                continue
            if old is None:
                self.differences.append(Difference(row.prefix, str(row.number), row.title, None))
            mine.append(self.row(row, old or self.missing.pop(row.key, None), is_new=old is None))
        for old in unused.values():
            rows_stay = not posted.counts_rows or f"row-{old['id']}" in self.theirs
            if rows_stay:
                stay.append(copy.deepcopy(old))
            else:
                self.differences.append(Difference(f"row-{old['id']}", "", None, title_of(old)))
        return self.ordered(mine, stay)

    def ordered(self, mine: list[Row], stay: list[Row]) -> list[Row]:
        """The rows in their order, which is a place of its own where two people differ."""
        saved = self.before["rows"]
        is_theirs = row_order.ORDER in self.theirs
        common = row_order.of_both(mine, saved)
        if common != row_order.of_both(saved, mine) and not is_theirs:
            words = row_order.words(mine, common), row_order.words(saved, common)
            self.differences.append(Difference(row_order.ORDER, "", *words))
        return row_order.merged(mine, stay, saved, theirs=is_theirs)

    def row(self, posted: PostedRow, old: Row | None, *, is_new: bool) -> Row:
        row = copy.deepcopy(old) if old else drafts.new_row() | self.own_key(posted.key)
        self.given.add(row["id"])
        self.origin.note_row(row["id"], posted.prefix)
        if "raw" in row:
            if not posted.says_something:
                return row
            row = {"id": row["id"], "fields": {}, "envs": []}
        noted = len(self.differences)
        for name, kind in typed.ROW_FIELDS.items():
            if name in posted.fields:
                self.put(row["fields"], name, kind, posted.fields[name], f"{posted.prefix}-{name}", posted.number)
        self.newer(row["fields"], self.book.entry_tree, posted.fields, posted)
        self.custom_spec(row["fields"], posted)
        self.variables(row, posted)
        if is_new:
            del self.differences[noted:]  # a new row is one difference, not one for each of its fields
        return row

    def own_key(self, key: str) -> dict[str, str]:
        """The key a page gave to a row that is not saved yet, so that its buttons go on meaning it."""
        known = {row["id"] for row in self.before["rows"]} | self.given
        if not re.fullmatch(r"[0-9a-f]{8}", key) or key in known:
            return {}
        self.given.add(key)
        return {"id": key}

    def custom_spec(self, fields: dict[str, Any], posted: PostedRow) -> None:
        whole = fields.get("custom_spec", {})
        spec = dict(whole) if isinstance(whole, dict) else {}
        noted = len(self.differences)
        for key, kind in typed.SPEC_FIELDS.items():
            name = f"custom_spec-{key}"
            if name in posted.fields:
                self.put(spec, key, kind, posted.fields[name], f"{posted.prefix}-{name}", posted.number)
        if len(self.differences) == noted:
            return
        if spec:
            fields["custom_spec"] = spec
        else:
            fields.pop("custom_spec", None)

    # -- variables of one row

    def variables(self, row: Row, posted: PostedRow) -> None:
        if not posted.counts_variables and not posted.variables:
            return
        if "raw_envs" in row:
            if not any(one.says_something for one in posted.variables):
                return
            del row["raw_envs"]
        saved = {variable["id"]: variable for variable in row.get("envs", [])}
        began = self.origin.variables(row["id"])
        lost = {key: variable for key, variable in began.items() if key not in saved}
        unused, found = dict(saved), []
        for one in posted.variables:
            self.origin.note_variable(began.get(one.key), one.prefix)
            old = unused.pop(one.key, None)
            if old is None and one.prefix in self.theirs:
                continue
            found.append(self.variable(one, old, lost.pop(one.key, None), posted.number))
        for old in unused.values():
            name = f"env-{row['id']}-{old['id']}"
            if not posted.counts_variables or name in self.theirs:
                found.append(old)
            else:
                shown = typed.shown("text", old["key"])
                self.differences.append(Difference(name, str(posted.number), None, shown))
        row["envs"] = found

    def variable(self, posted: PostedVariable, old: Variable | None, lost: Variable | None, row: int) -> Variable:
        """One variable; `lost` is what it was where the saved draft has it no more."""
        prefix, texts = posted.prefix, posted.fields
        was = old or lost or {"key": "", "value": ""}
        key = texts.get("key", typed.shown("text", was["key"]))
        value = texts.get("value", typed.shown("long", was["value"]))
        if old is None:
            self.differences.append(Difference(prefix, str(row), key, None))
        else:
            key, value = self.kept(prefix, "key", key, old, row), self.kept(prefix, "value", value, old, row)
        fresh = old or lost or drafts.new_row() | self.own_key(posted.key)
        before = {
            part: self.origin.meant(f"{prefix}-{part}", typed.ENV_FIELDS[part], text, was[part])
            for part, text in (("key", key), ("value", value))
        }
        return {"id": fresh["id"], **typed.meant_variable(key, value, before)}

    def kept(self, prefix: str, part: str, text: str, old: dict[str, Any], row: int) -> str:
        """The text, or the saved one where that was chosen; a difference is noted."""
        kind, name = typed.ENV_FIELDS[part], f"{prefix}-{part}"
        was = typed.shown(kind, old[part])
        if typed.carried(kind, text) == typed.carried(kind, was) or name in self.theirs:
            return was
        self.differences.append(Difference(name, str(row), typed.carried(kind, text), was))
        return text


def read(
    post: Posted,
    before: Doc,
    theirs: frozenset[str] = frozenset(),
    removed: Sequence[Row] = (),
    edition: str = DEFAULT,
    origin: Doc | None = None,
) -> Typing:
    """The draft that this post makes of the saved one; a removed row that is posted again is taken up whole."""
    return Reader(before, theirs, removed, edition, origin).read(post)
