"""What an action type must be like (API reference: ActionType, ActionConfigurationProperty, ActionTypeSettings).

Each rule answers why a definition is refused, or nothing. Shape constraints have been checked before.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from stageline.ports.api import ApiError
from stageline.ports.store import Doc
from stageline.services.codepipeline.custom.links import placeholders

TEMPLATES = ("entityUrlTemplate", "executionUrlTemplate", "revisionUrlTemplate")
CLIENT_ID, CLIENT_TOKEN = "ClientId", "ClientToken"
"""Properties of third-party types: whose job it is, and the secret by which the worker of that client proves itself."""
_BOTH = ("lambdaExecutorConfiguration", "jobWorkerExecutorConfiguration")


def check(stored: Doc) -> None:
    """ValidationException with the first thing that is wrong."""
    problem = next(_problems(stored), None)
    if problem:
        raise ApiError("ValidationException", problem)


def check_kept(stored: Doc, secrets: list[str]) -> None:
    """ValidationException when a property that pipelines hold secrets under would be shown from now on, in a URL for example."""
    shown = next((each["name"] for each in stored["properties"] if each["name"] in secrets and not each["secret"]), None)
    if shown:
        text = f"The property '{shown}' is noEcho, or was, and must stay so: pipelines hold secrets under its name."
        raise ApiError("ValidationException", f"{text} Use another name.")


def _problems(stored: Doc) -> Iterator[str]:
    yield from _category(stored)
    yield from _counts(stored)
    yield from _properties(stored["properties"])
    yield from _urls(stored)
    if stored["model"] is not None:
        yield from _executor(stored["model"]["executor"])
    if stored["id"]["owner"] == "ThirdParty":
        yield from _client(stored["properties"])


def _category(stored: Doc) -> Iterator[str]:
    if stored["id"]["category"] == "Compute":
        yield "The category Compute is not for custom action types; use Build, Deploy, Test, Invoke, Source or Approval."


def _counts(stored: Doc) -> Iterator[str]:
    for side in ("inputs", "outputs"):
        least, most = stored[side]
        if least > most:
            yield f"The minimumCount ({least}) of {side[:-1]} artifacts is greater than the maximumCount ({most})."
    if stored["id"]["category"] == "Source":
        if stored["inputs"][1] > 0:
            yield "A source action takes no input artifacts; set the maximumCount of inputArtifactDetails to 0."
        if stored["outputs"][1] < 1:
            yield "A source action makes an output artifact; set the maximumCount of outputArtifactDetails to 1 or more."


def _properties(properties: list[Mapping[str, Any]]) -> Iterator[str]:
    repeated = [name for name, count in Counter(each["name"] for each in properties).items() if count > 1]
    if repeated:
        yield f"Property names must be unique. The following name is used more than once: {repeated[0]}"
    queryable = [each for each in properties if each["queryable"]]
    if len(queryable) > 1:
        yield f"At most one property can be queryable; these are: {', '.join(each['name'] for each in queryable)}"
    for each in queryable:
        if not each["required"]:
            yield f"The property '{each['name']}' is queryable and must be required."
        if each["secret"]:
            yield f"The property '{each['name']}' is queryable and must not be secret."
    for each in properties:
        if "{" in each["name"] or "}" in each["name"]:
            yield f"The property name '{each['name']}' has a brace, which URL templates use for themselves."


def _urls(stored: Doc) -> Iterator[str]:
    settings = stored["settings"]
    for name, url in settings.items():
        if not _is_web(url):
            yield f"The {name} '{url}' is not an http or https URL with a host."
    usable = {f"Config:{each['name']}" for each in stored["properties"] if each["required"] and not each["secret"]}
    for name in TEMPLATES:
        allowed = usable | {"ExternalExecutionId"} | ({"RevisionId"} if name == "revisionUrlTemplate" else set())
        for found in placeholders(settings.get(name, "")):
            if found not in allowed:
                yield (
                    f"The {name} has the placeholder '{{{found}}}'. It can have {{ExternalExecutionId}} and {{Config:NAME}} with "
                    "the name of a property that is required and not secret; revisionUrlTemplate can have {RevisionId} as well."
                )


def _is_web(url: str) -> bool:
    """A link that a console can show: ``javascript:`` and the like are none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = all(ord(char) > 32 and ord(char) != 127 for char in url)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and plain


def _executor(executor: Mapping[str, Any]) -> Iterator[str]:
    wanted = _BOTH[0] if executor["type"] == "Lambda" else _BOTH[1]
    given = [name for name in _BOTH if name in executor["configuration"]]
    if given != [wanted]:
        yield f"An executor of type {executor['type']} has the configuration {wanted} and no other."


def _client(properties: list[Mapping[str, Any]]) -> Iterator[str]:
    named = {each["name"]: each for each in properties}
    identity, token = named.get(CLIENT_ID), named.get(CLIENT_TOKEN)
    if not identity or not identity["required"] or identity["secret"]:
        yield f"A third-party action type has a property {CLIENT_ID} that is not optional and not noEcho."
    if not token or not token["required"] or not token["secret"]:
        yield f"A third-party action type has a property {CLIENT_TOKEN} that is not optional and is noEcho."
