"""XML of the query and REST-XML protocols: a reader that refuses what XML can do beyond data, and a writer."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from botocore.model import Shape

from stageline.gateway.protocols import instants

DEPTH = 64
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Malformed(ValueError):
    """Not XML, or not XML of the shape that was expected."""


@dataclass
class Node:
    """An element. Names are without their namespace prefix, except those of attributes."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""


def decode(data: bytes) -> Node:
    """The root element of a document in UTF-8; raises Malformed, also for a document type or deep nesting."""
    root = Node("")
    open_nodes = [root]
    texts: list[list[str]] = [[]]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_nodes) > DEPTH:
            raise Malformed(f"nested deeper than {DEPTH}")
        node = Node(name.rpartition(":")[2], attributes)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
        texts.append([])

    def end(_name: str) -> None:
        open_nodes.pop().text = "".join(texts.pop())

    def doctype(*_: Any) -> None:
        raise Malformed("a document type is not allowed")

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: texts[-1].append(text)
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, ValueError) as error:
        raise Malformed(str(error)) from None
    return root.children[0]


def scalar_from_text(shape: Shape, text: str) -> Any:
    """A simple value from its text; raises ValueError."""
    kind = shape.type_name
    if kind in ("string", "character"):
        return text
    if kind == "boolean":
        if text.strip() not in ("true", "false"):
            raise ValueError("neither true nor false")
        return text.strip() == "true"
    if kind in ("integer", "long"):
        if not re.fullmatch(r"\s*[+-]?[0-9]{1,19}\s*", text):
            raise ValueError("not an integer")
        value, bits = int(text), 31 if kind == "integer" else 63
        if not -(1 << bits) <= value < 1 << bits:
            raise ValueError("out of range")
        return value
    if kind in ("float", "double"):
        value_of_float = float(text)
        if value_of_float != value_of_float or value_of_float in (float("inf"), float("-inf")):
            raise ValueError("not a number")
        return value_of_float
    if kind == "timestamp":
        return instants.from_text(text)
    if kind == "blob":
        return binascii.a2b_base64(text.strip().encode("ascii"))
    raise ValueError(f"a {kind} has no text form")


def scalar_to_text(shape: Shape, value: Any, form: str = "iso8601", *, fraction: bool = True) -> str:
    """The text of a simple value."""
    if shape.type_name == "timestamp":
        return instants.render(value, shape.serialization.get("timestampFormat", form), fraction=fraction)
    if shape.type_name == "blob":
        return base64.b64encode(value).decode()
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def read(shape: Shape, node: Node) -> Any:
    """An element as its shape; unknown children are ignored; raises Malformed."""
    kind = shape.type_name
    if kind == "structure":
        return _read_structure(shape, node)
    if kind == "list":
        wanted = shape.member.serialization.get("name", "member")
        return [read(shape.member, child) for child in node.children if child.name == wanted]
    if kind == "map":
        return dict(_read_entry(shape, child) for child in node.children if child.name == "entry")
    try:
        return scalar_from_text(shape, node.text)
    except ValueError as error:
        raise Malformed(f"{node.name}: {error}") from None


def _read_structure(shape: Shape, node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        if member.serialization.get("xmlAttribute"):
            if wire in node.attributes:
                found[name] = scalar_from_text(member, node.attributes[wire])
            continue
        children = [child for child in node.children if child.name == wire]
        if not children:
            continue
        if member.type_name == "list" and member.serialization.get("flattened"):
            found[name] = [read(member.member, child) for child in children]
        elif member.type_name == "map" and member.serialization.get("flattened"):
            found[name] = dict(_read_entry(member, child) for child in children)
        elif len(children) > 1:
            raise Malformed(f"{wire} occurs more than once")
        else:
            found[name] = read(member, children[0])
    return found


def _read_entry(shape: Shape, node: Node) -> tuple[Any, Any]:
    parts = {child.name: child for child in node.children}
    key = parts.get(shape.key.serialization.get("name", "key"))
    value = parts.get(shape.value.serialization.get("name", "value"))
    if key is None or value is None:
        raise Malformed(f"{node.name}: a key and a value are needed")
    return read(shape.key, key), read(shape.value, value)


def text(value: str) -> str:
    """Text for an element; characters that XML cannot carry become U+FFFD."""
    return escape(_UNSPEAKABLE.sub("\ufffd", value), {"\r": "&#13;"})


def write(out: list[str], shape: Shape, value: Any, name: str, *, fraction: bool = True) -> None:
    """Append the element ``name`` holding ``value``; None members and unknown members are left out."""
    kind = shape.type_name
    if kind == "structure":
        out.append(f"<{name}{_attributes(shape, value)}>")
        write_members(out, shape, value, fraction=fraction)
        out.append(f"</{name}>")
    elif kind == "list":
        flat = shape.serialization.get("flattened")
        item_name = shape.member.serialization.get("name", name if flat else "member")
        out.append("" if flat else f"<{name}>")
        for item in value:
            write(out, shape.member, item, item_name, fraction=fraction)
        out.append("" if flat else f"</{name}>")
    elif kind == "map":
        _write_map(out, shape, value, name, fraction=fraction)
    else:
        out.append(f"<{name}>{text(scalar_to_text(shape, value, fraction=fraction))}</{name}>")


def write_members(out: list[str], shape: Shape, value: Mapping[str, Any], *, fraction: bool = True) -> None:
    """Append the members of a structure that travel in the body, in the model's order."""
    for name, member in shape.members.items():
        item = value.get(name)
        traits = member.serialization
        if item is not None and "location" not in traits and not traits.get("xmlAttribute"):
            write(out, member, item, traits.get("name", name), fraction=fraction)


def _write_map(out: list[str], shape: Shape, value: Mapping[str, Any], name: str, *, fraction: bool) -> None:
    flat = shape.serialization.get("flattened")
    entry = name if flat else "entry"
    out.append("" if flat else f"<{name}>")
    for key, item in value.items():
        if item is None:
            continue
        out.append(f"<{entry}>")
        write(out, shape.key, key, shape.key.serialization.get("name", "key"))
        write(out, shape.value, item, shape.value.serialization.get("name", "value"), fraction=fraction)
        out.append(f"</{entry}>")
    out.append("" if flat else f"</{name}>")


def _attributes(shape: Shape, value: Mapping[str, Any]) -> str:
    parts = []
    namespace = shape.serialization.get("xmlNamespace") or {}
    if namespace.get("uri"):
        prefix = f"xmlns:{namespace['prefix']}" if namespace.get("prefix") else "xmlns"
        parts.append(f" {prefix}={quoteattr(namespace['uri'])}")
    for name, member in shape.members.items():
        if member.serialization.get("xmlAttribute") and value.get(name) is not None:
            wire = member.serialization.get("name", name)
            parts.append(f" {wire}={quoteattr(_UNSPEAKABLE.sub(chr(0xFFFD), str(value[name])))}")
    return "".join(parts)
