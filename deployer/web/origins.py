"""The draft a page was drawn from, where another one has been saved since.

What a person left alone means the value it was shown for, not the text of it; and what another person took away
meanwhile is still whole here.
"""

from typing import Any

from deployer.domain import typed
from deployer.domain.edition import Edition
from deployer.web import newer_fields

Doc = dict[str, Any]
Row = dict[str, Any]


class Origin:
    """Values, rows and variables as the page showed them. Of no draft, nothing is known."""

    def __init__(self, doc: Doc | None, book: Edition) -> None:
        self.book = book
        self.rows: dict[str, Row] = {row["id"]: row for row in doc["rows"]} if doc else {}
        self.fields: dict[str, Any] | None = doc["fields"] if doc else None
        self.values = self.of_service(doc["fields"]) if doc else {}

    def of_service(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Values by the names of their controls."""
        items = fields.get("schedule")
        first = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        found = {name: fields.get(name, typed.MISSING) for name in typed.FIELDS}
        found |= {f"schedule-{key}": first.get(key, typed.MISSING) for key in typed.SCHEDULE_FIELDS}
        leaves = newer_fields.leaves(self.book.service_tree, fields)
        return found | {leaf.name: leaf.place.get(leaf.key, typed.MISSING) for leaf in leaves}

    def of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The same of one row, by names without its prefix."""
        whole = fields.get("custom_spec")
        spec = whole if isinstance(whole, dict) else {}
        found = {name: fields.get(name, typed.MISSING) for name in typed.ROW_FIELDS}
        found |= {f"custom_spec-{key}": spec.get(key, typed.MISSING) for key in typed.SPEC_FIELDS}
        leaves = newer_fields.leaves(self.book.entry_tree, fields)
        return found | {leaf.name: leaf.place.get(leaf.key, typed.MISSING) for leaf in leaves}

    def note_row(self, key: str, prefix: str) -> None:
        """On the page, the row with this key has controls of this prefix."""
        fields = self.rows.get(key, {}).get("fields")
        if fields is not None:
            self.values |= {f"{prefix}-{name}": value for name, value in self.of_row(fields).items()}

    def note_variable(self, variable: dict[str, Any] | None, prefix: str) -> None:
        """On the page, this variable has controls of this prefix."""
        if variable is not None:
            self.values |= {f"{prefix}-{part}": variable[part] for part in typed.ENV_FIELDS}

    def variables(self, key: str) -> dict[str, dict[str, Any]]:
        """The variables of the row with this key, by their own keys."""
        return {one["id"]: one for one in self.rows.get(key, {}).get("envs", [])}

    def meant(self, name: str, kind: str, text: str, saved: Any) -> Any:
        """The value this text may stand for unchanged: the saved one, or the one it was shown for."""
        as_given = typed.carried(kind, text)
        began = self.values.get(name, saved)
        if as_given == typed.carried(kind, typed.shown(kind, saved)):
            return saved
        return began if as_given == typed.carried(kind, typed.shown(kind, began)) else saved
