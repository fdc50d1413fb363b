"""Reading parameters: one, several, all below a path, the history of one, descriptions without values."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.ports.vault import Vault
from stageline.services.ssm import filters, names, records
from stageline.services.ssm.names import invalid
from stageline.services.ssm.pages import page


def get_parameter(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """A parameter in its latest version, or in that of the selector."""
    text = request["Name"]
    with store.read() as tx:
        parameter = records.require(tx, text)
        found = _selected(tx, ctx, vault, parameter, names.wanted(text).selector, request)
    if found is None:
        said = f"Systems Manager could not find version {names.wanted(text).selector} of {parameter['name']}."
        raise ApiError("ParameterVersionNotFound", f"{said} Verify the version and try again.")
    return {"Parameter": found}


def _selected(tx: ReadTx, ctx: Context, vault: Vault, parameter: Doc, selector: str, request: Request) -> dict[str, Any] | None:
    number = records.selected(parameter, selector)
    if number is None:
        return None
    name = parameter["name"]
    decrypt = request.get("WithDecryption", False)
    shown = records.shown(ctx, vault, name, number, records.version(tx, name, number), decrypt=decrypt)
    return shown | ({"Selector": f":{selector}"} if selector else {})


def get_parameters(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """Those of up to ten parameters that there are, by name, and the names of the others."""
    wanted = request["Names"]
    if len(set(wanted)) < len(wanted):
        raise invalid("A name comes twice. Give each name once.")
    found: list[dict[str, Any]] = []
    unknown: list[str] = []
    with store.read() as tx:
        for text in wanted:
            parameter = records.find(tx, text)
            shown = parameter and _selected(tx, ctx, vault, parameter, names.wanted(text).selector, request)
            if shown:
                found.append(shown)
            else:
                unknown.append(text)
    return {"Parameters": sorted(found, key=lambda each: each["Name"]), "InvalidParameters": unknown}


def get_parameters_by_path(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """The parameters below a path, ten a page at most."""
    path = request["Path"]
    if not path.startswith("/"):
        raise invalid(f'The parameter path: {path} is not valid. It begins with "/" and has levels with "/" between them.')
    chosen = filters.checked(request.get("ParameterFilters", ()), filters.BY_PATH)
    recursive = request.get("Recursive", False)
    with store.read() as tx:
        listed = [
            (name, parameter)
            for name, parameter in tx.scan(records.PARAMETER, "" if path == "/" else path.rstrip("/") + "/")
            if filters.below(name, path, recursive=recursive) and _passes(tx, parameter, chosen)
        ]
        shown, following = page(request, listed, 10)
        found = [_selected(tx, ctx, vault, parameter, _label(parameter, chosen), request) for parameter in shown]
    return {"Parameters": found, "NextToken": following}


def _label(parameter: Doc, chosen: list[filters.Filter]) -> str:
    """The label by which a version was asked for, "" when none was."""
    labels = next((each["Values"] for each in chosen if each["Key"] == "Label"), ())
    return next((label for label in labels if label in parameter["labels"]), "")


def _passes(tx: ReadTx, parameter: Doc, chosen: list[filters.Filter]) -> bool:
    return not chosen or filters.passes(parameter, records.version(tx, parameter["name"], parameter["version"]), chosen)


def describe_parameters(ctx: Context, request: Request, *, store: Store) -> Response:
    """Parameters without their values, by name."""
    old, newer = request.get("Filters"), request.get("ParameterFilters")
    if old and newer:
        raise invalid("You can use either Filters or ParameterFilters in a single request.")
    # The older form means: one of these beginnings.
    given = [{**each, "Option": "BeginsWith" if each["Key"] != "Type" else "Equals"} for each in old or ()] or newer or ()
    chosen = filters.checked(given, filters.DESCRIBED)
    if request.get("Shared"):
        return {"Parameters": []}
    with store.read() as tx:
        listed = [(name, each) for name, each in tx.scan(records.PARAMETER) if _passes(tx, each, chosen)]
        shown, following = page(request, listed, 50)
        found = [_described(tx, ctx, each) for each in shown]
    return {"Parameters": found, "NextToken": following}


def _described(tx: ReadTx, ctx: Context, parameter: Doc) -> dict[str, Any]:
    name, number = parameter["name"], parameter["version"]
    return {"Name": name, "ARN": names.arn(ctx, name), **records.described(number, records.version(tx, name, number))}


def get_parameter_history(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """All versions that are kept, oldest first."""
    with store.read() as tx:
        parameter = records.require(tx, request["Name"])
        name = parameter["name"]
        numbers = [(f"{number:012d}", number) for number in range(parameter["first"], parameter["version"] + 1)]
        shown, following = page(request, numbers, 50)
        found = [_past(tx, vault, parameter, number, decrypt=request.get("WithDecryption", False)) for number in shown]
    return {"Parameters": [{"Name": name, **each} for each in found], "NextToken": following}


def _past(tx: ReadTx, vault: Vault, parameter: Doc, number: int, *, decrypt: bool) -> dict[str, Any]:
    name = parameter["name"]
    version = records.version(tx, name, number)
    labels = [label for label, labelled in parameter["labels"].items() if labelled == number]
    value = records.value(vault, name, number, version, decrypt=decrypt)
    return {**records.described(number, version), "Value": value, "Labels": labels or None}
