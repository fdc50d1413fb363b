"""Stored action types: what is kept, and the three shapes in which it is told.

``codepipeline.action-type`` "Category/Owner/Provider/Version" → {id, settings, properties, inputs, outputs, deleted, created,
updated, model, secrets}. ``settings`` and ``properties`` are those of botocore's ``ActionType``; ``model`` is None for a custom
type, and for one of the integration model {description, executor, permissions} of ``ActionTypeDeclaration``; ``secrets``, which a
type has once it was updated, names the properties that ever were secret. A type that was deleted stays, so that its version is
not used for something else and its actions in progress can end.
"""

from collections.abc import Mapping
from typing import Any

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.core.pipeline.declaration import TypeId
from stageline.ports.store import Doc, ReadTx
from stageline.services.codepipeline.shapes import present

KIND = "codepipeline.action-type"
TIMEOUT = 24 * 60
"""Minutes that an action may take whose type comes from outside (quotas page)."""
_PARTS = ("category", "owner", "provider", "version")
_URLS = {
    "configurationUrl": "thirdPartyConfigurationUrl",
    "entityUrlTemplate": "entityUrlTemplate",
    "executionUrlTemplate": "executionUrlTemplate",
    "revisionUrlTemplate": "revisionUrlTemplate",
}
_SHORT = 160
"""Characters of a property's description in ``ActionType``; ``ActionTypeDeclaration`` has room for more."""


def key_in_arn(named: str) -> str:
    """The key of the type that an ARN names as ``Owner/Category/Provider/Version``."""
    owner, category, rest = named.split("/", 2)
    return f"{category}/{owner}/{rest}"


def key(kind: TypeId) -> str:
    """Where a type is stored; no part of it can hold a slash."""
    return "/".join(kind)


def type_id(named: Mapping[str, str]) -> TypeId:
    """The four parts of an ``ActionTypeId``."""
    category, owner, provider, version = (named[part] for part in _PARTS)
    return (category, owner, provider, version)


def id_of(kind: TypeId) -> Doc:
    """The ``ActionTypeId`` of a type."""
    return dict(zip(_PARTS, kind, strict=True))


def find(tx: ReadTx, kind: TypeId) -> Doc | None:
    """The stored type, deleted or not."""
    return tx.get(KIND, key(kind))


def secrets(stored: Doc) -> list[str]:
    """The properties that are secret or have been: pipelines may hold secrets under their names."""
    return sorted({*stored.get("secrets", ()), *(each["name"] for each in stored["properties"] if each["secret"])})


def from_custom(request: Mapping[str, Any]) -> Doc:
    """What ``CreateCustomActionType`` asks to keep, without its times."""
    return {
        "id": {**{part: request[part] for part in ("category", "provider", "version")}, "owner": "Custom"},
        "settings": request.get("settings", {}),
        "properties": [_completed(each) for each in request.get("configurationProperties", [])],
        "inputs": _bounds(request["inputArtifactDetails"]),
        "outputs": _bounds(request["outputArtifactDetails"]),
        "model": None,
    }


def _completed(given: Mapping[str, Any]) -> Doc:
    return {"queryable": False, "type": "String", **given}


def _bounds(details: Mapping[str, int]) -> list[int]:
    return [details["minimumCount"], details["maximumCount"]]


def from_declaration(declared: Mapping[str, Any]) -> Doc:
    """What an ``ActionTypeDeclaration`` asks to keep, without its times."""
    urls = declared.get("urls", {})
    return {
        "id": dict(declared["id"]),
        "settings": {_URLS[name]: value for name, value in urls.items()},
        "properties": [_turned(each) for each in declared.get("properties", [])],
        "inputs": _bounds(declared["inputArtifactDetails"]),
        "outputs": _bounds(declared["outputArtifactDetails"]),
        "model": {name: declared[name] for name in ("description", "executor", "permissions") if name in declared},
    }


def _turned(each: Mapping[str, Any]) -> Doc:
    """A property of the integration model, which calls required ``optional`` and secret ``noEcho``."""
    return _completed(
        {
            "name": each["name"],
            "required": not each["optional"],
            "key": each["key"],
            "secret": each["noEcho"],
            **present(queryable=each.get("queryable"), description=each.get("description")),
        }
    )


def declaration(stored: Doc) -> Doc:
    """A stored type of the integration model as ``GetActionType`` answers it."""
    names = {there: here for here, there in _URLS.items()}
    model = stored["model"]
    return {
        "id": stored["id"],
        "executor": model["executor"],
        "inputArtifactDetails": _details(stored["inputs"]),
        "outputArtifactDetails": _details(stored["outputs"]),
        **present(
            description=model.get("description"),
            permissions=model.get("permissions"),
            properties=[_turned_back(each) for each in stored["properties"]],
            urls={names[name]: value for name, value in stored["settings"].items()},
        ),
    }


def _turned_back(each: Doc) -> Doc:
    return {
        "name": each["name"],
        "optional": not each["required"],
        "key": each["key"],
        "noEcho": each["secret"],
        "queryable": each["queryable"],
        **present(description=each.get("description")),
    }


def _details(bounds: list[int] | tuple[int, int], most: int = 10) -> Doc:
    return {"minimumCount": min(bounds[0], most), "maximumCount": min(bounds[1], most)}


def action_type(stored: Doc) -> ActionType:
    """A stored type as the validator and the engine know types."""
    category, owner, provider, version = type_id(stored["id"])
    settings = stored["settings"]
    return ActionType(
        category,  # type: ignore[arg-type]
        owner,  # type: ignore[arg-type]
        provider,
        version,
        properties=tuple(_property(each) for each in stored["properties"]),
        inputs=(stored["inputs"][0], stored["inputs"][1]),
        outputs=(stored["outputs"][0], stored["outputs"][1]),
        timeout_minutes=TIMEOUT,
        entity_url=settings.get("entityUrlTemplate", ""),
        revision_url=settings.get("revisionUrlTemplate", ""),
        execution_url=settings.get("executionUrlTemplate", ""),
        configuration_url=settings.get("thirdPartyConfigurationUrl", ""),
    )


def _property(each: Doc) -> Property:
    return Property(
        each["name"],
        required=each["required"],
        secret=each["secret"],
        key=each["key"],
        queryable=each["queryable"],
        description=each.get("description", ""),
        kind=each["type"],
    )


def listed(kind: ActionType) -> Doc:
    """A type as ``ListActionTypes`` answers it; the counts of that shape end at 5."""
    return {
        "id": id_of(kind.id),
        "settings": present(
            thirdPartyConfigurationUrl=kind.configuration_url,
            entityUrlTemplate=kind.entity_url,
            executionUrlTemplate=kind.execution_url,
            revisionUrlTemplate=kind.revision_url,
        ),
        "actionConfigurationProperties": [configuration_property(each) for each in kind.properties],
        "inputArtifactDetails": _details(kind.inputs, 5),
        "outputArtifactDetails": _details(kind.outputs, 5),
    }


def configuration_property(each: Property) -> Doc:
    """A property as listings of action types and rule types answer it."""
    return {
        "name": each.name,
        "required": each.required,
        "key": each.key,
        "secret": each.secret,
        "queryable": each.queryable,
        "type": each.kind,
        **present(description=each.description[:_SHORT]),
    }
