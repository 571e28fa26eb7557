"""What the composer's page shows of a draft: texts for controls, and each problem beside the control it is about.

Plain objects drawn by plain templates: bound forms for 200 rows would cost ten times as much.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from deployer.domain import typed
from deployer.domain.editions import DEFAULT, EDITIONS
from deployer.domain.problems import BLOCK, Problem
from deployer.domain.tables import BATCH, REAL_TIME
from deployer.web import anchors, kept_view, newer_fields, newer_view, numbers
from deployer.web.controls import Control, Kept, Placed
from deployer.web.row_view import RowView, VariableView

Doc = dict[str, Any]
Row = dict[str, Any]

# Blank and mandatory: said beside the field only once somebody asked, so that an empty form does not scream.
MANDATORY = {"service_name", "infer_type", "model_id", "specification", "instance_count", "weight"}
MANDATORY |= {"src_path", "dest_path", "req_uri", "mapping_type", "duration", "time_unit"}


class FormView:
    """The whole form, with the fields its edition has. `loud`: also say what is still blank."""

    def __init__(self, doc: Doc, problems: Sequence[Problem], *, loud: bool, edition: str = DEFAULT) -> None:
        self.doc, self.loud, self.edition, self.book = doc, loud, edition, EDITIONS[edition]
        self.placed = [self.place(problem) for problem in problems]
        self.beside: dict[str, list[Problem]] = {}
        for placed in self.placed:
            for anchor in placed.anchors if not placed.quiet else ():
                self.beside.setdefault(anchor, []).append(placed.problem)
        fields = doc["fields"]
        self.infer_type = fields.get("infer_type")
        self.is_batch = self.infer_type == BATCH
        # An unknown type shows the fields of both: nothing that was typed is out of reach.
        self.shows_data = self.infer_type != REAL_TIME
        self.fields = {name: self.control(name, kind, fields, name) for name, kind in typed.FIELDS.items()}
        self.newer = {
            leaf.name: self.control(leaf.name, leaf.kind, leaf.place, leaf.key)
            for leaf in newer_fields.leaves(self.book.service_tree, fields)
        }
        self.schedule = self.schedule_controls()
        self.rows = [self.row(index, row) for index, row in enumerate(doc["rows"])]
        self.kept = list(kept_view.of_service(doc, self.book.service_tree))
        counts = newer_fields.counts(self.book.service_tree, fields)
        self.more = newer_view.of_service(self.newer, counts)

    @property
    def drawn(self) -> str:
        """Which fields the page draws: those of one type, or of both. Another type needs another form."""
        return "batch" if self.is_batch else "both" if self.shows_data else "real-time"

    @property
    def picked(self) -> list[Control]:
        """Every control whose value is chosen from a list."""
        places = [self.fields, self.newer, *(place for row in self.rows for place in (row.controls, row.newer))]
        return [control for place in places for control in place.values() if control.picks]

    def waits_for(self, key: str) -> None:
        """The row with this key waits for its model's definition."""
        for row in self.rows:
            if row.fill and row.id == key:
                row.fill = replace(row.fill, reading=True)

    # -- problems

    def place(self, problem: Problem) -> Placed:
        found = tuple(anchors.controls_for(problem.path, self.doc, self.edition))
        blank = problem.path.rpartition(".")[2] in MANDATORY and self.is_blank(problem.path)
        return Placed(problem, found, quiet=blank and problem.severity == BLOCK and not self.loud)

    def is_blank(self, path: str) -> bool:
        place: Any = self.doc["fields"]
        head, _, key = path.rpartition(".")
        if head.startswith("config["):
            at = numbers.place(head[7:-1], len(self.doc["rows"]))
            place = self.doc["rows"][at].get("fields", {}) if at is not None else {}
        elif head == "schedule[0]":
            place = (self.doc["fields"].get("schedule") or [{}])[0]
        return place.get(key, "") == ""

    @property
    def shown(self) -> list[Placed]:
        """What blocks and is said on the page: the summary."""
        return [placed for placed in self.placed if placed.severity == BLOCK and not placed.quiet]

    @property
    def blocking(self) -> int:
        return sum(placed.severity == BLOCK for placed in self.placed)

    @property
    def wrong(self) -> bool:
        """Whether something that blocks was typed, and is not only missing so far."""
        return bool(self.shown)

    @property
    def total_problems(self) -> list[Problem]:
        return self.beside.get(anchors.TOTAL, [])

    @property
    def add_problems(self) -> list[Problem]:
        return self.beside.get(anchors.ADD, [])

    @property
    def more_open(self) -> bool:
        """Whether a newer field of the service says something, or has something said about it."""
        return any(one.text or one.problems for name, one in self.newer.items() if name != "pool_name")

    @property
    def kept_problems(self) -> list[Problem]:
        return self.beside.get(anchors.KEPT, [])

    # -- controls

    def control(self, name: str, kind: str, place: dict[str, Any], key: str) -> Control:
        value = place.get(key, typed.MISSING)
        odd = kind in ("text", "long", "choice") and value is not typed.MISSING and not isinstance(value, str)
        return Control(name, typed.shown(kind, value), self.beside.get(name, []), odd)

    def schedule_controls(self) -> dict[str, Control]:
        items = self.doc["fields"].get("schedule", [])
        usable = isinstance(items, list) and items and isinstance(items[0], dict)
        item = items[0] if usable else {}
        found = {key: self.control(f"schedule-{key}", kind, item, key) for key, kind in typed.SCHEDULE_FIELDS.items()}
        # A type that is not the only possible one needs a control to be put right.
        if not usable or item.get("type") == "stop":
            found["duration"].problems = [*found["duration"].problems, *found["type"].problems]
            del found["type"]
        return found

    def row(self, index: int, row: Row) -> RowView:
        prefix = f"config-{index}"
        whole = self.beside.get(f"{prefix}-kept", [])
        if "raw" in row:
            kept = [Kept(f"config[{index}]", typed.shown("json", row["raw"]))]
            return RowView(index, row["id"], f"model {index + 1}", {}, None, [], kept, raw=True, problems=whole)
        fields = row["fields"]
        controls = {key: self.control(f"{prefix}-{key}", kind, fields, key) for key, kind in typed.ROW_FIELDS.items()}
        name = controls["model_id"].text or f"model {index + 1}"
        variables = [self.variable(prefix, at, one) for at, one in enumerate(row.get("envs", []))]
        kept = list(kept_view.of_row(index, row, self.infer_type, self.book.entry_tree))
        found = RowView(index, row["id"], name, controls, self.custom(prefix, fields), variables, kept, problems=whole)
        found.newer = {
            leaf.name: self.control(f"{prefix}-{leaf.name}", leaf.kind, leaf.place, leaf.key)
            for leaf in newer_fields.leaves(self.book.entry_tree, fields)
        }
        return found

    def variable(self, prefix: str, at: int, one: dict[str, Any]) -> VariableView:
        name = f"{prefix}-envs-{at}"
        value = self.control(f"{name}-value", "long", one, "value")
        return VariableView(at, one["id"], self.control(f"{name}-key", "text", one, "key"), value)

    def custom(self, prefix: str, fields: dict[str, Any]) -> list[tuple[str, str, Control]] | None:
        """Custom resources: only with the specification `custom`, with a pool, or where they hold something."""
        spec = fields.get("custom_spec", {})
        pool = any(place.get(key) for place in (fields, self.doc["fields"]) for key in ("cluster_id", "pool_name"))
        if self.is_batch or not (fields.get("specification") == "custom" or pool or spec):
            return None
        place = spec if isinstance(spec, dict) else {}
        return [
            (label, unit, self.control(f"{prefix}-custom_spec-{key}", typed.SPEC_FIELDS[key], place, key))
            for key, label, unit in CUSTOM
            # The table of 2025 has no Ascend cards any more: there is a box for those that are there already.
            if key != "ascend_a310" or not self.book.has_newer or key in place
        ]


CUSTOM = (
    ("cpu", "CPU", "cores"),
    ("memory", "Memory", "MB"),
    ("gpu_p4", "GPU P4", "cards"),
    ("ascend_a310", "Ascend 310", "cards"),
)
