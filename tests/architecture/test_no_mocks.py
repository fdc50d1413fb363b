"""Tests use the real thing or a shipped double that passes the same conformance suite."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_nothing_is_mocked() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for folder in ("src", "tests", "bench", "examples")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if any(
            name.split(".")[0] in ("mock", "moto", "pytest_mock") or name.startswith("unittest.mock")
            for name in _imported(ast.parse(path.read_text()))
        )
    ]
    assert guilty == []
