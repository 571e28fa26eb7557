"""Figures as people read them: a true minus, a thin gap before the percent sign, groups of three."""

from __future__ import annotations

from typing import Any

MINUS = "\u2212"
THIN = "\u202f"  # narrow and unbreakable: the sign stays with its number


def true_minus(value: Any) -> str:
    """The number with a minus sign as wide as a plus, instead of a hyphen."""
    text = str(value)
    return MINUS + text[1:] if text.startswith("-") else text


def signed(value: Any) -> str:
    """A difference: always with its sign, nothing when there is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return ""
    if number == 0:
        return ""
    return true_minus(value) if number < 0 else f"+{value}"


def percent(value: Any) -> str:
    """A number with its percent sign; nothing for what is unknown, since no percent is guessed."""
    return "" if value is None or value == "" else f"{true_minus(value)}{THIN}%"


def grouped(value: Any) -> str:
    """A whole number in groups of three: 1,284."""
    try:
        return true_minus(f"{int(value):,}")
    except (TypeError, ValueError):
        return str(value)


def counted(value: Any, words: str) -> str:
    """A number and its noun: `{{ 3|counted:"model,models" }}` says "3 models"; none says "no models"."""
    one, _, many = words.partition(",")
    many = many or f"{one}s"
    if value == 0:
        return f"no {many}"
    return f"{grouped(value)} {one if value == 1 else many}"


def short_print(fingerprint: Any) -> str:
    """The first sixteen signs of a fingerprint in fours: "7f3a 91c2 04de b81a". The page holds the whole one."""
    head = str(fingerprint or "")[:16]
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))
