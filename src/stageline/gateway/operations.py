"""The operations that this server has: functions found by name under ``stageline.services``, with their ports put in."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from botocore.model import OperationModel

from stageline import services
from stageline.gateway import specs
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.identity import Check

Function = Callable[[Context, Request], Response]
Checks = Callable[[str, Context, Request], Sequence[Check]]


class StartupError(Exception):
    """The services cannot be put together as they are."""


@dataclass(frozen=True)
class Operation:
    """An operation that this server has."""

    service: str
    name: str
    model: OperationModel
    invoke: Function
    checks: Checks


class Registry:
    """Operations by service and name."""

    def __init__(self, operations: Sequence[Operation], served: Sequence[str]) -> None:
        self._operations = {(found.service, found.model.name): found for found in operations}
        self.catalog = specs.catalog(served)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._operations.values())

    def find(self, service: str, operation: str) -> Operation:
        """The operation (named as in the model); ApiError 501 when this server does not have it."""
        found = self._operations.get((service, operation))
        if found is None:
            code = "NotImplemented" if specs.family(service) == specs.REST_XML else "NotImplementedException"
            raise ApiError(code, f"The operation {operation} of {service} is not implemented by this server.", 501)
        return found


def discover(ports: Mapping[str, object], package: ModuleType = services) -> Registry:
    """Every operation of every package under ``package``; raises StartupError when something does not fit.

    ``ports`` are the objects that functions may ask for by the names of their keyword-only parameters.
    """
    found: list[Operation] = []
    served: list[str] = []
    for entry in pkgutil.iter_modules(package.__path__):
        service = entry.name.replace("_", "-")
        if not entry.ispkg or entry.name.startswith("_"):
            continue
        try:
            specs.model(service)
        except LookupError as error:
            raise StartupError(str(error)) from None
        served.append(service)
        found.extend(_of_service(service, importlib.import_module(f"{package.__name__}.{entry.name}"), ports))
    return Registry(found, served)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for entry in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(entry.name)


def _of_service(service: str, package: ModuleType, ports: Mapping[str, object]) -> Iterator[Operation]:
    names = specs.function_names(service)
    functions: dict[str, Callable[..., Any]] = {}
    checks: Checks = _deny
    for module in _modules(package):
        if module.__name__ == f"{package.__name__}.authorization":
            if not hasattr(module, "checks"):
                raise StartupError(f"{module.__name__} has no function checks")
            checks = _with_ports(module.checks, ports, 3)
            continue
        for name, function in vars(module).items():
            if name not in names or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            if name in functions:
                raise StartupError(f"{name} is defined in {functions[name].__module__} and in {module.__name__}")
            functions[name] = function
    for name, function in functions.items():
        model = specs.model(service).operation_model(names[name])
        yield Operation(service, name, model, _with_ports(function, ports, 2), checks)


def _deny(operation: str, ctx: Context, request: Request) -> Sequence[Check]:
    raise ApiError("AccessDeniedException", f"No rules say who may call {operation}, so nobody may.", 403)


def _with_ports(function: Callable[..., Any], ports: Mapping[str, object], positional: int) -> Callable[..., Any]:
    where = f"{function.__module__}.{function.__name__}"
    parameters = inspect.signature(function).parameters.values()
    plain = [found for found in parameters if found.kind in (found.POSITIONAL_ONLY, found.POSITIONAL_OR_KEYWORD)]
    if len(plain) != positional or any(found.kind in (found.VAR_POSITIONAL, found.VAR_KEYWORD) for found in parameters):
        raise StartupError(f"{where} should take {positional} positional parameters, then ports by keyword")
    asked = [found for found in parameters if found.kind is found.KEYWORD_ONLY]
    missing = sorted(found.name for found in asked if found.name not in ports and found.default is found.empty)
    if missing:
        raise StartupError(f"{where} asks for ports that there are none of: {', '.join(missing)}")
    given = {found.name: ports[found.name] for found in asked if found.name in ports}
    return partial(function, **given) if given else function
