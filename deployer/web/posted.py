"""A posted composer form, taken apart by the names of its controls (see CONTRACT: form fields carry the API's names).

Counts of rows that are missing or senseless are tolerated: then what is there counts. Too much is refused by a
sentence, and what was typed stays on the page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from deployer.domain import draft as drafts

MOST_FIELDS = 20_000
MOST_BYTES = 5_000_000
PREFIX = "config"
LISTED = "smn_notification-events"  # the one control of several boxes

_OF_ROW = re.compile(r"config-([0-9]{1,6})-(.+)", re.DOTALL)
_OF_VARIABLE = re.compile(r"envs-([0-9]{1,6})-(key|value|id)")


@dataclass
class PostedVariable:
    """One environment variable: its texts, and its key where it is not new."""

    prefix: str
    key: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        return any(self.fields.values())


@dataclass
class PostedRow:
    """One model: its texts by the names of the API, its variables, and its key where it is not new."""

    number: int  # from 1, as people count
    prefix: str
    key: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    variables: list[PostedVariable] = field(default_factory=list)
    counts_variables: bool = False

    @property
    def title(self) -> str:
        return self.fields.get("model_id", "")

    @property
    def says_something(self) -> bool:
        return any(self.fields.values()) or any(one.says_something for one in self.variables)


@dataclass
class Posted:
    """The whole form."""

    fields: dict[str, str]
    rows: list[PostedRow]
    counts_rows: bool


def take_apart(post: QueryDict) -> Posted:
    """The texts of a post, by place. The last of several equal names counts; boxes of one list make one text."""
    texts = {name: joined(post.getlist(name)) if name.endswith(LISTED) else post[name] for name in post}
    by_row: dict[int, dict[str, str]] = {}
    for name, text in texts.items():
        if found := _OF_ROW.fullmatch(name):
            by_row.setdefault(int(found[1]), {})[found[2]] = text
    claimed = count(texts.get(f"{PREFIX}-TOTAL_FORMS"))
    rows = [
        row_of(place, index, by_row[index])
        for place, index in enumerate(sorted(by_row), 1)
        if claimed is None or index < claimed
    ]
    fields = {name: text for name, text in texts.items() if not name.startswith(f"{PREFIX}-")}
    return Posted(fields, rows, counts_rows=claimed is not None)


def joined(texts: list[str]) -> str:
    """The boxes that are checked as one list: "1, 3". An empty text only says that there were boxes."""
    return ", ".join(text for text in texts if text)


def row_of(number: int, index: int, texts: Mapping[str, str]) -> PostedRow:
    row = PostedRow(number, f"{PREFIX}-{index}", key=texts.get("key", ""))
    claimed = count(texts.get("envs-TOTAL_FORMS"))
    row.counts_variables = claimed is not None
    by_variable: dict[int, PostedVariable] = {}
    for name, text in texts.items():
        found = _OF_VARIABLE.fullmatch(name)
        if not found:
            row.fields[name] = text
        elif claimed is None or int(found[1]) < claimed:
            at = int(found[1])
            one = by_variable.setdefault(at, PostedVariable(f"{row.prefix}-envs-{at}"))
            if found[2] == "id":
                one.key = text
            else:
                one.fields[found[2]] = text
    row.variables = [by_variable[at] for at in sorted(by_variable)]
    for bookkeeping in ("key", "envs-TOTAL_FORMS", "envs-INITIAL_FORMS"):
        row.fields.pop(bookkeeping, None)
    return row


def count(text: str | None) -> int | None:
    """A count of rows, or None where it is missing or senseless."""
    if text is None or not re.fullmatch(r"[0-9]{1,6}", text):
        return None
    return int(text)


def too_much(post: QueryDict) -> str:
    """Why this is more than one deployment may have, in a sentence; empty if it fits."""
    return next(reasons(post), "")


def reasons(post: QueryDict) -> Iterator[str]:
    fields = sum(len(post.getlist(name)) for name in post)
    if fields > MOST_FIELDS:
        yield f"The form has {fields:,} fields. At most {MOST_FIELDS:,} are taken. Nothing was saved."
    size = sum(len(name) + sum(len(text.encode("utf-8", "replace")) for text in post.getlist(name)) for name in post)
    if size > MOST_BYTES:
        yield f"The form has {size:,} bytes. At most {MOST_BYTES:,} are taken. Nothing was saved."
    posted = take_apart(post)
    rows = max(len(posted.rows), count(post.get(f"{PREFIX}-TOTAL_FORMS")) or 0)
    if rows > drafts.MOST_ROWS:
        yield f"Here are {rows} models. At most {drafts.MOST_ROWS} fit into one deployment. Nothing was saved."
    for row in posted.rows:
        if len(row.variables) > drafts.MOST_VARIABLES:
            yield (
                f"Model {row.number} has {len(row.variables):,} environment variables. "
                f"At most {drafts.MOST_VARIABLES:,} fit. Nothing was saved."
            )
