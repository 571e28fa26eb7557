"""Whole numbers in what was posted, asked for or reported: plain digits, and no more than any number here has.

`str.isdigit` also takes "²", which `int` refuses, and `int` refuses thousands of digits.
"""

import re

LARGEST = 2**63 - 1  # what the databases can look up
MOST_VERSIONS = 999_999_999  # of one deployment; revisions too


def whole(text: str | None, most: int = LARGEST) -> int | None:
    """The number a text is, or None where it is none or larger than `most`."""
    number = int(text) if text and re.fullmatch("[0-9]{1,19}", text) else None
    return number if number is not None and number <= most else None


def place(text: str, length: int) -> int | None:
    """The place in a list of this length, or None."""
    return whole(text, length - 1)
