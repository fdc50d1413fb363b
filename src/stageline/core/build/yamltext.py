"""YAML text as a tree of texts that know their line.

Nothing is guessed from how a text looks (``on`` stays ``on``, ``0123`` stays ``0123``): the grammar that reads the tree decides.
Size, depth and aliases are bounded, since the text comes from whoever may push to a repository.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MOST_BYTES = 1024 * 1024
MOST_NODES = 50_000
MOST_DEPTH = 64

_NULLS = ("", "~", "null", "Null", "NULL")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """The text is not YAML that we take; the message names the line."""


@dataclass(frozen=True)
class Text:
    """A scalar as it is written; ``null`` for a plain empty one."""

    value: str
    line: int
    null: bool = False


@dataclass
class Items:
    """A sequence."""

    line: int
    nodes: list["Node"] = field(default_factory=list)


@dataclass
class Table:
    """A mapping, in the order written."""

    line: int
    entries: dict[str, "Node"] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Node = Text | Items | Table


def parse(text: str) -> Node | None:
    """The tree of the one document in ``text``, None when it is empty. Raises YamlError."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise YamlError(f"the file is larger than {MOST_BYTES} bytes")
    try:
        builder = _Builder(yaml.parse(text, Loader=_LOADER))
        return builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "not valid YAML"
        raise YamlError(f"{problem} at line {mark.line + 1}" if mark else problem) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise YamlError(" ".join(str(error).split())) from error


class _Builder:
    """Builds the tree from the parser's events without recursion, so that deep nesting cannot exhaust the stack."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._stack: list[tuple[Items | Table, Text | None]] = []
        self._open: list[tuple[str | None, int]] = []
        self._root: Node | None = None
        self._count = 0

    def document(self) -> Node | None:
        documents = 0
        for event in self._events:
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise YamlError(f"expected a single document, found another one at line {line}")
            elif isinstance(event, yaml.ScalarEvent):
                self._one(line)
                plain = not event.style and not event.tag
                node = Text(event.value, line, plain and event.value in _NULLS)
                self._name(event.anchor, node, 1)
                self._add(node, line)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event.anchor or "", line)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._enter(Items(line), event.anchor, line)
            elif isinstance(event, yaml.MappingStartEvent):
                self._enter(Table(line), event.anchor, line)
            elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                self._leave(line)
        return self._root

    def _one(self, line: int) -> None:
        self._count += 1
        if self._count > MOST_NODES:
            raise YamlError(f"the document has more than {MOST_NODES} values at line {line}")

    def _name(self, anchor: str | None, node: Node, size: int) -> None:
        if anchor:
            self._anchors[anchor] = (node, size)

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self._anchors:
            raise YamlError(f"unknown anchor '{anchor}' referenced at line {line}")
        node, size = self._anchors[anchor]
        # What an alias stands for counts each time, or nine lines could unfold to a billion values.
        self._count += size
        self._one(line)
        self._add(node, line)

    def _enter(self, node: Items | Table, anchor: str | None, line: int) -> None:
        self._one(line)
        if len(self._stack) >= MOST_DEPTH:
            raise YamlError(f"values are nested deeper than {MOST_DEPTH} levels at line {line}")
        self._stack.append((node, None))
        self._open.append((anchor, self._count))

    def _leave(self, line: int) -> None:
        node, _ = self._stack.pop()
        anchor, before = self._open.pop()
        # Named only once it is complete: a value cannot contain itself.
        self._name(anchor, node, self._count - before + 1)
        self._add(node, line)

    def _add(self, node: Node, line: int) -> None:
        if not self._stack:
            self._root = node
            return
        parent, key = self._stack[-1]
        if isinstance(parent, Items):
            parent.nodes.append(node)
        elif key is None:
            if not isinstance(node, Text):
                raise YamlError(f"a key must be a text at line {line}")
            self._stack[-1] = (parent, node)
        else:
            self._stack[-1] = (parent, None)
            _put(parent, key, node)


def _put(table: Table, key: Text, node: Node) -> None:
    if key.value == "<<":
        for merged in node.nodes if isinstance(node, Items) else [node]:
            if not isinstance(merged, Table):
                raise YamlError(f"map merge requires a map or a list of maps as the value at line {key.line}")
            for name, value in merged.entries.items():
                table.entries.setdefault(name, value)
        return
    if key.value in table.lines:
        raise YamlError(
            f"mapping key '{key.value}' is already defined at line {table.lines[key.value]}, again at line {key.line}"
        )
    table.entries[key.value] = node
    table.lines[key.value] = key.line
