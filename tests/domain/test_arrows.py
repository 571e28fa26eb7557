"""The domain stands at the bottom: it imports the standard library and itself, and formats one reader of HCL."""

import ast
import sys
from pathlib import Path

import deployer.domain

ROOM = Path(deployer.domain.__file__).parent
GUESTS = {"hcl2", "lark", "lark.exceptions"}  # python-hcl2 and what its trees are made of


def test_the_domain_imports_the_standard_library_alone() -> None:
    foreign = set()
    for file in ROOM.rglob("*.py"):
        guests = GUESTS if file.parent.name == "formats" else set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                foreign |= {alias.name for alias in node.names} - guests
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                foreign |= {node.module} - guests
    allowed = {name for name in foreign if name.split(".")[0] in sys.stdlib_module_names}
    assert {name for name in foreign - allowed if not name.startswith("deployer.domain")} == set()
