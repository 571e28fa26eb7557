"""One model of the composer's page, and one of its environment variables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deployer.domain.problems import Problem
from deployer.web import newer_view
from deployer.web.controls import Control, Kept, options_for
from deployer.web.shares import brief


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
    fill: Any = None  # what its model's definition says of a batch job's fields (web/filling.py)
    pasted: str = ""  # text for variables that could not be taken over
    newer: dict[str, Control] = field(default_factory=dict)  # by the API's names; empty where the edition has none

    @property
    def prefix(self) -> str:
        return f"config-{self.index}"

    @property
    def short_name(self) -> str:
        stand = self.controls["model_id"].stand if self.controls else None
        return stand.name if stand and stand.name else brief(self.name)

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
        pools = [self.controls.get("cluster_id"), self.newer.get("pool_name")]
        return any(one.text or one.problems for one in pools if one)

    @property
    def pool(self) -> str:
        """The pool this model names itself; a name counts before an id."""
        newer = self.newer.get("pool_name")
        return (newer.text if newer else "") or self.controls["cluster_id"].text

    @property
    def more(self) -> list[newer_view.Field]:
        return newer_view.of_row(self.newer)

    @property
    def more_open(self) -> bool:
        return any(one.control.text or one.control.problems for one in self.more)

    @property
    def variables_open(self) -> bool:
        return bool(self.variables) and (
            len(self.variables) <= 12 or any(one.key.problems or one.value.problems for one in self.variables)
        )
