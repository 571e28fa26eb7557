"""The values of HCL expressions. What Terraform would have to work out stays as text, and is remembered by path."""

import json
from collections.abc import Iterator
from typing import Any

from lark import Token, Tree

from ..places import join, short
from ..refusing import MOST_DIGITS, is_too_long, refuse
from . import hcl_texts

Node = Tree[Token]
MOST_DEEP = 50
_LITERALS = {"true": True, "false": False, "null": None}


def trees(node: Node, *names: str) -> Iterator[Node]:
    """The children of these kinds; of every kind but line ends and comments where none is named."""
    for child in node.children:
        if isinstance(child, Tree) and (child.data in names if names else child.data != "new_line_or_comment"):
            yield child


def start_of(node: Node | Token) -> int:
    """The offset where a part of the source begins."""
    found = node.start_pos if isinstance(node, Token) else getattr(node.meta, "start_pos", 0)
    return found or 0


class Values:
    """Reads expressions of one source; `open` has the paths of what must be replaced by a person."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.open: list[str] = []

    def of(self, node: Node, path: str, *, decodes: bool = False, depth: int = 0) -> Any:
        """The value of an expression. `decodes`: an object inside `jsonencode(…)` counts as the object itself."""
        node = self._bare(node)
        if depth > MOST_DEEP:
            refuse(self.source, start_of(node), f"nested more than {MOST_DEEP} deep.", path)
        kind = str(node.data)
        if kind in ("int_lit", "float_lit") or (kind == "unary_op" and self._is_negative(node)):
            return self._number(node, path)
        if kind == "literal_value":
            return _LITERALS[str(node.children[0]).strip()]
        if kind == "string":
            return self._string(node, path)
        if kind in ("heredoc_template", "heredoc_template_trim"):
            return self._heredoc(node, path)
        if kind == "tuple":
            items = enumerate(trees(node))
            return [self.of(item, join(path, index), decodes=decodes, depth=depth + 1) for index, item in items]
        if kind == "object":
            return self._object(node, path, decodes, depth)
        if kind == "function_call":
            return self._call(node, path, decodes, depth)
        return self._reference(node, path)

    def _bare(self, node: Node) -> Node:
        """An expression without the terms and brackets around it."""
        while node.data == "expr_term":
            inner = list(trees(node))
            if len(inner) != 1:
                break
            node = inner[0]
        return node

    def _raw(self, node: Node) -> str:
        return self.source[start_of(node) : node.meta.end_pos]

    def _reference(self, node: Node, path: str) -> str:
        text = f"${{{self._raw(node).strip()}}}"
        self.open.append(path)
        return text

    def _is_negative(self, node: Node) -> bool:
        return str(node.children[0]) == "-" and self._bare(next(trees(node))).data in ("int_lit", "float_lit")

    def _number(self, node: Node, path: str) -> int | float:
        sign = -1 if node.data == "unary_op" else 1
        bare = self._bare(next(trees(node))) if sign < 0 else node
        text = str(bare.children[0])
        if is_too_long(text):
            refuse(self.source, start_of(node), f"a number with more than {MOST_DIGITS} digits.", path)
        return sign * (int(text) if bare.data == "int_lit" else float(text))

    def _string(self, node: Node, path: str) -> str:
        found, is_open = [], False
        for part in trees(node, "string_part"):
            inner = part.children[0]
            if isinstance(inner, Token):
                found.append(hcl_texts.plain(self.source, start_of(inner), str(inner)))
            else:
                found.append(self._raw(part))
                is_open = True
        text = "".join(found)
        if is_open:
            self.open.append(path)
        return text

    def _heredoc(self, node: Node, path: str) -> str:
        text, is_open = hcl_texts.heredoc(str(node.children[0]), is_indented=node.data == "heredoc_template_trim")
        if is_open:
            self.open.append(path)
        return text

    def _object(self, node: Node, path: str, decodes: bool, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for element in trees(node, "object_elem"):
            named, value = trees(element)
            key = self._key(named, path)
            if key in found:
                refuse(self.source, start_of(named), f'"{short(key)}" stands twice. Keep one.', join(path, key))
            found[key] = self.of(value, join(path, key), decodes=decodes, depth=depth + 1)
        return found

    def _key(self, named: Node, path: str) -> str:
        inner = next(trees(named))
        bare = self._bare(inner)
        if bare.data == "string":
            return self._string(bare, path)
        # A bare word is a name here, also where it would be a reference as a value; one in brackets is worked out.
        is_word = bare.data in ("identifier", "keyword", "literal_value", "int_lit")
        if is_word and not any(isinstance(child, Token) and child == "(" for child in inner.children):
            return str(bare.children[0]).strip()
        return self._reference(bare, path)

    def _call(self, node: Node, path: str, decodes: bool, depth: int) -> Any:
        """`jsonencode` of what stands there is worked out; every other function stays as text."""
        given = [part for part in trees(node, "arguments") for part in trees(part)]
        if str(next(trees(node)).children[0]) != "jsonencode" or len(given) != 1:
            return self._reference(node, path)
        value = self.of(given[0], path, decodes=decodes, depth=depth + 1)
        if decodes:
            return value
        # As Terraform writes it: sorted, without spaces, and fit to stand in HTML.
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
