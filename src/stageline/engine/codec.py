"""Values of the core to JSON and back. Fields that have their default are left out; the same value gives the same bytes."""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from stageline.core.pipeline import events
from stageline.core.pipeline.events import Event, Stamped
from stageline.core.pipeline.state import State

T = TypeVar("T")
_EVENTS: dict[str, type] = {each.__name__: each for each in get_args(Event)}


def dumps(value: Any) -> bytes:
    """Compact JSON with sorted keys."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def encode(value: Any) -> Any:
    """The JSON form of a value of the core."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if is_dataclass(value):
        coded = {}
        for name, default in _defaults(kind):  # type: ignore[arg-type]
            given = getattr(value, name)
            if given != default:
                coded[name] = encode(given)
        return coded
    if isinstance(value, Mapping):
        return {str(key): encode(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [encode(each) for each in value]
    return value


def decode(kind: type[T], coded: Any) -> T:
    """The value that ``encode`` made ``coded`` from; fields that are missing take their default."""
    result: T = _decoder(kind)(coded)  # type: ignore[arg-type]
    return result


def encode_state(state: State) -> bytes:
    """A state as it is stored."""
    return dumps(encode(state))


def decode_state(stored: bytes | str) -> State:
    """The state that ``encode_state`` stored."""
    return decode(State, json.loads(stored))


def encode_event(stamped: Stamped) -> bytes:
    """An event as it is journalled; ``type`` names it."""
    event = {"type": type(stamped.event).__name__, **encode(stamped.event)}
    return dumps({"at": stamped.at, "entropy": stamped.entropy, "event": event})


def decode_event(stored: bytes | str) -> Stamped:
    """The event that ``encode_event`` stored."""
    coded = json.loads(stored)
    event = dict(coded["event"])
    kind = _EVENTS[event.pop("type")]
    return Stamped(coded["at"], coded["entropy"], decode(kind, event))


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    found = []
    for each in fields(kind):
        default = each.default if each.default_factory is MISSING else each.default_factory()
        found.append((each.name, default))
    return tuple(found)


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            each = _decoder(inner[0])
            return lambda coded: tuple(each(item) for item in coded)
        return tuple
    if origin in (Mapping, dict) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        key_kind, value_kind = get_args(kind)
        each = _decoder(value_kind)
        key: Callable[[str], Any] = int if key_kind is int else str
        return lambda coded: {key(name): each(item) for name, item in coded.items()}
    if origin in (Union, types.UnionType):
        (inner_kind,) = (each for each in get_args(kind) if each is not type(None))
        inner_decoder = _decoder(inner_kind)
        return lambda coded: None if coded is None else inner_decoder(coded)
    if origin is Literal or kind in (str, int, bool, float):
        return lambda coded: coded
    raise TypeError(f"no way to decode {kind}")


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind, vars(events))
    decoders: dict[str, Callable[[Any], Any]] = {}

    def decode_one(coded: Any) -> Any:
        if not decoders:  # filled at first use: a class may hold itself
            decoders.update({each.name: _decoder(hints[each.name]) for each in fields(kind)})
        return kind(**{name: decoders[name](item) for name, item in coded.items()})

    return decode_one
