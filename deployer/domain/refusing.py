"""How text is refused: with a sentence, and by place."""

from typing import NoReturn

MOST_DIGITS = 30


class Unreadable(ValueError):
    """Text that is refused before anybody looks at its meaning.

    `message` is a sentence for people and names line and column where they are known; `path` is the place of a
    refused value, or "" where the text is not JSON at all. Lines and columns (in characters) count from 1.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None, path: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.path = message, line, column, path


def refuse(text: str, at: int, words: str, path: str = "") -> NoReturn:
    """Raise Unreadable for what stands at this offset."""
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    raise Unreadable(f"Line {line}, column {column}: {words}", line, column, path)


def is_too_long(number: str) -> bool:
    """Whether a number, written out without an exponent, has more than 30 digits before or after the point."""
    mantissa, _, exponent = number.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if len(whole) + len(fraction) > MOST_DIGITS:
        return True
    if not exponent or not digits:
        return False
    if len(exponent.lstrip("+-0")) > 4:
        return True
    shift = int(exponent)
    before = len(whole.lstrip("0")) + shift if whole.strip("0") else shift - (len(fraction) - len(digits))
    return before > MOST_DIGITS or len(fraction) - shift > MOST_DIGITS
