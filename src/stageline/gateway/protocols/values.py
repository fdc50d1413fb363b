"""Values of JSON-like bodies (JSON, CBOR): from what the decoder made to the Request of a shape, and back."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from botocore.model import Shape, StructureShape

from stageline.gateway.protocols import instants
from stageline.ports.api import ApiError

DEPTH = 64
"""How deep a body may nest."""


class Mismatch(Exception):
    """A value that is not of its shape's type; ``path`` grows as it travels up."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.path: list[str] = []

    def error(self) -> ApiError:
        """The refusal that a client sees."""
        place = f" at '{'.'.join(reversed(self.path))}'" if self.path else ""
        return ApiError("SerializationException", f"{self}{place}", 400)


@dataclass(frozen=True)
class Codec:
    """What differs between JSON and CBOR: blobs and instants. ``wire`` says whether members are called as on the wire or as
    in the model."""

    read_blob: Callable[[Any], bytes]
    write_blob: Callable[[bytes], Any]
    read_instant: Callable[[Any], int]
    write_instant: Callable[[int | str, str], Any]
    wire: bool = True


@cache
def _wire_members(shape: StructureShape) -> Mapping[str, tuple[str, Shape]]:
    return {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}


@cache
def _model_members(shape: StructureShape) -> Mapping[str, tuple[str, Shape]]:
    return {name: (name, member) for name, member in shape.members.items()}


def _said(value: Any) -> str:
    match value:
        case bool():
            return "TRUE_VALUE" if value else "FALSE_VALUE"
        case int() | float():
            return "NUMBER_VALUE"
        case str():
            return "STRING_VALUE"
        case list():
            return "START_ARRAY"
        case dict():
            return "START_OBJECT"
    return type(value).__name__


def _wrong(value: Any, wanted: str) -> Mismatch:
    return Mismatch(f"{_said(value)} can not be converted to {wanted}")


def _below(shape: Shape, value: Any, codec: Codec, step: str) -> Any:
    try:
        return read(shape, value, codec)
    except Mismatch as mismatch:
        mismatch.path.append(step)
        raise


def read_structure(shape: StructureShape, value: Any, codec: Codec) -> dict[str, Any]:
    """Members that the shape knows; null ones are absent, unknown ones are ignored."""
    if type(value) is not dict:
        raise _wrong(value, "a structure")
    known = _wire_members(shape) if codec.wire else _model_members(shape)
    found: dict[str, Any] = {}
    for key, item in value.items():
        member = known.get(key)
        if member is not None and item is not None:
            found[member[0]] = _below(member[1], item, codec, key)
    return found


def read(shape: Shape, value: Any, codec: Codec) -> Any:
    """A decoded value as its shape wants it; raises Mismatch."""
    kind = shape.type_name
    if kind == "string":
        if type(value) is not str:
            raise _wrong(value, "a String")
        return value
    if kind == "structure":
        return value if getattr(shape, "is_document_type", False) else read_structure(shape, value, codec)
    if kind == "list":
        if type(value) is not list:
            raise _wrong(value, "a list")
        return [None if item is None else _below(shape.member, item, codec, f"{at}.member") for at, item in enumerate(value, 1)]
    if kind == "map":
        if type(value) is not dict or not all(type(key) is str for key in value):
            raise _wrong(value, "a map")
        return {key: None if item is None else _below(shape.value, item, codec, key) for key, item in value.items()}
    return _read_scalar(kind, value, codec)


def _read_scalar(kind: str, value: Any, codec: Codec) -> Any:
    if kind in ("integer", "long"):
        if type(value) is float and value.is_integer() and abs(value) < 2**53:
            return int(value)
        if type(value) is not int:
            raise _wrong(value, "an Integer" if kind == "integer" else "a Long")
        bits = 31 if kind == "integer" else 63
        if not -(1 << bits) <= value < 1 << bits:
            raise Mismatch("number out of range")
        return value
    if kind in ("float", "double"):
        if type(value) not in (int, float):
            raise _wrong(value, "a Double")
        try:
            return float(value)
        except OverflowError:
            raise Mismatch("number out of range") from None
    if kind == "boolean":
        if type(value) is not bool:
            raise _wrong(value, "a Boolean")
        return value
    try:
        return codec.read_blob(value) if kind == "blob" else codec.read_instant(value)
    except (ValueError, TypeError, OverflowError):
        raise _wrong(value, "a Blob" if kind == "blob" else "a Timestamp") from None


def write(shape: Shape, value: Any, codec: Codec) -> Any:
    """A Response value as the encoder takes it; None members and unknown members are left out."""
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return value
        members = shape.members
        return {
            (member.serialization.get("name", name) if codec.wire else name): write(member, item, codec)
            for name, item in value.items()
            if item is not None and (member := members.get(name)) is not None
        }
    if kind == "list":
        return [write(shape.member, item, codec) for item in value]
    if kind == "map":
        return {key: write(shape.value, item, codec) for key, item in value.items() if item is not None}
    if kind == "timestamp":
        return codec.write_instant(value, shape.serialization.get("timestampFormat", "unixtimestamp"))
    if kind == "blob":
        return codec.write_blob(value)
    return value


def depth(value: Any) -> int:
    """How deep lists and maps nest in a decoded value."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        below = [item.values() if type(item) is dict else item for item in level if type(item) in (dict, list)]
        level = [item for group in below for item in group]
    return deepest


def _json_blob(value: Any) -> bytes:
    try:
        return binascii.a2b_base64(value.encode("ascii"), strict_mode=True) if value else b""
    except AttributeError:
        raise TypeError("not text") from None


def _json_instant(value: Any) -> int:
    if type(value) in (int, float):
        return instants.from_seconds(value)
    return instants.from_text(value) if type(value) is str else _refuse()


def _refuse() -> int:
    raise TypeError("not an instant")


def _json_moment(value: int | str, form: str) -> Any:
    return instants.to_seconds(value) if form == "unixtimestamp" and isinstance(value, int) else instants.render(value, form)


def _cbor_blob(value: Any) -> bytes:
    if type(value) is not bytes:
        raise TypeError("not a byte string")
    return value


def _cbor_instant(value: Any) -> int:
    if isinstance(value, datetime):
        return instants.from_datetime(value)
    return instants.from_seconds(value) if type(value) in (int, float) else _refuse()


JSON = Codec(_json_blob, lambda data: base64.b64encode(data).decode(), _json_instant, _json_moment)

MODEL = Codec(
    _json_blob,
    lambda data: base64.b64encode(data).decode(),
    _json_instant,
    lambda value, _form: instants.to_seconds(value) if isinstance(value, int) else value,
    wire=False,
)
"""JSON whose members are called as in the model, whatever protocol the service speaks; instants are epoch seconds."""


def cbor_codec(tag: Callable[[float], Any]) -> Codec:
    """The codec of CBOR, where ``tag`` wraps epoch seconds."""
    return Codec(_cbor_blob, lambda data: data, _cbor_instant, lambda value, _form: tag(int(value) / 1000))
