"""Each action by itself: its type exists, its configuration fits the type, it takes and gives as many artifacts as it may."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from stageline.core.arn import parse
from stageline.core.build.buildspec import VARIABLE
from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.core.pipeline.commandtext import misplaced
from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.variables import references

Lookup = Callable[[TypeId], ActionType | None]
_NUMBER = re.compile(r"[0-9]+")
_QUERYABLE = re.compile(r"[A-Za-z0-9_-]{1,20}")


def invalid(message: str) -> Refusal:
    """A refusal of an action."""
    return Refusal("InvalidActionDeclaration", message)


def each_action(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Pairs of stage and action, in order."""
    for stage in document["stages"]:
        for action in stage["actions"]:
            yield stage, action


def check_actions(document: Mapping[str, Any], lookup: Lookup, *, region: str) -> Refusal | None:
    """Every action against its type."""
    for _, action in each_action(document):
        kind = action["actionTypeId"]
        found = lookup((kind["category"], kind["owner"], kind["provider"], kind["version"]))
        refusal = _unknown(action, region) if found is None else _fits(action, found, region)
        if refusal:
            return refusal
    return None


def _unknown(action: Mapping[str, Any], region: str) -> Refusal:
    kind = action["actionTypeId"]
    named = (
        f"Category: '{kind['category']}', Provider: '{kind['provider']}', Owner: '{kind['owner']}', Version: '{kind['version']}'"
    )
    where = region.upper().replace("-", "_")
    return invalid(f"ActionType ({named}) in action '{action['name']}' is not available in region '{where}'")


def _fits(action: Mapping[str, Any], kind: ActionType, region: str) -> Refusal | None:
    return (
        _counts(action, kind)
        or _configuration(action, kind)
        or _fields(action, kind, region)
        or (_approval(action, region) if kind.category == "Approval" else None)
    )


def _counts(action: Mapping[str, Any], kind: ActionType) -> Refusal | None:
    sides = (
        ("input", len(action.get("inputArtifacts", [])), kind.inputs),
        ("output", len(action.get("outputArtifacts", [])), kind.outputs),
    )
    for side, count, (least, most) in sides:
        text = f"Action {action['name']} declares {count} {side} artifacts which is"
        if count < least:
            return invalid(f"{text} less than the minimum count ({least})")
        if count > most:
            return invalid(f"{text} more than the maximum count ({most})")
    return None


def _configuration(action: Mapping[str, Any], kind: ActionType) -> Refusal | None:
    text = f"Action configuration for action '{action['name']}'"
    return properties_problem(text, action.get("configuration", {}), kind.properties)


def properties_problem(text: str, given: Mapping[str, str], properties: Sequence[Property]) -> Refusal | None:
    """What is wrong with a configuration; ``text`` says whose it is."""
    for each in properties:
        if each.required and not given.get(each.name):
            return invalid(f"{text} is missing required configuration '{each.name}'")
        value = given.get(each.name)
        shown = "****" if each.secret else value
        if value and each.kind == "Boolean" and "#{" not in value and value.lower() not in ("true", "false"):
            return invalid(f"{text} has the value '{shown}' for '{each.name}', which must be true or false")
        if value and each.kind == "Number" and "#{" not in value and not _NUMBER.fullmatch(value):
            return invalid(f"{text} has the value '{shown}' for '{each.name}', which must be a number")
        if value and each.choices and "#{" not in value and value not in each.choices:
            return invalid(f"{text} has the value '{shown}' for '{each.name}', which must be one of {', '.join(each.choices)}")
        if value and each.queryable and not _QUERYABLE.fullmatch(value):
            return invalid(f"{text} has a value for the queryable '{each.name}' that is not 1 to 20 letters, digits, '_' or '-'")
    known = {each.name for each in properties}
    unknown = next((name for name in given if name not in known), None)
    return invalid(f"{text} contains unknown configuration '{unknown}'") if unknown is not None else None


def _fields(action: Mapping[str, Any], kind: ActionType, region: str) -> Refusal | None:
    name = action["name"]
    for field in ("commands", "outputVariables", "environmentVariables"):
        if action.get(field) and kind.provider != "Commands":
            return invalid(f"Action {name} declares {field}, which can only be used with the Commands action")
    if any(each.get("files") for each in action.get("outputArtifacts", [])) and kind.provider != "Commands":
        return invalid(f"Action {name} declares files of an output artifact, which can only be used with the Commands action")
    if kind.provider == "Commands":
        refusal = check_commands(f"Action {name}", action) or _variables(action)
        if refusal:
            return refusal
    if action.get("timeoutInMinutes") and kind.category != "Approval":
        return invalid(f"Action {name} declares timeoutInMinutes, which can only be used with manual approval actions")
    wanted = action.get("region")
    if wanted and wanted != region:
        if kind.owner != "AWS" or kind.category == "Source":
            return invalid(f"Action {name} cannot be in another Region ({wanted}) than the pipeline")
        return invalid(f"Action {name} is in the Region {wanted}; this server has the Region {region} only")
    return None


def check_commands(who: str, declared: Mapping[str, Any]) -> Refusal | None:
    """The commands of an action or a rule; ``who`` is what has them."""
    commands = declared.get("commands", [])
    if not commands:
        return invalid(f"{who} must have a non-empty commands field")
    for each in commands:
        if "\n" in each or "\r" in each:
            return invalid(f"{who} has a command of several lines; each command is a single line")
        reference = misplaced(each)
        if reference:
            text = f"{who} references {reference} where the shell would evaluate its value as code, in the command: {each}."
            return invalid(f"{text} Put the value into an environment variable and use that one, or quote the reference plainly.")
    return None


def _variables(action: Mapping[str, Any]) -> Refusal | None:
    """The names of variables that go in and come out."""
    given = [each["name"] for each in action.get("environmentVariables", [])]
    for field, names in (("environmentVariables", given), ("outputVariables", action.get("outputVariables", []))):
        for name in names:
            if not VARIABLE.fullmatch(name):
                text = "a name has letters, digits and underscores and does not begin with a digit"
                return invalid(
                    f"Action {action['name']} names '{name}' in {field}, which no shell variable can be called; {text}"
                )
            if names.count(name) > 1:
                return invalid(f"Action {action['name']} names '{name}' in {field} more than once")
    return None


def _approval(action: Mapping[str, Any], region: str) -> Refusal | None:
    topic = action.get("configuration", {}).get("NotificationArn")
    if not topic or next(references(topic), None):
        return None
    arn = parse(topic)
    name = action["name"]
    if arn is None:
        return invalid(
            f"The ARN {topic} you specified for sending notifications for the approval action {name} contains a format error."
        )
    named = f"The ARN {topic} has been specified for sending notifications for the approval action {name}"
    if arn.service != "sns":
        return invalid(f"{named}, but the AWS service for this ARN cannot be used to send approval requests.")
    if arn.region != region:
        return invalid(f"{named}, but the ARN is not in the same region as the pipeline.")
    return None
