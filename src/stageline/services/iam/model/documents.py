"""Policy documents: refused in IAM's words when they are malformed, kept byte for byte, answered URL-encoded."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from stageline.core.policy import validate as language
from stageline.core.policy.elements import Malformed
from stageline.ports.api import ApiError


@lru_cache(maxsize=4096)
def parsed(text: str) -> Mapping[str, Any]:
    """A stored document as data. Shared between callers: nobody may change it."""
    document: Mapping[str, Any] = json.loads(text)
    return document


def size(text: str) -> int:
    """The length that counts toward quotas: white space does not."""
    return sum(1 for character in text if character not in " \t\r\n")


def encoded(text: str) -> str:
    """The form in which IAM's answers carry a document."""
    return quote(text, safe="")


def within(text: str, most: int, quota: str) -> None:
    """Refuse a document beyond a quota."""
    if size(text) > most:
        raise ApiError("LimitExceeded", f"Cannot exceed quota for {quota}: {most}", 409)


def validate(text: str, kind: language.Kind) -> Mapping[str, Any]:
    """Refuse a malformed document; the parsed one otherwise."""
    try:
        return language.validate(text, kind)
    except Malformed as error:
        raise ApiError("MalformedPolicyDocument", str(error), 400) from error
