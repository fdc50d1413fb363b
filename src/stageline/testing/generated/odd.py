"""Requests with one odd text in them, for every place where an operation takes a text."""

from collections.abc import Iterator
from typing import Any

from botocore.model import OperationModel, Shape

from stageline.testing.generated import least

ODD = ("a\x00b", "YQBi", "\ud800")
"""A text that no key of the store may hold, the same in base64, as page tokens are, and half a character."""


def _places(shape: Shape, depth: int = 0) -> Iterator[tuple[Any, ...]]:
    """The paths to where texts may stand in a request."""
    if shape.type_name == "structure" and depth < 3:
        for name, member in shape.members.items():
            yield from ((name, *path) for path in _places(member, depth + 1))
    elif shape.type_name == "list":
        yield from ((0, *path) for path in _places(shape.member, depth))
    elif shape.type_name == "string":
        yield ()


def _put(request: Any, shape: Shape, path: tuple[Any, ...], text: str) -> Any:
    """The request with a text in that place; what is missing on the way is made as small as can be."""
    if not path:
        return text
    if shape.type_name == "list":
        return [_put((request or [None])[0], shape.member, path[1:], text)]
    there = dict(request or least.value(shape))
    there[path[0]] = _put(there.get(path[0]), shape.members[path[0]], path[1:], text)
    return there


def requests(operation: OperationModel, base: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``base`` once for each place and each odd text."""
    if operation.input_shape is None:
        return
    for path in _places(operation.input_shape):
        for text in ODD:
            yield _put(base, operation.input_shape, path, text)
