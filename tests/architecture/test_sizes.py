"""Nothing grows beyond what one can read in one go."""

import ast
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "stageline"
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def _functions() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    return [
        (f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}", node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_modules_have_at_most_400_lines() -> None:
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_functions_have_at_most_60_lines() -> None:
    assert [where for where, node in _functions() if (node.end_lineno or 0) - node.lineno + 1 > 60] == []


def test_functions_have_at_most_8_parameters() -> None:
    def count(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        names = [parameter.arg for parameter in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        return len([name for name in names if name not in ("self", "cls")])

    assert [where for where, node in _functions() if count(node) > 8] == []


def test_packages_have_at_most_15_modules() -> None:
    counts = Counter(str(path.parent.relative_to(SOURCE)) for path in MODULES if path.name != "__init__.py")
    assert {package: count for package, count in counts.items() if count > 15} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path.relative_to(SOURCE)) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_module_names_are_plain_nouns() -> None:
    assert [str(path.relative_to(SOURCE)) for path in MODULES if path.stem in FORBIDDEN_NAMES] == []
