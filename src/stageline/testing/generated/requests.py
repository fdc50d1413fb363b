"""Requests made by chance from the shapes of a model: valid ones, and valid ones that were damaged.

The same seed makes the same requests. ``Known`` are values that exist on the server, by the names of their shapes
(``PipelineName``): requests that name them get past "not found".
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from botocore.model import OperationModel, Shape

from stageline.testing.generated import patterns

Known = Mapping[str, Any]
"""One consistent set of values: a pipeline with a stage of its own, an execution of its own and so on. A function is called with
the source of chance each time."""

Step = str | int
Place = tuple[Step, ...]

ODD_TEXTS = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\x1f",
        "\x7f",
        "\n",
        "a\nb",
        "\r\n",
        "\u202etxt",
        "e\u0301",
        "ß",
        "\U0001f4a5",
        "\ufeff",
        "\ud800",
    ),
    *(
        "#{variables.V}",
        "#{codepipeline.PipelineExecutionId}",
        "#{a.b}",
        "#{",
        "#{}",
        "#{#{a.b}.c}",
        "${a}",
        "{{a}}",
        "$(id)",
        "`id`",
    ),
    *("../../etc/passwd", "a/b", "*", "%00", "%2e%2e", "null", "true", "0", "-1", "1e9", "NaN", "<a>&'\"", "'; --", "arn:aws:x"),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.5, 10**9, 2**31, 2**63, -(2**63) - 1, 2**70, 1e308, float("inf"), float("nan")),
    *("", "x", [], {}, [None], [[]], {"": None}, {"name": "x"}),
)
ODD_LENGTHS = (101, 129, 1001, 2049, 70_000)
REPEATS = (2, 6, 51, 300)


def nested(depth: int) -> Any:
    """Lists and maps in each other."""
    value: Any = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@dataclass
class Requests:
    """Makes requests. ``pool`` has further values by shape or member name, of which any may be taken (``nextToken``)."""

    rng: Random
    known: Sequence[Known]
    pool: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    fit: float = 0.85
    """How often a known value is taken where there is one."""
    optional: float = 0.4
    """How often a member that may be absent is there."""
    _here: Known = field(default_factory=dict)

    def valid(self, operation: OperationModel) -> Any:
        """A request that keeps the rules of the operation's shapes."""
        self._here = self.rng.choice(self.known) if self.known else {}
        return self._value(operation.input_shape, "", 0) if operation.input_shape else {}

    def damaged(self, operation: OperationModel, request: Any) -> Any:
        """The request with one to three places changed for something odd."""
        changed = copy.deepcopy(request)
        if operation.input_shape is None:
            return changed
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            places = list(_places(operation.input_shape, changed, ()))
            place, shape = self.rng.choice(places)
            changed = self._damage(operation.input_shape, changed, place, shape)
        return changed

    def with_text(self, operation: OperationModel, request: Any, odd: Callable[[str], str]) -> Iterator[Any]:
        """The request once for each text in it, with that text changed; names of maps as well."""
        for place, _ in list(_places(operation.input_shape, request, ())):
            found = request
            for step in place:
                found = found[step]
            if isinstance(found, str):
                yield _changed(copy.deepcopy(request), place, odd)
            elif isinstance(found, dict) and found and _is_map(operation.input_shape, place):
                yield _changed(copy.deepcopy(request), place, lambda here: {odd(key): value for key, value in here.items()})

    def _value(self, shape: Shape, name: str, depth: int) -> Any:
        ready = self._ready(shape, name)
        if ready is not None:
            return ready
        match shape.type_name:
            case "structure":
                return {
                    key: self._value(member, key, depth + 1)
                    for key, member in shape.members.items()
                    if key in shape.required_members or (depth < 8 and self.rng.random() < self.optional)
                }
            case "list":
                return [self._value(shape.member, name, depth + 1) for _ in range(self._count(shape))]
            case "map":
                pairs = range(self._count(shape))
                return {self._value(shape.key, "", depth + 1): self._value(shape.value, "", depth + 1) for _ in pairs}
        return self._scalar(shape)

    def _ready(self, shape: Shape, name: str) -> Any:
        if shape.name in self._here and self.rng.random() < self.fit:
            found = self._here[shape.name]
            return copy.deepcopy(found(self.rng) if callable(found) else found)
        for key in (name, shape.name):
            if key in self.pool and self.rng.random() < self.fit:
                return copy.deepcopy(self.rng.choice(self.pool[key]))
        return None

    def _count(self, shape: Shape) -> int:
        least = shape.metadata.get("min", 0)
        return self.rng.randint(least, min(shape.metadata.get("max", least + 3), least + 3))

    def _scalar(self, shape: Shape) -> Any:
        limits = shape.metadata
        match shape.type_name:
            case "string":
                if "enum" in limits:
                    return self.rng.choice(limits["enum"])
                least, most = limits.get("min", 1), limits.get("max", 1000)
                if "pattern" in limits:
                    return patterns.text(self.rng, limits["pattern"], least, most)
                return patterns.text(self.rng, f"[A-Za-z0-9 _-]{{{max(least, 1)},{max(least, 1) + 5}}}", least, most)
            case "integer" | "long":
                least = limits.get("min", 0)
                return self.rng.choice(
                    (least, limits.get("max", least + 5), self.rng.randint(least, limits.get("max", least + 5)))
                )
            case "boolean":
                return self.rng.random() < 0.5
            case "float" | "double":
                return self.rng.random()
            case "blob":
                return b""
        return self.rng.randint(0, 2_000_000_000)

    def _damage(self, root: Shape, value: Any, place: Place, shape: Shape | None) -> Any:
        def change(found: Any) -> Any:
            choices: list[Callable[[Any, Shape | None], Any]] = [self._odd, self._other, self._deep]
            if isinstance(found, str):
                choices += [self._odd_text] * 5 + [self._longer] * 2
            if isinstance(found, dict):
                choices += [self._extra, self._without, self._without, self._many]
            if isinstance(found, list):
                choices += [self._repeated, self._with_null, lambda _found, _shape: []]
            return self.rng.choice(choices)(found, shape)

        return _changed(value, place, change)

    def _odd(self, found: Any, shape: Shape | None) -> Any:
        return copy.deepcopy(self.rng.choice(ODD_VALUES))

    def _deep(self, found: Any, shape: Shape | None) -> Any:
        return nested(self.rng.choice((3, 40, 70, 400))) if self.rng.random() < 0.3 else self._odd(found, shape)

    def _other(self, found: Any, shape: Shape | None) -> Any:
        """A value that exists, but elsewhere."""
        there = self.rng.choice(self.known) if self.known else {}
        values = [each for each in there.values() if isinstance(each, str | dict)]
        return copy.deepcopy(self.rng.choice(values)) if values else self._odd(found, shape)

    def _odd_text(self, found: str, shape: Shape | None) -> str:
        odd = self.rng.choice(ODD_TEXTS)
        at = self.rng.randint(0, len(found))
        return self.rng.choice((odd, odd + found, found + odd, found[:at] + odd + found[at:], found[:-1], found.swapcase()))

    def _longer(self, found: str, shape: Shape | None) -> str:
        most = shape.metadata.get("max") if shape is not None else None
        length = most + 1 if most and self.rng.random() < 0.7 else self.rng.choice(ODD_LENGTHS)
        return ((found or "x") * (length // max(len(found), 1) + 1))[:length]

    def _extra(self, found: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
        return {**found, self.rng.choice(("Extra", "__type", "constructor", "", "name ", "\x00")): self._odd(None, None)}

    def _without(self, found: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
        gone = self.rng.choice(sorted(found)) if found else ""
        return {key: value for key, value in found.items() if key != gone}

    def _many(self, found: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
        more = self.rng.choice(list(found.values())) if found else "x"
        return {**found, **{f"key{number}": more for number in range(self.rng.choice(REPEATS))}}

    def _repeated(self, found: list[Any], shape: Shape | None) -> list[Any]:
        return (found or ["x"]) * self.rng.choice(REPEATS)

    def _with_null(self, found: list[Any], shape: Shape | None) -> list[Any]:
        return [*found, None]


def _places(shape: Shape | None, value: Any, place: Place) -> Iterator[tuple[Place, Shape | None]]:
    """Every place in a value, with its shape where it has one."""
    yield place, shape
    kind = shape.type_name if shape is not None else ""
    if isinstance(value, dict):
        for key, item in value.items():
            below = None
            if kind == "structure" and shape is not None:
                below = shape.members.get(key)
            elif kind == "map" and shape is not None:
                below = shape.value
            yield from _places(below, item, (*place, key))
    elif isinstance(value, list):
        for at, item in enumerate(value[:20]):
            yield from _places(shape.member if kind == "list" and shape is not None else None, item, (*place, at))


def _is_map(shape: Shape, place: Place) -> bool:
    for step in place:
        if shape.type_name == "structure":
            shape = shape.members[step]
        else:
            shape = shape.value if shape.type_name == "map" else shape.member
    return bool(shape.type_name == "map")


def _changed(value: Any, place: Place, change: Callable[[Any], Any]) -> Any:
    if not place:
        return change(value)
    value[place[0]] = _changed(value[place[0]], place[1:], change)
    return value
