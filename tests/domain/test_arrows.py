"""The domain stands at the bottom: it imports the standard library and itself."""

import ast
import sys
from pathlib import Path

import deployer.domain

ROOM = Path(deployer.domain.__file__).parent


def test_the_domain_imports_the_standard_library_alone() -> None:
    foreign = set()
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                foreign |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                foreign.add(node.module)
    allowed = {name for name in foreign if name.split(".")[0] in sys.stdlib_module_names}
    assert {name for name in foreign - allowed if not name.startswith("deployer.domain")} == set()
