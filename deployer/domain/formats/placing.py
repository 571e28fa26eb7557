"""Text that was put together from pieces of a pasted one, and still knows where each sign of it stood."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Placed:
    """A text and its places: runs of (offset in the text, offset in the source), each one to one."""

    text: str = ""
    at: int = 0  # where it begins in the source
    runs: list[tuple[int, int]] = field(default_factory=list)

    def place(self, offset: int) -> int:
        """Where the sign at this offset stood in the source."""
        index = bisect_right(self.runs, (offset, float("inf"))) - 1
        if index < 0:
            return self.at
        start, source = self.runs[index]
        return source + offset - start

    def tail(self, count: int) -> "Placed":
        """The same without its first signs."""
        cut = max(0, bisect_right(self.runs, (count, float("inf"))) - 1)
        rest = [(start - count, source) for start, source in self.runs[cut:]]
        return Placed(self.text[count:], self.place(count), rest)


class Builder:
    """Puts a placed text together, piece by piece."""

    def __init__(self, at: int) -> None:
        self.at, self.length = at, 0
        self.pieces: list[str] = []
        self.runs: list[tuple[int, int]] = []

    def add(self, text: str, source: int) -> None:
        """Text that stands in the source as it is, or begins there where it is written otherwise."""
        if text:
            self.pieces.append(text)
            self.runs.append((self.length, source))
            self.length += len(text)

    def done(self) -> Placed:
        return Placed("".join(self.pieces), self.at, self.runs)


def joined(parts: Iterable[Placed], by: str) -> Placed:
    """Several texts as one."""
    found = list(parts)
    builder = Builder(found[0].at if found else 0)
    for index, part in enumerate(found):
        if index:
            builder.add(by, part.at)
        start = builder.length
        builder.pieces.append(part.text)
        builder.runs += [(start + offset, source) for offset, source in part.runs]
        builder.length += len(part.text)
    return builder.done()
