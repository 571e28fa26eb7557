"""Sample files: the six requests of the API document, and cases of weight arithmetic.

`NAME.json`: the sample requests of CreateService, as printed there (weights quoted, empty descriptions kept).
`weights.json`: a list of {"op": "total" | "remainder" | "equalise" | "spread" | "linked", "weights": [numbers, null is
a blank], "locked": [rows], "result": a number or a list}; "linked" also has "row" and "value". Python and the browser's
custom element are run against it. The rows of "equalise" keep their weight where they are locked.
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NAMES = ("real-time", "multi-version", "dedicated-pool", "auto-stop", "batch-file", "batch-csv")


def sample(name: str) -> dict[str, Any]:
    """A fresh copy of a sample request."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def text_of(name: str) -> str:
    """The text of a sample request."""
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def weight_cases() -> list[dict[str, Any]]:
    """The cases of weight arithmetic."""
    return json.loads((FOLDER / "weights.json").read_text(encoding="utf-8"))
