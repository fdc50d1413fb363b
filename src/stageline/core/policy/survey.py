"""What a policy document speaks about: the condition keys it asks for, the services in which it grants something."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stageline.core.policy.pattern import Variable, template
from stageline.core.policy.statements import texts

_SPELT = re.compile(r"\$\{\s*([^{}$,']+?)\s*(?:,\s*'[^']*')?\s*\}")


def statements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a parsed document, in order."""
    found = document["Statement"]
    return [found] if isinstance(found, Mapping) else list(found)


def of_statement(body: Mapping[str, Any], variables: bool) -> list[str]:
    """The keys that one statement asks about, as it spells them; variables count in documents of 2012 only."""
    found: dict[str, str] = {}
    for block in body.get("Condition", {}).values():
        for key, values in block.items():
            found.setdefault(key.lower(), key)
            for text in texts(values) if variables else ():
                found.update({name.lower(): name for name in _names(text) if name.lower() not in found})
    for member in ("Resource", "NotResource"):
        for text in texts(body.get(member, [])) if variables else ():
            found.update({name.lower(): name for name in _names(text) if name.lower() not in found})
    return list(found.values())


def of_document(document: Mapping[str, Any]) -> list[str]:
    """The keys that a parsed document asks about."""
    variables = document.get("Version") == "2012-10-17"
    return [key for body in statements(document) for key in of_statement(body, variables)]


def _names(text: str) -> Iterator[str]:
    known = {token.name for token in template(text, True) if isinstance(token, Variable)}
    return (name for name in _SPELT.findall(text) if name.lower() in known)


def grants_in(document: Mapping[str, Any], vendor: str) -> bool:
    """Whether a statement of a parsed document allows an action of a service (``s3``), whatever resources and conditions say."""
    return any(_allows(body, vendor.lower()) for body in statements(document) if body["Effect"] == "Allow")


def _allows(body: Mapping[str, Any], vendor: str) -> bool:
    if "Action" in body:
        return any(name == "*" or name.partition(":")[0] in (vendor, "*") for name in map(str.lower, texts(body["Action"])))
    return not any(name in ("*", "*:*", f"{vendor}:*") for name in map(str.lower, texts(body["NotAction"])))
