"""Write the types of the operations that the server has: ``python console/models.py``; ``--check`` says what is out of date."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

from stageline.gateway import operations, specs

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))
import permissions
from generate import _AnyPort, implemented

FOLDER = Path(__file__).parent / "src" / "api" / "models"
HEAD = "// Made by console/models.py from the service models; change nothing here.\n"
SCALARS = {
    "string": "string",
    "character": "string",
    "blob": "string",
    "boolean": "boolean",
    "integer": "number",
    "long": "number",
    "float": "number",
    "double": "number",
    "timestamp": "number",
}


class Module:
    """The types of one service."""

    def __init__(self, service: str, operations: list[str]) -> None:
        self.service = service
        self.operations = sorted(operations)
        self.shapes: dict[str, Shape] = {}

    def text(self) -> str:
        """The TypeScript of it."""
        model = specs.model(self.service)
        lines = list(self._operations([model.operation_model(name) for name in self.operations]))
        written: set[str] = set()
        types: list[str] = []
        while missing := sorted(self.shapes.keys() - written):
            for name in missing:
                written.add(name)
                types.append(self._type(name, self.shapes[name]))
        return HEAD + "\n" + "\n".join(lines) + "\n\n" + "\n\n".join(sorted(types)) + "\n"

    def _operations(self, models: list[OperationModel]) -> Iterator[str]:
        yield "export interface Operations {"
        for model in models:
            given, result = (self._refer(shape) if shape else "object" for shape in (model.input_shape, model.output_shape))
            yield f"  {model.name}: [{given}, {result}];"
        yield "}"

    def _refer(self, shape: Shape) -> str:
        if isinstance(shape, StructureShape):
            self.shapes[shape.name] = shape
            return _named(shape.name)
        if isinstance(shape, ListShape):
            inner = self._refer(shape.member)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        if isinstance(shape, MapShape):
            return f"Record<string, {self._refer(shape.value)}>"
        if isinstance(shape, StringShape) and shape.enum:
            self.shapes[shape.name] = shape
            return _named(shape.name)
        return SCALARS[shape.type_name]

    def _type(self, name: str, shape: Shape) -> str:
        if isinstance(shape, StructureShape):
            if shape.is_document_type:
                return f"export type {_named(name)} = unknown;"
            members = "".join(
                f"  {_member(each)}{'' if each in shape.required_members else '?'}: {self._refer(found)};\n"
                for each, found in shape.members.items()
                if not found.serialization.get("streaming")
            )
            return f"export interface {_named(name)} {{\n{members}}}"
        return f"export type {_named(name)} = {' | '.join(repr(each).replace(chr(39), chr(34)) for each in shape.enum)};"


def _named(name: str) -> str:
    return {"Error": "ErrorShape", "Object": "ObjectShape", "Record": "RecordShape"}.get(name, name[0].upper() + name[1:])


def _member(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'


def pages() -> dict[Path, str]:
    """What the files should hold."""
    by_service: dict[str, list[str]] = {}
    for service, (here, _) in implemented().items():
        by_service[service] = here
    found = {FOLDER / f"{service}.ts": Module(service, names).text() for service, names in sorted(by_service.items())}
    imports = "".join(f'import type {{ Operations as {_title(each)} }} from "./{each}";\n' for each in sorted(by_service))
    members = "".join(f'  "{each}": {_title(each)};\n' for each in sorted(by_service))
    found[FOLDER / "actions.ts"] = _actions()
    found[FOLDER / "index.ts"] = f"{HEAD}\n{imports}\nexport interface Services {{\n{members}}}\n"
    return found


def _actions() -> str:
    """What policies can allow: each action that an operation asks for, with the first resource and the condition keys."""
    asked: dict[str, tuple[str, set[str]]] = {}
    for found in operations.discover(_AnyPort()):
        for _, action, place, keys in permissions.rows(found):
            for name in re.findall(r"`([a-z0-9-]+:[A-Za-z]+)`", action):
                known = asked.setdefault(name, (next(iter(re.findall(r"`([^`]+)`", place)), "*"), set()))
                known[1].update(key for key in re.findall(r"`([^`]+)`", keys) if not key.endswith("*"))
    lines = (
        f"  [{json.dumps(name)}, {json.dumps(place)}, {json.dumps(sorted(keys))}],\n"
        for name, (place, keys) in sorted(asked.items())
    )
    return f"{HEAD}\nexport const ACTIONS: [action: string, resource: string, keys: string[]][] = [\n{''.join(lines)}];\n"


def _title(service: str) -> str:
    return service.replace("-", " ").title().replace(" ", "")


def main(arguments: list[str]) -> int:
    """Write, or check."""
    stale = [file for file, text in pages().items() if not file.exists() or file.read_text() != text]
    if "--check" in arguments:
        for file in stale:
            print(f"{file.relative_to(FOLDER.parents[3])} is out of date: run python console/models.py")
        return bool(stale)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in stale:
        file.write_text(pages()[file])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
