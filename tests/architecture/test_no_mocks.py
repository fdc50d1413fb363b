"""Tests use the real thing or a shipped double that passes the same conformance suite."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _mocks(text: str) -> bool:
    if "mock" not in text and "moto" not in text:
        return False  # reading is much quicker than parsing
    names = _imported(ast.parse(text))
    return any(name.split(".")[0] in ("mock", "moto", "pytest_mock") or name.startswith("unittest.mock") for name in names)


def test_nothing_is_mocked() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for folder in ("src", "tests", "bench", "examples")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if _mocks(path.read_text())
    ]
    assert guilty == []


@pytest.mark.parametrize(
    "text",
    ["import mock", "import moto.s3", "from unittest import mock", "import unittest.mock", "from pytest_mock import x"],
)
def test_a_mock_is_noticed(text: str) -> None:
    assert _mocks(f"def late():\n    {text}")
    assert not _mocks(f"'{text}'")
