"""Storing and deleting parameters."""

from collections.abc import Mapping
from typing import Any

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Doc, Store, WriteTx
from stageline.ports.vault import Vault
from stageline.services.ssm import names, patterns, records, tags
from stageline.services.ssm.names import invalid
from stageline.services.ssm.records import PARAMETER, SECURE, VERSION

MOST_VERSIONS = 100
STANDARD, ADVANCED, INTELLIGENT = "Standard", "Advanced", "Intelligent-Tiering"
LARGEST = {STANDARD: 4096, ADVANCED: 8192}
DEFAULT_KEY = "alias/aws/ssm"


def put_parameter(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """Make a parameter, or with Overwrite give it a new version."""
    name = request["Name"]
    if name.startswith("arn:"):
        raise invalid("A parameter is stored under its name; an ARN only reads it.")
    names.check_name(name)
    _check(ctx, request)
    if pattern := request.get("AllowedPattern"):
        patterns.check(pattern, request["Value"])
    with store.write() as tx:
        tx.lock(f"{PARAMETER}/{name}")
        parameter = tx.get(PARAMETER, name)
        if parameter is not None:
            _check_overwrite(request, parameter)
        kind = request.get("Type") or (parameter or {}).get("type")
        if not kind:
            raise invalid("A parameter type is required when you create a parameter.")
        _check_kind(ctx, request, kind)
        tier = _tier(request, parameter)
        made: Doc = parameter or {"name": name, "version": 0, "first": 1, "labels": {}, "tags": {}, "created": ctx.now}
        made |= {"type": kind, "tier": tier, "version": made["version"] + 1}
        if "Tags" in request:
            made["tags"] = tags.checked(request["Tags"], made["tags"])
        _add(tx, ctx, vault, made, request)
        _prune(tx, made)
        tx.put(PARAMETER, name, made)
    return {"Version": made["version"], "Tier": tier}


def _check(ctx: Context, request: Request) -> None:
    value: str = request["Value"]
    if request.get("Policies"):
        raise NotImplementedHere("The member Policies of PutParameter")
    if request.get("DataType", "text") != "text":
        raise NotImplementedHere("A DataType other than text")
    if not value:
        raise invalid("Parameter value must not be empty.")
    if "{{" in value and "}}" in value:
        raise invalid("Parameter value must not refer to other parameters ({{ }}): nested parameters are not supported.")
    if request.get("Tags") and request.get("Overwrite"):
        text = (
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite"
        )
        raise invalid(f"{text} flag. To update tags for an existing parameter, please use AddTagsToResource.")


def _check_overwrite(request: Request, parameter: Doc) -> None:
    if not request.get("Overwrite"):
        text = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
        raise ApiError("ParameterAlreadyExists", text)
    if request.get("Type", parameter["type"]) != parameter["type"]:
        text = f"The parameter is a {parameter['type']}, and the type of a parameter can't be changed. Delete it first"
        raise ApiError("HierarchyTypeMismatchException", f"{text}, or use another name.")


def _check_kind(ctx: Context, request: Request, kind: str) -> None:
    key = request.get("KeyId")
    if key and kind != SECURE:
        raise invalid("KeyId is required for SecureString type parameter only.")
    if key and key not in (DEFAULT_KEY, ctx.arn("kms", DEFAULT_KEY)):
        raise ApiError("InvalidKeyId", f"There is no key {key}: this server seals with a key of its own. Leave KeyId out.")
    if kind == "StringList" and not all(request["Value"].split(",")):
        raise invalid("A StringList is items with commas between them, none of them empty.")


def _tier(request: Request, parameter: Mapping[str, Any] | None) -> str:
    size = len(request["Value"].encode())
    before = parameter["tier"] if parameter else STANDARD
    tier = request.get("Tier") or before
    if tier == INTELLIGENT:
        tier = ADVANCED if size > LARGEST[STANDARD] else before
    if before == ADVANCED and tier == STANDARD:
        text = (
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to"
        )
        raise invalid(f"{text} the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it.")
    if size > LARGEST[tier]:
        hint = " To create a larger parameter value, upgrade to the advanced-parameter tier." if tier == STANDARD else ""
        raise invalid(f"{tier} tier parameters support a maximum parameter value of {LARGEST[tier]} characters.{hint}")
    return str(tier)


def _add(tx: WriteTx, ctx: Context, vault: Vault, parameter: Doc, request: Request) -> None:
    name, number = parameter["name"], parameter["version"]
    sealed = parameter["type"] == SECURE
    value = request["Value"]
    version: Doc = {
        "value": vault.seal(value, context=records.context(name, number)) if sealed else value,
        "sealed": sealed,
        "type": parameter["type"],
        "key": (request.get("KeyId") or DEFAULT_KEY) if sealed else "",
        "description": request.get("Description", ""),
        "pattern": request.get("AllowedPattern", ""),
        "tier": parameter["tier"],
        "modified": ctx.now,
        "user": ctx.caller.arn,
    }
    tx.put(VERSION, records.version_key(name, number), version)


def _prune(tx: WriteTx, parameter: Doc) -> None:
    """Forget the oldest version beyond the hundredth; ParameterMaxVersionLimitExceeded when it has a label."""
    oldest = parameter["first"]
    if parameter["version"] - oldest < MOST_VERSIONS:
        return
    if oldest in parameter["labels"].values():
        text = f"You attempted to create a new version of {parameter['name']} by calling the PutParameter API with the overwrite"
        raise ApiError(
            "ParameterMaxVersionLimitExceeded",
            f"{text} flag. Version {oldest}, the oldest version, can't be deleted because it has a label associated with it. "
            "Move the label to another version of the parameter, and try again.",
        )
    tx.delete(VERSION, records.version_key(parameter["name"], oldest))
    parameter["first"] = oldest + 1


def delete_parameter(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a parameter with all its versions."""
    with store.write() as tx:
        _remove(tx, records.require(tx, request["Name"]))
    return {}


def delete_parameters(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete those parameters that there are."""
    deleted: list[str] = []
    unknown: list[str] = []
    with store.write() as tx:
        for name in dict.fromkeys(request["Names"]):
            found = records.find(tx, name)
            (unknown if found is None else deleted).append(name)
            if found is not None:
                _remove(tx, found)
    return {"DeletedParameters": deleted, "InvalidParameters": unknown}


def _remove(tx: WriteTx, parameter: Doc) -> None:
    for number in range(parameter["first"], parameter["version"] + 1):
        tx.delete(VERSION, records.version_key(parameter["name"], number))
    tx.delete(PARAMETER, parameter["name"])
