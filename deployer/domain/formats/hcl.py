"""The body of a request from a Terraform block `huaweicloud_modelarts_service`.

The grammar is python-hcl2's. Its tree is read here and not its dictionaries: those lose repeated names and places.
"""

import re
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ..places import join, short
from ..refusing import Unreadable, refuse
from . import hcl_kept
from .hcl_values import MOST_DEEP, Node, Values, start_of, trees
from .provider import ANY_BLOCK, LEFT_OUT, RESOURCE, SERVICE, Inner, Shape

__all__ = ["RESOURCE", "read"]

MOST_BYTES = 100_000  # the grammar takes about a second for 50,000 of them
# Its pattern for heredocs takes time by the square of a row of blanks.
_BLANKS = re.compile(r"\s{2000}")
_UNFIT = re.compile("[\0\ud800-\udfff]")


def read(source: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body of the one block in a text, and notes for people; or raise Unreadable by place."""
    _must_fit(source)
    top = next(trees(_tree(source), "body"))
    blocks = [block for block in trees(top, "block") if _labels(block)[:2] == _WANTED]
    if not blocks:
        raise Unreadable(f"There is no {RESOURCE} block. Paste the whole block, from its first line on.")
    if len(blocks) > 1:
        named = ", ".join(short((_labels(block) + ["without a name"])[2]) for block in blocks[:10])
        at = start_of(blocks[1])
        refuse(source, at, f"the text has {len(blocks)} services ({named}). Paste one of them.")
    reader = _Blocks(source)
    content = next(trees(blocks[0], "body"))
    body = reader.block(content, SERVICE, "")
    for comment in _comments(content):
        hcl_kept.put_back(source, str(comment), start_of(comment), body)
    return body, tuple(reader.notes())


_WANTED = ["resource", RESOURCE]


def _must_fit(source: str) -> None:
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise Unreadable(f"The block has {size:,} bytes. At most {MOST_BYTES:,} are read; as JSON it may have more.")
    if found := _UNFIT.search(source):
        words = "the character NUL is" if found.group() == "\0" else "half a character (a lone surrogate) is"
        refuse(source, found.start(), f"{words} not allowed.")
    if found := _BLANKS.search(source):
        refuse(source, found.start(), "more than 2,000 blanks or empty lines follow each other. Take some out.")


def _tree(source: str) -> Node:
    import hcl2  # here, since it is wanted seldom and takes a while to load

    try:
        return hcl2.parses_to_tree(source)
    except UnexpectedToken as error:
        at, seen = error.pos_in_stream or 0, str(error.token).split("\n")[0].strip()
        if error.token.type == "$END" or at >= len(source):
            refuse(source, len(source), "the text ends too early. A brace or a quote is missing.")
        refuse(source, at, f'"{short(seen, 20)}" cannot stand here.' if seen else "something is missing here.")
    except UnexpectedCharacters as error:
        refuse(source, min(error.pos_in_stream or 0, len(source)), "this cannot stand here.")
    except UnexpectedInput as error:
        raise Unreadable("This cannot be read as HCL.") from error


def _labels(block: Node) -> list[str]:
    """The words of a block before its brace: `resource`, its type, its name."""
    named = trees(block, "identifier", "keyword", "literal_value", "string")
    return ["".join(str(token) for token in one.scan_values(lambda _: True)).strip('" \t\r') for one in named]


def _comments(content: Node) -> list[Token]:
    """The comments that stand in a block itself, and in none of its blocks."""
    found = [token for part in trees(content, "new_line_or_comment") for token in part.children]
    return [token for token in found if isinstance(token, Token) and token.startswith("#")]


class _Blocks:
    """Reads blocks into objects of the API."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.values = Values(source)
        self.left_out: list[str] = []
        self.has_dynamic = False

    def block(self, content: Node, shape: Shape, path: str, depth: int = 0) -> dict[str, Any]:
        """The object of what stands between the braces. Arguments that are `null` are not there, as in Terraform."""
        found: dict[str, Any] = {}
        inner: dict[str, list[Node]] = {}
        for part in trees(content, "attribute", "block"):
            name = _labels(part)[0]
            if name == "dynamic" and part.data == "block":
                self.has_dynamic = True
            elif shape is SERVICE and name in LEFT_OUT:
                self.left_out.append(name)
            elif part.data == "attribute":
                self._attribute(part, shape.api_name(name), path, found)
            else:
                inner.setdefault(name, []).append(part)
        for name, parts in inner.items():
            found[name] = self._inner(parts, name, shape, path, found, depth + 1)
        return {key: value for key, value in found.items() if value is not None}

    def _attribute(self, part: Node, key: str, path: str, found: dict[str, Any]) -> None:
        self._must_be_new(part, key, path, found)
        value = list(trees(part))[-1]
        found[key] = self.values.of(value, join(path, key), decodes=key == "mapping_rule")

    def _inner(self, parts: list[Node], name: str, shape: Shape, path: str, found: dict[str, Any], depth: int) -> Any:
        """The blocks of one name: an object, or a list of them; unknown ones are a list where there are several."""
        known = shape.blocks.get(name, Inner(ANY_BLOCK, is_list=len(parts) > 1))
        place = join(path, name)
        if depth > MOST_DEEP:
            refuse(self.source, start_of(parts[0]), f"nested more than {MOST_DEEP} deep.", place)
        self._must_be_new(parts[0], name, path, found)
        contents = [next(trees(part, "body")) for part in parts]
        if known.is_list:
            return [
                self.block(content, known.shape, join(place, index), depth) for index, content in enumerate(contents)
            ]
        if len(parts) > 1:
            self._must_be_new(parts[1], name, path, {name: contents[0]})
        return self.block(contents[0], known.shape, place, depth)

    def _must_be_new(self, part: Node, key: str, path: str, found: dict[str, Any]) -> None:
        if key in found:
            refuse(self.source, start_of(part), f'"{short(key)}" stands twice. Keep one.', join(path, key))

    def notes(self) -> list[str]:
        """What a person should know about the block."""
        notes = []
        if self.values.open:
            # Paths alone: around a reference there may stand half a secret.
            paths = list(dict.fromkeys(self.values.open))
            named = ", ".join(short(path, 80) for path in paths[:5])
            more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
            notes.append(f"Terraform would look up {named}{more}. The text stays as it is: put the values in.")
        if self.left_out:
            named = ", ".join(dict.fromkeys(self.left_out))
            notes.append(f"Left out, since it is about Terraform and no part of a request: {named}.")
        if self.has_dynamic:
            notes.append("Left out: blocks that are dynamic. Write out what they stand for.")
        return notes
