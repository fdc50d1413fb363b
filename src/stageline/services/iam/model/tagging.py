"""Tags of users, roles and policies: keys are unique ignoring case, the case of the last writer stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from stageline.ports.api import ApiError

MOST = 50


def tagged(before: Mapping[str, str], given: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The tags after a request's ``Tags`` were put over ``before``."""
    keys = [tag["Key"].lower() for tag in given]
    if len(set(keys)) != len(keys):
        raise ApiError("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    for key in keys:
        if key.startswith("aws:"):
            raise ApiError("InvalidInput", "Tag keys that begin with aws: are reserved for system use.")
    after = {key: value for key, value in before.items() if key.lower() not in keys}
    after.update({tag["Key"]: tag.get("Value", "") for tag in given})
    if len(after) > MOST:
        raise ApiError("LimitExceeded", f"Cannot exceed quota for TagsPerResource: {MOST}", 409)
    return after


def untagged(before: Mapping[str, str], keys: Sequence[str]) -> dict[str, str]:
    """The tags without those keys."""
    gone = {key.lower() for key in keys}
    return {key: value for key, value in before.items() if key.lower() not in gone}


def described(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as an answer carries them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
