"""The sandbox stands alone: standard library and its own files, nothing else."""

import ast
import sys
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2] / "deployer" / "sandbox"


def imported(path):
    """Top-level names of everything a file imports, imports of its own room left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0:
                yield node.module.partition(".")[0]
            else:
                assert node.level == 1, f"{path.name} reaches out of its room"


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_only_the_standard_library_is_imported(path):
    assert set(imported(path)) <= sys.stdlib_module_names


def test_nothing_but_commands_imports_the_sandbox():
    house = ROOM.parent
    for path in house.rglob("*.py"):
        if path.is_relative_to(ROOM) or path.is_relative_to(house / "management"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)]
            whole = f"{getattr(node, 'module', None) or ''} {' '.join(names)}"
            assert "sandbox" not in whole, f"{path} imports the sandbox"
