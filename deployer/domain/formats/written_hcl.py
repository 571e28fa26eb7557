"""A request as a Terraform block. What the provider has no argument for is kept in comments (see `hcl_kept`)."""

import json
import re
from typing import Any

from . import hcl_kept
from .facts import Facts
from .hcl_kept import Steps
from .hcl_texts import quoted
from .provider import RESOURCE, SERVICE, Inner, Shape

_HEAD = "# For the Terraform provider huaweicloud/huaweicloud.\n"
_KEPT = """\
# The lines that begin with "# keep" hold what this provider has no argument for. Terraform does not send it;
# Deployer reads it again when this text is imported.
"""
_ZEROS = "# The provider leaves out a weight or a duration of 0.\n"
_NAME = re.compile(r"[^A-Za-z0-9_-]")


def write(body: dict[str, Any], facts: Facts) -> str:
    """The block. `read` gives the body back; the region is the provider's and no part of it."""
    writer = _Writer()
    writer.block(body, SERVICE, (), "  ")
    region = [f"  region = {quoted(facts.region)}"] if facts.region else []
    kept = [f"  {hcl_kept.line(steps, value)}" for steps, value in writer.kept]
    lines = [*region, *writer.lines, *kept]
    head = _HEAD + (_KEPT if kept else "") + (_ZEROS if writer.has_zeros else "")
    return f'{head}resource "{RESOURCE}" "{_label(body)}" {{\n' + "".join(f"{line}\n" for line in lines) + "}\n"


def _label(body: dict[str, Any]) -> str:
    """A name for the block inside Terraform; it is no part of the request."""
    name = body.get("service_name")
    label = _NAME.sub("_", name)[:64] if isinstance(name, str) else ""
    return label if re.match(r"[A-Za-z_]", label) else "service"


class _Writer:
    """Collects the lines of a block, and what fits none of them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.kept: list[tuple[Steps, Any]] = []
        self.has_zeros = False

    def block(self, value: dict[str, Any], shape: Shape, steps: Steps, indent: str) -> None:
        """Arguments first, then blocks, both in the order of the documentation; the rest is kept."""
        for key, fits in shape.arguments.items():
            if key in value and fits(value[key]):
                self._argument(shape.names.get(key, key), value[key], indent)
        for key, inner in shape.blocks.items():
            if key in value:
                self._inner(key, value[key], inner, (*steps, key), indent)
        for key in sorted(value):
            fits_argument = key in shape.arguments and shape.arguments[key](value[key])
            if not fits_argument and key not in shape.blocks:
                self.kept.append(((*steps, key), value[key]))

    def _argument(self, name: str, value: Any, indent: str) -> None:
        self.has_zeros |= name in ("weight", "duration") and value == 0
        if not isinstance(value, dict):
            self.lines.append(f"{indent}{name} = {_expression(value)}")
            return
        self.lines.append(f"{indent}{name} = {{")
        self.lines += [f"{indent}  {quoted(key)} = {quoted(value[key])}" for key in sorted(value)]
        self.lines.append(f"{indent}}}")

    def _inner(self, key: str, value: Any, inner: Inner, steps: Steps, indent: str) -> None:
        items = value if inner.is_list else [value]
        fits = isinstance(items, list) and items and all(isinstance(item, dict) for item in items[: inner.most])
        if not fits:
            self.kept.append((steps, value))
            return
        for index, item in enumerate(items):
            place = (*steps, index) if inner.is_list else steps
            if index >= inner.most:
                self.kept.append((place, item))
                continue
            self.lines.append(f"{indent}{key} {{")
            self.block(item, inner.shape, place, indent + "  ")
            self.lines.append(f"{indent}}}")


def _expression(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_expression, value)) + "]"
    return json.dumps(value)
