"""Nothing grows beyond what one can read in one go."""

import ast
from collections import Counter
from pathlib import Path

import pytest

Function = ast.FunctionDef | ast.AsyncFunctionDef
SOURCE = Path(__file__).parents[2] / "src" / "stageline"
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {str(path.relative_to(SOURCE)): ast.parse(path.read_text()) for path in MODULES}


@pytest.fixture(scope="module")
def functions(trees: dict[str, ast.Module]) -> list[tuple[str, Function]]:
    return [
        (f"{name}:{node.lineno} {node.name}", node)
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]


def test_modules_have_at_most_400_lines() -> None:
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_functions_have_at_most_60_lines(functions: list[tuple[str, Function]]) -> None:
    assert [where for where, node in functions if (node.end_lineno or 0) - node.lineno + 1 > 60] == []


def test_functions_have_at_most_8_parameters(functions: list[tuple[str, Function]]) -> None:
    def count(node: Function) -> int:
        names = [parameter.arg for parameter in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        return len([name for name in names if name not in ("self", "cls")])

    assert [where for where, node in functions if count(node) > 8] == []


def test_packages_have_at_most_15_modules() -> None:
    counts = Counter(str(path.parent.relative_to(SOURCE)) for path in MODULES if path.name != "__init__.py")
    assert {package: count for package, count in counts.items() if count > 15} == {}


def test_every_module_says_what_it_is_for(trees: dict[str, ast.Module]) -> None:
    assert [name for name, tree in trees.items() if not ast.get_docstring(tree)] == []


def test_module_names_are_plain_nouns() -> None:
    assert [str(path.relative_to(SOURCE)) for path in MODULES if path.stem in FORBIDDEN_NAMES] == []
