"""Finding operations by name and giving them their ports."""

import importlib
import itertools
import sys
from pathlib import Path
from types import ModuleType

import pytest

from stageline.gateway import operations

numbers = itertools.count()
CHECKS = "def checks(operation, ctx, request):\n    return []\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(**files: str) -> ModuleType:
        name = f"services_{next(numbers)}"
        for path, text in {"__init__": "", **files}.items():
            file = tmp_path / name / f"{path.replace('__', '/') if path != '__init__' else path}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            if not (file.parent / "__init__.py").exists():
                (file.parent / "__init__.py").write_text("")
            file.write_text(text)
        importlib.invalidate_caches()
        sys.modules.pop(name, None)
        return importlib.import_module(name)

    return make


def test_functions_are_found_by_name_and_given_their_ports(package: object) -> None:
    found = operations.discover(
        {"store": "the store", "unused": 1},
        package(  # type: ignore[operator]
            sts__sessions="def get_caller_identity(ctx, request, *, store):\n    return {'Arn': store}\ndef helper(): ...\n",
            sts__authorization=CHECKS,
            codestar_notifications__rules="def list_targets(ctx, request, *, store=None): return {}\n",
        ),
    )
    assert sorted(operation.name for operation in found) == ["get_caller_identity", "list_targets"]
    operation = found.find("sts", "GetCallerIdentity")
    assert operation.invoke(None, {}) == {"Arn": "the store"}  # type: ignore[arg-type]
    assert operation.checks("get_caller_identity", None, {}) == []  # type: ignore[arg-type]
    assert found.catalog.services == ("codestar-notifications", "sts")


def test_without_rules_nobody_may(package: object) -> None:
    found = operations.discover({}, package(sts__sessions="def get_caller_identity(ctx, request): return {}\n"))  # type: ignore[operator]
    with pytest.raises(operations.ApiError, match="nobody may"):
        found.find("sts", "GetCallerIdentity").checks("get_caller_identity", None, {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"sts__sessions": "def get_caller_identity(ctx, request, *, engine): ...\n"}, "asks for ports.*engine"),
        ({"sts__sessions": "def get_caller_identity(ctx, *, store): ...\n"}, "2 positional"),
        ({"sts__sessions": "def get_caller_identity(ctx, request, **ports): ...\n"}, "2 positional"),
        ({"sts__authorization": "def checks(ctx, request): ...\n"}, "3 positional"),
        ({"sts__authorization": ""}, "no function checks"),
        ({"cobbler__shoes": ""}, "no model"),
        (
            {
                "sts__sessions": "def get_caller_identity(ctx, request): ...\n",
                "sts__others": "def get_caller_identity(ctx, request): ...\n",
            },
            "defined in",
        ),
    ],
)
def test_what_does_not_fit_stops_the_start(package: object, files: dict[str, str], text: str) -> None:
    with pytest.raises(operations.StartupError, match=text):
        operations.discover({}, package(**files))  # type: ignore[operator]


def test_the_services_of_this_server_can_be_put_together() -> None:
    class Everything(dict[str, object]):
        def __contains__(self, name: object) -> bool:
            return True

        def __missing__(self, name: str) -> object:
            return name

    found = operations.discover(Everything())
    assert {operation.service for operation in found} >= {"codepipeline", "iam", "s3", "sts"}
