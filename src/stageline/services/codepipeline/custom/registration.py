"""Third-party action types are registered by whoever runs the server: a folder with one description each, read when it starts.

A description is an ``ActionTypeDeclaration`` as JSON, the shape that ``UpdateActionType`` takes. A type that is registered
already stays as it is: it is changed with ``UpdateActionType``.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.store import Doc, Store
from stageline.services.codepipeline.custom import definitions, rules

Shape = Callable[[dict[str, Any]], None]
"""Raises ApiError when a declaration does not keep the constraints of botocore's ``ActionTypeDeclaration``."""


class BadDescription(ValueError):
    """A file of the folder does not describe an action type; the text says which and why."""


def register_folder(folder: str, store: Store, shape: Shape, now: int) -> None:
    """Register the types of all ``*.json`` files of a folder that are not registered yet; BadDescription, and then none is."""
    if not folder:
        return
    if not Path(folder).is_dir():
        raise BadDescription(f"{folder}, the folder of action types, does not exist")
    found = [_read(path, shape) for path in sorted(Path(folder).glob("*.json"))]
    with store.write() as tx:
        tx.lock("action-types")
        for asked in found:
            key = definitions.key(definitions.type_id(asked["id"]))
            tx.insert(definitions.KIND, key, {**asked, "created": now, "updated": now, "deleted": False})


def _read(path: Path, shape: Shape) -> Doc:
    try:
        declared: dict[str, Any] = json.loads(path.read_text())
        shape(declared)
        asked = definitions.from_declaration(declared)
        if asked["id"]["owner"] != "ThirdParty":
            raise BadDescription("the owner of a registered action type is ThirdParty")
        rules.check(asked)
    except ApiError as error:
        raise BadDescription(f"{path}: {error.message}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise BadDescription(f"{path} is not an ActionTypeDeclaration: {error!r}") from error
    except ValueError as error:
        raise BadDescription(f"{path}: {error}") from error
    return asked
