"""The stacked bar of traffic, worked out for SVG attributes: no style attribute, so the strict policy holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

LOOKS = 6  # colours and patterns; the seventh share looks like the first and is told apart by name and number
NAME_FITS, NUMBER_FITS = 16, 3  # percent of the bar's width
SIGN, AROUND = 0.9, 4.5  # a letter, and the room around name and number, in percent of a bar on a wide page

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def look(index: int) -> int:
    """Which of the looks the share in this place (from 0) wears."""
    return index % LOOKS + 1


def brief(name: str) -> str:
    """What a share is called in bar and legend: of a bare id its beginning, which tells two apart."""
    return f"{name[:8]}…" if _ID.fullmatch(name) else name


def _of(share: Any, key: str) -> Any:
    return share.get(key) if isinstance(share, dict) else getattr(share, key, None)


def _points(share: Any) -> int:
    """The weight as a whole number; what is not one counts nothing, as in the live total."""
    weight = _of(share, "weight")
    return weight if isinstance(weight, int) and not isinstance(weight, bool) and weight > 0 else 0


def _part(name: str, weight: int, wears: int | str, start: float, whole: int) -> dict[str, Any]:
    width = 100 * weight / whole
    return {
        "name": name,
        "weight": weight,
        "look": wears,
        "x": f"{start:.2f}",
        "width": f"{width:.2f}",
        "named": wears != "left" and width > max(NAME_FITS, (len(name) + len(str(weight))) * SIGN + AROUND),
        "numbered": width > NUMBER_FITS,
    }


def parts(shares: Iterable[Any] | None) -> list[dict[str, Any]]:
    """Each share with its place in the bar, in percent of the width; what is missing to 100 stands at the end."""
    rows = [(str(_of(share, "name") or ""), _points(share)) for share in shares or ()]
    total = sum(weight for _, weight in rows)
    whole = max(100, total)
    found, start = [], 0.0
    for index, (name, weight) in enumerate(rows):
        if weight:
            found.append(_part(name, weight, look(index), start, whole))
            start += 100 * weight / whole
    if rows and total < 100:
        found.append(_part("left", 100 - total, "left", start, whole))
    return found


def in_words(shares: Iterable[Any] | None) -> str:
    """The bar for those who do not see it: "4.1.3 60, 4.2.0 25, left 15"."""
    return ", ".join(f"{part['name']} {part['weight']}" for part in parts(shares))


def of_100(total: int) -> str:
    """The live total in words, the number first: the same sentence as the script's, so nothing jumps."""
    if total == 100:
        return "100 of 100"
    return f"{total} of 100, {100 - total} left" if total < 100 else f"{total} of 100, {total - 100} too much"
