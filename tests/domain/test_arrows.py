"""The domain stands at the bottom: it imports the standard library and itself, and formats one reader of HCL. And
nothing that is installed on a site needs the tests, which stay at home."""

import ast
import sys
from pathlib import Path

import deployer.domain

ROOM = Path(deployer.domain.__file__).parent
GUESTS = {"hcl2", "lark", "lark.exceptions"}  # python-hcl2 and what its trees are made of


def test_the_domain_imports_the_standard_library_alone() -> None:
    foreign = set()
    for file in ROOM.rglob("*.py"):
        foreign |= imported(file) - (GUESTS if file.parent.name == "formats" else set())
    allowed = {name for name in foreign if name.split(".")[0] in sys.stdlib_module_names}
    assert {name for name in foreign - allowed if not name.startswith("deployer.domain")} == set()


def test_the_product_needs_none_of_its_tests() -> None:
    names = {file: imported(file) for file in ROOM.parent.rglob("*.py")}
    assert not [file for file, found in names.items() if any(name.split(".")[0] == "tests" for name in found)]


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found
