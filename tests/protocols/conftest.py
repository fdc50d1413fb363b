"""Sample values made from the shapes of a model."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.model import Shape

INSTANT = 1_790_000_000_000
MOMENT = datetime.fromtimestamp(INSTANT / 1000, UTC)
WORDS = "a<b>&\"c' é/+%"


def _sample(shape: Shape, *, depth: int = 0, plain: bool = False, moment: object = INSTANT, pick: int = 0) -> Any:
    """A value of a shape; recursive shapes end after a few rounds."""
    kind = shape.type_name
    below = {"depth": depth + 1, "moment": moment, "pick": pick}
    if kind == "structure":
        members = dict(shape.members)
        if shape.metadata.get("union") or getattr(shape, "is_tagged_union", False):
            name = sorted(members)[pick % len(members)]
            members = {name: members[name]}
        return {
            name: _sample(member, plain="location" in member.serialization, **below)
            for name, member in members.items()
            if depth < 7 and not _endless(member, depth)
        }
    if kind == "list":
        return [_sample(shape.member, plain=plain, **below) for _ in range(2)]
    if kind == "map":
        return {f"key-{number}": _sample(shape.value, plain=plain, **below) for number in range(2)}
    return _scalar(shape, plain, moment)


def _endless(shape: Shape, depth: int) -> bool:
    return depth >= 4 and shape.type_name in ("structure", "list", "map")


def _scalar(shape: Shape, plain: bool, moment: object) -> Any:
    kind = shape.type_name
    if kind == "string":
        if shape.metadata.get("enum"):
            return shape.metadata["enum"][0]
        return "plain-text" if plain else WORDS
    return {
        "integer": 7,
        "long": 2**40,
        "boolean": True,
        "float": 1.5,
        "double": 2.5,
        "timestamp": moment,
        "blob": b"\x00bytes\xff",
    }[kind]


def _plainly(shape: Shape, value: Any) -> Any:
    """A value of botocore or of ours in one form: instants as milliseconds, streams as bytes."""
    if isinstance(value, datetime):
        return int(value.timestamp() * 1000)
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _plainly(shape.members[name], item) for name, item in value.items() if name in shape.members}
    if shape.type_name == "list" and isinstance(value, list):
        return [_plainly(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _plainly(shape.value, item) for key, item in value.items()}
    if shape.type_name == "blob":
        if hasattr(value, "read"):
            return value.read()
        return value.encode("latin-1") if isinstance(value, str) else value
    return value


@pytest.fixture
def samples() -> Any:
    return SimpleNamespace(sample=_sample, plainly=_plainly, instant=INSTANT, moment=MOMENT, stream=io.BytesIO)


Sample = Callable[..., Any]
