"""A draft in a few words: what stands beside it on the page."""

import re
from collections.abc import Sequence

from deployer.domain import typed
from deployer.web import numbers
from deployer.web.form_view import FormView
from deployer.web.row_view import RowView

_WHOLE = re.compile(r"(-?[0-9]{1,30})(?:\.0{1,15})?")


def points(row: RowView) -> int:
    """The weight as the live total counts it (static/js/weights.js): a whole number as typed, else nothing."""
    text = row.controls["weight"].text.strip(typed.BLANKS)
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found else 0


def capacity(rows: Sequence[RowView]) -> str:
    """ "3 × gpu.p4, ? × custom": instances by specification."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if not row.raw:
            found.setdefault(row.controls["specification"].text or "?", []).append(row.controls["instance_count"].text)
    parts = []
    for specification, counts in list(found.items())[:4]:
        known = [numbers.whole(count, 999_999) for count in counts]
        many = "?" if None in known else str(sum(count or 0 for count in known))
        parts.append(f"{many} × {specification.removeprefix('modelarts.vm.')}")
    if len(found) > 4:
        parts.append(f"{len(found) - 4} more")
    return ", ".join(parts).replace("? × ?", "not said yet") or "none"


def auto_stop(form: FormView) -> str:
    duration, unit = form.schedule["duration"].text, form.schedule["time_unit"].text
    if not duration and not unit:
        return "none, runs on"
    return f"{duration or '?'} {unit.lower() or '?'} after start"
