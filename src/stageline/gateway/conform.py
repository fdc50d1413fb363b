"""Does a result keep to the output's shape? Holds services to the model while they are tested."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import Shape

from stageline.gateway.operations import Operation

_EXTRA = ("ResponseStatus", "ResponseHeaders")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "double": (int, float),
    "float": (int, float),
    "integer": (int,),
    "long": (int,),
    "string": (str,),
    "timestamp": (int,),
}


class Nonconforming(Exception):
    """A result that a client of the model would not understand."""


def conform(operation: Operation, result: Mapping[str, Any]) -> None:
    """Raise Nonconforming for unknown members, wrong types, values beyond an enum, and missing required members."""
    shape = operation.model.output_shape
    plain = {name: value for name, value in result.items() if name not in _EXTRA}
    if shape is None:
        found = [f"the operation has no result, but {sorted(plain)} was given"] if plain else []
    else:
        found = list(_faults(shape, plain, operation.model.name))
    if found:
        raise Nonconforming("; ".join(found[:10]))


def _faults(shape: Shape, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return
    if kind == "structure":
        yield from _structure(shape, value, path)
    elif kind == "list":
        if not isinstance(value, list | tuple):
            yield f"{path} should be a list, not {type(value).__name__}"
            return
        for at, item in enumerate(value):
            yield from _faults(shape.member, item, f"{path}[{at}]")
    elif kind == "map":
        if not isinstance(value, Mapping):
            yield f"{path} should be a map, not {type(value).__name__}"
            return
        for key, item in value.items():
            if item is not None:
                yield from _faults(shape.key, key, f"{path} key")
                yield from _faults(shape.value, item, f"{path}.{key}")
    else:
        yield from _scalar(shape, value, path)


def _structure(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path} should be a structure, not {type(value).__name__}"
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"{path}.{name} is required"
    for name, item in value.items():
        if name not in shape.members:
            yield f"{path}.{name} is not a member of {shape.name}"
        elif item is not None:
            yield from _faults(shape.members[name], item, f"{path}.{name}")


def _scalar(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "blob":
        if not shape.serialization.get("streaming") and not isinstance(value, bytes | str) and not hasattr(value, "__next__"):
            yield f"{path} should be bytes, not {type(value).__name__}"
        return
    wanted = _TYPES.get(shape.type_name, (object,))
    if shape.type_name == "timestamp" and shape.serialization.get("location") == "header" and isinstance(value, str):
        return
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted and object not in wanted):
        yield f"{path} should be {' or '.join(kind.__name__ for kind in wanted)}, not {type(value).__name__}"
    elif shape.type_name == "string" and shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        yield f"{path} is {value!r}, which is not one of {shape.metadata['enum']}"
