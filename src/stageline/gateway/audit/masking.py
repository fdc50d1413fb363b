"""A request or a result as the trail may keep it: nothing secret, nothing large, names as CloudTrail spells them.

What is secret is told by the model (its trait ``sensitive``), by names, and by where values come from: what an action's
configuration holds is kept only where the action's type says that it is no secret.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from botocore.model import Shape

from stageline.ports.audit.trail import HIDDEN

Plain = Mapping[tuple[str, str], frozenset[str]]
"""By category and provider: the properties of AWS's own action and rule types whose values may be kept."""

_SECRET_NAME: Final = re.compile(
    r".*(password|passphrase|secret|secretaccesskey|secretkey|privatekey|secretstring|secretbinary|secrettoken|sessiontoken"
    r"|authtoken|oauthtoken|accesstoken|refreshtoken|clienttoken|customerkey|authorization|codesha)|token|nonce",
    re.IGNORECASE,
)
_UNRECORDED: Final = frozenset(
    {
        *("buildspec", "buildspecOverride", "commands", "Metadata", "outputVariables", "continuationToken", "logEvents"),
        *("Detail", "Message", "MessageBody", "EncodedMessage", "Payload"),
    }
)
"""Contents rather than parameters: they may hold anything."""
_HIDDEN_IN: Final = {"EnvironmentVariable": ("value",), "Parameter": ("Value",)}
"""Members of shapes that hold secrets although nothing about their names says so."""
_CONFIGURATION: Final = frozenset({"EnvironmentVariables", "Commands", "BuildspecOverride", "Body"})
"""Properties that are no secrets themselves, but texts that may hold some."""
_LOGIN: Final = re.compile(r"(\w+://)[^/@\s]*@")
_QUERY: Final = re.compile(r"([?&][^=&\s]{1,128}=)[^&\s]+")
_LONGEST: Final = 10_000
_WIDEST: Final = 1000
_DEEPEST: Final = 40
_SCRUBBED_FROM, _SCRUBBED_TOO_FROM = 4, 8
"""Hidden values of at least so many characters are also taken out of messages, and out of the other members."""


class Masking:
    """Masks one request or result. ``hidden`` collects the texts that were left out."""

    def __init__(self, plain: Plain) -> None:
        self._plain = plain
        self.hidden: list[str] = []

    def whole(self, shape: Shape | None, value: Mapping[str, Any]) -> dict[str, Any]:
        """A request or a result. What is secret in one place is not kept in another, where it is by mistake or as an echo."""
        found = self.structure(shape, value)
        secrets = sorted({text for text in self.hidden if len(text) >= _SCRUBBED_TOO_FROM}, key=len, reverse=True)
        return dict(_without(found, secrets)) if secrets else found

    def structure(self, shape: Shape | None, value: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
        """The members of a structure. What the model does not know is left out."""
        members = shape.members if shape is not None and shape.type_name == "structure" else {}
        secret = _HIDDEN_IN.get(shape.name, ()) if shape is not None else ()
        found: dict[str, Any] = {}
        for name, item in value.items():
            if name not in members or item is None:
                continue
            if name == "configuration" and isinstance(item, Mapping):
                found[name] = self._configuration(value, item)
            else:
                found[_spelled(name)] = self._hide(item) if name in secret else self._value(members[name], name, item, depth)
        return found

    def _value(self, shape: Shape, name: str, value: Any, depth: int) -> Any:
        kind = shape.type_name
        if kind != "boolean" and (shape.metadata.get("sensitive") or _unfit(name)):
            return self._hide(value)
        if depth > _DEEPEST or getattr(shape, "is_document_type", False):
            return self._hide(value)
        if kind == "structure" and isinstance(value, Mapping):
            return self.structure(shape, value, depth + 1)
        if kind == "list" and isinstance(value, list | tuple):
            kept = [self._value(shape.member, "", item, depth + 1) for item in value[:_WIDEST]]
            return kept if len(value) <= _WIDEST else [*kept, f"and {len(value) - _WIDEST} more"]
        if kind == "map" and isinstance(value, Mapping):
            return {
                bounded(str(key), 512): self._value(shape.value, str(key), item, depth + 1)
                for key, item in list(value.items())[:_WIDEST]
            }
        return self._scalar(kind, value)

    def _scalar(self, kind: str, value: Any) -> Any:
        if isinstance(value, bool) or value is None:
            return value
        if kind == "timestamp" and isinstance(value, int | float):
            return instant(value)
        if isinstance(value, str):
            return without_login(bounded(value, _LONGEST))
        if kind in ("integer", "long", "float", "double") and isinstance(value, int | float):
            return value
        return f"{len(value)} bytes" if isinstance(value, bytes) else HIDDEN

    def _configuration(self, beside: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        kind = beside.get("actionTypeId") or beside.get("ruleTypeId") or {}
        shown: frozenset[str] = frozenset()
        if isinstance(kind, Mapping) and kind.get("owner", "AWS") == "AWS":
            shown = self._plain.get((str(kind.get("category")), str(kind.get("provider"))), shown) - _CONFIGURATION
        return {
            bounded(name, 512): self._scalar("string", item) if name in shown else self._hide(item)
            for name, item in list(values.items())[:_WIDEST]
        }

    def _hide(self, value: Any) -> str:
        self.hidden.extend(_texts(value))
        return HIDDEN

    def scrubbed(self, message: str) -> str:
        """A message without the texts that were hidden in what it is about."""
        for text in sorted(set(self.hidden), key=len, reverse=True):
            if len(text) >= _SCRUBBED_FROM:
                message = message.replace(text, HIDDEN)
        return without_login(message)


@lru_cache(4096)
def _unfit(name: str) -> bool:
    return name in _UNRECORDED or _SECRET_NAME.fullmatch(name) is not None


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value[:_LONGEST].decode("utf-8", "replace")
    elif depth < _DEEPEST and isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item, depth + 1)
    elif depth < _DEEPEST and isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, depth + 1)


def _without(value: Any, secrets: Sequence[str]) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
        return value
    if isinstance(value, dict):
        return {_without(name, secrets): _without(item, secrets) for name, item in value.items()}
    return [_without(item, secrets) for item in value] if isinstance(value, list) else value


def _spelled(name: str) -> str:
    return "bucketName" if name == "Bucket" else name[:1].lower() + name[1:]


def bounded(text: str, most: int) -> str:
    """A text, cut where it is longer than ``most`` characters."""
    return text if len(text) <= most else f"{text[:most]} (and {len(text) - most} characters more)"


def without_login(text: str) -> str:
    """A text without names and passwords in front of hosts, and without what follows ``=`` in the queries of addresses: there are
    the signatures of presigned ones, and the tokens of webhooks."""
    if "://" not in text:
        return text
    return _QUERY.sub(rf"\1{HIDDEN}", _LOGIN.sub(rf"\1{HIDDEN}@", text))


def instant(milliseconds: float) -> str | float:
    """An instant as CloudTrail writes it; the number itself where no calendar has it."""
    try:
        return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return milliseconds
