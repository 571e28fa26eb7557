"""Colours: the pairs in use have the contrast WCAG 2.2 AA asks for, 4.5 for text, 3 for edges and marks."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"

PAIRS = [
    ("ink", "surface", 4.5), ("ink-2", "surface", 4.5), ("ink-2", "ground", 4.5), ("ink-3", "surface", 4.5),
    ("ink-3", "ground", 4.5), ("ink-3", "raised", 4.5), ("ink-3", "hover", 4.5), ("ink-3", "accent-tint", 4.5),
    ("ink-2", "accent-tint", 4.5), ("ink-2", "quiet-tint", 4.5), ("ink-3", "quiet-tint", 4.5),
    ("ink-2", "warn-tint", 4.5),
    ("accent", "surface", 4.5), ("accent", "ground", 4.5), ("accent", "accent-tint", 4.5),
    ("on-accent", "accent-fill", 4.5), ("on-accent", "accent-fill-2", 4.5), ("on-accent", "alarm-fill", 4.5),
    ("good", "surface", 4.5), ("good", "good-tint", 4.5), ("warn", "surface", 4.5), ("warn", "warn-tint", 4.5),
    ("alarm", "surface", 4.5), ("alarm", "alarm-tint", 4.5), ("alarm", "raised", 4.5), ("alarm", "ground", 4.5),
    ("ink-3", "alarm-tint", 4.5), ("ink-2", "alarm-tint", 4.5), ("share-1-ink", "share-1", 4.5),
    ("share-ink", "share-2", 4.5), ("share-ink", "share-3", 4.5), ("share-ink", "share-4", 4.5),
    ("share-ink", "share-5", 4.5), ("share-ink", "share-6", 4.5), ("edge", "surface", 3), ("edge", "raised", 3),
    ("focus", "surface", 3), ("focus", "ground", 3), ("accent-fill", "ground", 3),
]  # fmt: skip


def colours(theme: int) -> dict[str, str]:
    """Each colour of the tokens in this theme: 0 light, 1 dark."""
    text = TOKENS.read_text()
    pairs = re.findall(r"--([\w-]+):light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    alone = re.findall(r"--([\w-]+):(#[0-9a-f]{6});", text)
    return {name: (light, dark)[theme] for name, light, dark in pairs} | dict(alone)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=lambda value: str(value))
def test_a_pair_of_colours_can_be_read(theme, front, back, least):
    found = colours(theme)
    dark, light = sorted((luminance(found[front]), luminance(found[back])))
    assert (light + 0.05) / (dark + 0.05) >= least
