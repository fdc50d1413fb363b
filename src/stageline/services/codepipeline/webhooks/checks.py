"""Is a webhook one that can work? Its target is a source action, its authentication is complete, its filters can be met."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from stageline.core.jsonpath import BadPath, parse
from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx
from stageline.services.codepipeline import records
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.webhooks.payload import PLACEHOLDER

Definition = Mapping[str, Any]
WANTED = {"GITHUB_HMAC": "SecretToken", "IP": "AllowedIPRange", "UNAUTHENTICATED": ""}


def target(tx: ReadTx, ctx: Context, definition: Definition) -> Doc:
    """The source action that a webhook names; PipelineNotFoundException, ValidationException."""
    name = definition["targetPipeline"]
    record = records.find(tx, ctx, name)
    document = tx.get(records.VERSION, records.version_key(record["uid"], record["version"])) or {"stages": [{"actions": []}]}
    for action in document["stages"][0]["actions"]:
        if action["name"] == definition["targetAction"]:
            return dict(action)
    text = f"The targetAction '{definition['targetAction']}' is not an action of the first stage of the pipeline '{name}'."
    raise ApiError("ValidationException", text)


def authentication(definition: Definition) -> None:
    """Exactly what the type of authentication needs; InvalidWebhookAuthenticationParametersException."""
    kind, given = definition["authentication"], definition["authenticationConfiguration"]
    wanted = WANTED[kind]
    surplus = sorted(set(given) - {wanted})
    if wanted and not given.get(wanted):
        raise _unauthenticated(f"The authentication {kind} needs {wanted} in the authenticationConfiguration.")
    if surplus:
        takes = f"takes {wanted} only" if wanted else "takes nothing"
        raise _unauthenticated(f"The authentication {kind} {takes}; remove {', '.join(surplus)}.")
    if kind == "IP":
        _range(given["AllowedIPRange"])


def _range(text: str) -> None:
    try:
        if "/" not in text:
            raise ValueError("there is no prefix length")
        ip_network(text, strict=False)
    except ValueError as error:
        what = f"The AllowedIPRange '{text}' is not a range in CIDR notation such as 192.0.2.0/24"
        raise _unauthenticated(f"{what}: {error}.") from error


def _unauthenticated(text: str) -> ApiError:
    return ApiError("InvalidWebhookAuthenticationParametersException", text)


def filters(definition: Definition, action: Doc, lookup: Catalog) -> None:
    """Each path can be read and each placeholder has a value; InvalidWebhookFilterPatternException."""
    for each in definition["filters"]:
        try:
            parse(each["jsonPath"])
        except BadPath as error:
            raise _unfiltered(f"The jsonPath '{each['jsonPath']}' cannot be read: {error}.") from error
        for key in PLACEHOLDER.findall(each.get("matchEquals", "")):
            _placeholder(key, action, lookup)


def _placeholder(key: str, action: Doc, lookup: Catalog) -> None:
    kind = action["actionTypeId"]
    found = lookup.known((kind["category"], kind["owner"], kind["provider"], kind["version"]))
    if found and any(each.secret and each.name == key for each in found.properties):
        raise _unfiltered(
            f"The placeholder {{{key}}} of a matchEquals stands for a secret of the action, which a filter must not use."
        )
    if key not in action["configuration"]:
        known = ", ".join(sorted(action["configuration"])) or "none"
        text = f"The placeholder {{{key}}} of a matchEquals is no configuration key of the action '{action['name']}'"
        raise _unfiltered(f"{text}. Its keys: {known}.")


def _unfiltered(text: str) -> ApiError:
    return ApiError("InvalidWebhookFilterPatternException", text)
