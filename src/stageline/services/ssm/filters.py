"""Filters of parameter listings, each with the keys and options that it may have."""

from collections.abc import Mapping, Sequence
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.store import Doc
from stageline.services.ssm.names import invalid

_EQUALS = ("Equals", "BeginsWith")
DESCRIBED: Mapping[str, tuple[str, ...]] = {
    "Name": ("Equals", "BeginsWith", "Contains"),
    "Type": _EQUALS,
    "KeyId": _EQUALS,
    "Path": ("OneLevel", "Recursive"),
    "Tier": ("Equals",),
    "DataType": _EQUALS,
    "tag": ("Equals",),
}
"""Keys of DescribeParameters with their options, the default first."""
BY_PATH: Mapping[str, tuple[str, ...]] = {"Type": _EQUALS, "KeyId": _EQUALS, "Label": ("Equals",)}
"""Keys of GetParametersByPath."""
_ENUMS = {"Type": ("String", "StringList", "SecureString"), "Tier": ("Standard", "Advanced", "Intelligent-Tiering")}

Filter = Mapping[str, Any]


def checked(filters: Sequence[Filter], known: Mapping[str, tuple[str, ...]]) -> list[Filter]:
    """The filters with their options filled in; InvalidFilterKey, InvalidFilterOption, InvalidFilterValue."""
    keys = [each["Key"] for each in filters]
    if len(set(keys)) < len(keys):
        raise invalid("The same filter key comes twice. Give all its values in one filter.")
    return [_one(each, known) for each in filters]


def _one(given: Filter, known: Mapping[str, tuple[str, ...]]) -> Filter:
    key = given["Key"]
    options = known.get("tag" if key.startswith("tag:") else key)
    if options is None:
        raise ApiError("InvalidFilterKey", f"The filter key {key} is not valid here. Valid ones are {', '.join(known)}.")
    option = given.get("Option", options[0])
    if option not in options:
        text = f"The filter option {option} is not valid for the key {key}. Valid ones are {', '.join(options)}."
        raise ApiError("InvalidFilterOption", text)
    values = given.get("Values", [])
    if not values and not key.startswith("tag:"):
        raise ApiError("InvalidFilterValue", f"The filter {key} needs values.")
    if key == "Path" and not all(value.startswith("/") for value in values):
        raise ApiError("InvalidFilterValue", "A path begins with a slash.")
    if option == "Equals" and any(value not in _ENUMS.get(key, (value,)) for value in values):
        raise ApiError("InvalidFilterValue", f"The values of the filter {key} are among {', '.join(_ENUMS[key])}.")
    return {"Key": key, "Option": option, "Values": values}


def passes(parameter: Doc, version: Doc, filters: Sequence[Filter]) -> bool:
    """Whether a parameter in its latest version passes all filters."""
    return all(_passes(parameter, version, each) for each in filters)


def _passes(parameter: Doc, version: Doc, chosen: Filter) -> bool:
    key, option, values = chosen["Key"], chosen["Option"], chosen["Values"]
    if key.startswith("tag:"):
        tag = key.removeprefix("tag:")
        return tag in parameter["tags"] and (not values or parameter["tags"][tag] in values)
    if key == "Label":
        return any(parameter["labels"].get(value) is not None for value in values)
    if key == "Path":
        return any(below(parameter["name"], value, recursive=option == "Recursive") for value in values)
    text = {
        "Name": parameter["name"],
        "Type": parameter["type"],
        "KeyId": version["key"],
        "Tier": parameter["tier"],
        "DataType": "text",
    }[key]
    return any(_fits(text, option, value) for value in values)


def _fits(text: str, option: str, value: str) -> bool:
    if option == "BeginsWith":
        # A name is found with and without its first slash.
        return text.startswith(value) or text.removeprefix("/").startswith(value)
    return value in text if option == "Contains" else text == value


def below(name: str, path: str, *, recursive: bool) -> bool:
    """Whether a name lies below a path, directly unless ``recursive``."""
    folder = path.rstrip("/") + "/"
    full = name if name.startswith("/") else f"/{name}"
    return full.startswith(folder) and (recursive or "/" not in full[len(folder) :])
