"""Tags of parameters."""

from collections.abc import Mapping, Sequence

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.ssm import records

MOST = 50


def checked(given: Sequence[Mapping[str, str]], before: Mapping[str, str]) -> dict[str, str]:
    """All tags once those given are added; ValidationException, TooManyTagsError."""
    if any(tag["Key"].lower().startswith("aws:") for tag in given):
        raise ApiError("ValidationException", "Tag keys that begin with aws: are the system's own.")
    found = {**before, **{tag["Key"]: tag["Value"] for tag in given}}
    if len(found) > MOST:
        raise ApiError("TooManyTagsError", f"A parameter has at most {MOST} tags.")
    return found


def add_tags_to_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags, or change their values."""
    with store.write() as tx:
        parameter = _parameter(tx, request)
        tx.put(records.PARAMETER, parameter["name"], {**parameter, "tags": checked(request["Tags"], parameter["tags"])})
    return {}


def remove_tags_from_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take tags off; keys that are not there are no error."""
    with store.write() as tx:
        parameter = _parameter(tx, request)
        kept = {key: value for key, value in parameter["tags"].items() if key not in request["TagKeys"]}
        tx.put(records.PARAMETER, parameter["name"], {**parameter, "tags": kept})
    return {}


def list_tags_for_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """All tags."""
    with store.read() as tx:
        tags = _parameter(tx, request)["tags"]
    return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _parameter(tx: ReadTx, request: Request) -> Doc:
    kind = request["ResourceType"]
    if kind != "Parameter":
        raise ApiError("InvalidResourceType", f"This server has parameters only, no resource of the type {kind}.")
    found = records.find(tx, request["ResourceId"])
    if found is None:
        text = f"The resource ID {request['ResourceId']} is not valid. Give the name of a parameter that there is."
        raise ApiError("InvalidResourceId", text)
    return found
