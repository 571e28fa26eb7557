"""What the composer's page shows of a draft: texts for controls, and each problem beside the control it is about.

Plain objects drawn by plain templates: bound forms for 200 rows would cost ten times as much.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from deployer.domain import typed
from deployer.domain.places import join
from deployer.domain.problems import BLOCK, Problem
from deployer.domain.tables import BATCH, REAL_TIME, of_other_type
from deployer.web import anchors

Doc = dict[str, Any]
Row = dict[str, Any]

# Blank and mandatory: said beside the field only once somebody asked, so that an empty form does not scream.
MANDATORY = {"service_name", "infer_type", "model_id", "specification", "instance_count", "weight"}
MANDATORY |= {"src_path", "dest_path", "req_uri", "mapping_type", "duration", "time_unit"}


@dataclass(frozen=True)
class Placed:
    """A problem, and the id of the control it leads to."""

    problem: Problem
    anchors: tuple[str, ...]
    quiet: bool  # about something that was not typed yet

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def severity(self) -> str:
        return self.problem.severity

    @property
    def anchor(self) -> str:
        return self.anchors[0] if self.anchors else ""


@dataclass
class Control:
    """One control: its id (also its name), its text, what is wrong. `odd`: its value is no text where one is due."""

    id: str
    text: str
    problems: list[Problem]
    odd: bool = False

    @property
    def wrong(self) -> bool:
        return any(problem.severity == BLOCK for problem in self.problems)


@dataclass
class Kept:
    """Something the form has no control for: shown, kept, and left out on demand."""

    path: str
    text: str
    sent: bool = True


@dataclass
class VariableView:
    index: int
    id: str
    key: Control
    value: Control

    @property
    def number(self) -> int:
        return self.index + 1


@dataclass
class RowView:
    """One model of the page."""

    index: int
    id: str
    name: str
    controls: dict[str, Control]
    custom: list[tuple[str, str, Control]] | None  # label, unit, control; None while nothing asks for them
    variables: list[VariableView]
    kept: list[Kept] = field(default_factory=list)
    raw: bool = False
    problems: list[Problem] = field(default_factory=list)  # of the whole row, or of what is kept of it
    variable_rows: Callable[[], str] = str  # set by the page, which knows where buttons post to
    pasted: str = ""  # text for variables that could not be taken over

    @property
    def prefix(self) -> str:
        return f"config-{self.index}"

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def number_text(self) -> str:
        return str(self.number)

    @property
    def custom_fields(self) -> list[tuple[Control, str, str]]:
        return [(control, label, unit) for label, unit, control in self.custom or []]

    @property
    def custom_open(self) -> bool:
        wanted = self.controls["specification"].text == "custom"
        return wanted or any(control.text or control.problems for _, _, control in self.custom or [])

    @property
    def source_types(self) -> list[tuple[str, str]]:
        return options_for(self.controls["src_type"].text, [("", "a folder"), ("ManifestFile", "ManifestFile")])

    @property
    def mapping_types(self) -> list[tuple[str, str]]:
        known = [("", "not chosen"), ("file", "file: one request per file"), ("csv", "csv: one request per row")]
        return options_for(self.controls["mapping_type"].text, known)

    @property
    def mapping_lines(self) -> int:
        """Room for the rule as it is, within reason."""
        return max(4, min(24, self.controls["mapping_rule"].text.count("\n") + 1))

    @property
    def pool_open(self) -> bool:
        control = self.controls.get("cluster_id")
        return bool(control and (control.text or control.problems))

    @property
    def variables_open(self) -> bool:
        return bool(self.variables) and (
            len(self.variables) <= 12 or any(one.key.problems or one.value.problems for one in self.variables)
        )


def options_for(text: str, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices, and what is there if it is none of them: it is shown as it came."""
    return options if text in [value for value, _ in options] else [(text, text), *options]


class FormView:
    """The whole form. `loud`: also say what is still blank."""

    def __init__(self, doc: Doc, problems: Sequence[Problem], *, loud: bool) -> None:
        self.doc, self.loud = doc, loud
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
        self.schedule = self.schedule_controls()
        self.rows = [self.row(index, row) for index, row in enumerate(doc["rows"])]
        self.kept = list(self.kept_of_service())

    @property
    def drawn(self) -> str:
        """Which fields the page draws: those of one type, or of both. Another type needs another form."""
        return "batch" if self.is_batch else "both" if self.shows_data else "real-time"

    # -- problems

    def place(self, problem: Problem) -> Placed:
        found = tuple(anchors.controls_for(problem.path, self.doc))
        blank = problem.path.rpartition(".")[2] in MANDATORY and self.is_blank(problem.path)
        return Placed(problem, found, quiet=blank and problem.severity == BLOCK and not self.loud)

    def is_blank(self, path: str) -> bool:
        place: Any = self.doc["fields"]
        head, _, key = path.rpartition(".")
        if head.startswith("config["):
            place = self.doc["rows"][int(head[7:-1])].get("fields", {}) if head[7:-1].isdigit() else {}
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
        kept = list(self.kept_of_row(index, row))
        return RowView(index, row["id"], name, controls, self.custom(prefix, fields), variables, kept, problems=whole)

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
        ]

    # -- what has no control

    def kept_of_service(self) -> Iterator[Kept]:
        fields = self.doc["fields"]
        for key in fields:
            if key not in typed.FIELDS and key != "schedule":
                yield Kept(join("", key), typed.shown("json", fields[key]))
        if "raw_config" in self.doc:
            yield Kept("config", typed.shown("json", self.doc["raw_config"]))
        yield from self.kept_of_schedule(fields.get("schedule", []))

    def kept_of_schedule(self, items: Any) -> Iterator[Kept]:
        if not isinstance(items, list) or (items and not isinstance(items[0], dict)):
            yield Kept("schedule", typed.shown("json", items))
            return
        for index, item in enumerate(items):
            if index:
                yield Kept(f"schedule[{index}]", typed.shown("json", item))
                continue
            for key in item:
                if key not in typed.SCHEDULE_FIELDS:
                    yield Kept(join("schedule[0]", key), typed.shown("json", item[key]))

    def kept_of_row(self, index: int, row: Row) -> Iterator[Kept]:
        path, fields = f"config[{index}]", row["fields"]
        for key, value in fields.items():
            stray = of_other_type(key, self.infer_type)
            if key == "custom_spec" and isinstance(value, dict) and not stray:
                for inner in value:
                    if inner not in typed.SPEC_FIELDS:
                        yield Kept(join(f"{path}.custom_spec", inner), typed.shown("json", value[inner]))
            elif key not in typed.ROW_FIELDS or (stray and value != ""):
                yield Kept(join(path, key), typed.shown("json", value), sent=not stray)
        if "raw_envs" in row:
            yield Kept(f"{path}.envs", typed.shown("json", row["raw_envs"]))


CUSTOM = (
    ("cpu", "CPU", "cores"),
    ("memory", "Memory", "MB"),
    ("gpu_p4", "GPU P4", "cards"),
    ("ascend_a310", "Ascend 310", "cards"),
)
