"""Every operation of every service is one function, named as in AWS's model, with a rule for who may call it."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.model import Shape
from botocore.session import get_session

from stageline.ports.api import ApiError, Caller, Context
from stageline.store.sql import SqlStore

SERVICES = Path(__file__).parents[2] / "src" / "stageline" / "services"
NAMES = sorted(path.name for path in SERVICES.iterdir() if (path / "__init__.py").exists())

FREE = {"sts": ["assume_role", "get_caller_identity", "get_session_token"]}
"""Operations that ask for no permission before they begin, as in AWS: a role's trust policy decides who may take it."""


@cache
def _modelled(service: str) -> frozenset[str]:
    return frozenset(xform_name(name) for name in get_session().get_service_model(service).operation_names)


def _functions(service: str) -> dict[str, list[str]]:
    """Public functions of a service that take (ctx, request) and give a Response, with where they are."""
    found: dict[str, list[str]] = {}
    for path in sorted((SERVICES / service).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            first = [argument.arg for argument in node.args.args]
            if first == ["ctx", "request"] and node.returns is not None and ast.unparse(node.returns) == "Response":
                found.setdefault(node.name, []).append(str(path.relative_to(SERVICES)))
    return found


@pytest.mark.parametrize("service", NAMES)
def test_operations_are_named_as_in_the_model(service: str) -> None:
    functions = _functions(service)
    assert functions, "a service without operations"
    assert sorted(set(functions) - _modelled(service)) == []
    assert {name: places for name, places in functions.items() if len(places) > 1} == {}


def _sample(shape: Shape) -> Any:
    """The least request that has all required members."""
    if shape.type_name == "structure":
        return {name: _sample(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [_sample(shape.member)]
    if shape.type_name == "map":
        return {"x": _sample(shape.value)}
    return {"integer": 1, "long": 1, "boolean": True, "blob": b"x", "timestamp": 1, "float": 1.0, "double": 1.0}.get(
        shape.type_name, "x"
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    made = SqlStore(f"sqlite:///{tmp_path_factory.mktemp('operations')}/store.db")
    yield made
    made.close()


@pytest.mark.parametrize("service", NAMES)
def test_every_operation_asks_for_a_permission(service: str, store: SqlStore) -> None:
    checks = import_module(f"stageline.services.{service}.authorization").checks
    model = get_session().get_service_model(service)
    modelled = {xform_name(name): model.operation_model(name) for name in model.operation_names}
    ctx = Context(Caller("anonymous", "anonymous"), "000000000000", "us-east-1", 0, "request", "http://127.0.0.1:1")
    free = []
    for name in _functions(service):
        request = _sample(modelled[name].input_shape) if modelled[name].input_shape else {}
        try:
            asked = checks(name, ctx, request, **{port: store for port in signature(checks).parameters if port == "store"})
        except ApiError:
            continue  # refused for what is asked about, before anybody is asked who they are
        if not asked or not all(check.action.startswith(f"{service}:") or check.action == "iam:PassRole" for check in asked):
            free.append(name)
    assert sorted(free) == FREE.get(service, [])
