"""Managed policies, the customer's (stored) and AWS's (shipped as data, read-only), found by ARN."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.store import Doc, ReadTx
from stageline.services.iam.model.entities import POLICIES, USES

_PUBLISHED = 1_700_000_000_000
ATTACHED_MOST = 10


def arn_of(account: str, doc: Doc) -> str:
    """The ARN of a managed policy."""
    return f"arn:aws:iam::{'aws' if doc.get('aws') else account}:policy{doc['path']}{doc['name']}"


def sort_key(doc: Doc) -> str:
    """Where a policy stands in lists: by name; the customer's before AWS's of the same name."""
    return f"{doc['name'].lower()}\x1f{'aws' if doc.get('aws') else ''}"


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Doc]:
    """AWS's policies by ARN, in the form in which the customer's are stored."""
    folder = resources.files(__package__) / "awspolicies"
    policies: dict[str, Doc] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".json"):
            for entry in json.loads(file.read_text("utf-8")):
                doc = _shipped(entry)
                policies[arn_of("", doc)] = doc
    return policies


def _shipped(entry: Mapping[str, Any]) -> Doc:
    document = {"Version": "2012-10-17", "Statement": entry["statements"]}
    digest = hashlib.sha256(f"aws{entry['name']}".encode()).digest()
    version = {"document": json.dumps(document, indent=4), "created": _PUBLISHED}
    return {
        "aws": True,
        "name": entry["name"],
        "path": entry.get("path", "/"),
        "id": "ANPA" + base64.b32encode(digest).decode()[:17],
        "created": _PUBLISHED,
        "updated": _PUBLISHED,
        "description": entry.get("description", ""),
        "tags": {},
        "default": entry["version"],
        "versions": {entry["version"]: version},
    }


def lookup(tx: ReadTx, account: str, arn: str) -> Doc | None:
    """The policy of exactly that ARN, or None."""
    if arn in shipped():
        return shipped()[arn]
    doc = tx.get(POLICIES, arn.rsplit("/", 1)[-1].lower())
    return doc if doc is not None and arn_of(account, doc) == arn else None


def need(tx: ReadTx, account: str, arn: str) -> Doc:
    """The policy of exactly that ARN; refuses when there is none."""
    check_arn(arn)
    doc = lookup(tx, account, arn)
    if doc is None:
        raise ApiError("NoSuchEntity", f"Policy {arn} was not found.", 404)
    return doc


def own(tx: ReadTx, account: str, arn: str) -> Doc:
    """The customer's policy of that ARN, to change it; AWS's own cannot be changed."""
    doc = need(tx, account, arn)
    if doc.get("aws"):
        raise ApiError("AccessDenied", f"{arn} belongs to AWS and cannot be changed; create a policy of your own instead.", 403)
    return doc


def attachable(tx: ReadTx, account: str, arn: str) -> Doc:
    """The policy of that ARN, to attach it or to set it as a boundary; refuses when there is none."""
    check_arn(arn)
    doc = lookup(tx, account, arn)
    if doc is None:
        raise ApiError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
    if doc.get("aws") and doc["path"] == "/aws-service-role/":
        raise ApiError("PolicyNotAttachable", f"Policy {arn} belongs to a service-linked role: attach one of your own.", 400)
    return doc


def check_arn(arn: str) -> None:
    """Refuse what cannot be the ARN of a managed policy."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[:3] != ["arn", "aws", "iam"] or parts[3] or not parts[5].startswith("policy/"):
        raise ApiError("InvalidInput", f"ARN {arn} is not valid.")


def text_of(doc: Doc) -> str:
    """The document of the default version."""
    text: str = doc["versions"][doc["default"]]["document"]
    return text


def uses(tx: ReadTx, arn: str, usage: str) -> list[tuple[str, Doc]]:
    """Who uses a policy as ``attached`` or ``boundary``: (word, {name, id, path}), ordered by word and name."""
    rows = tx.scan(USES, f"{arn}\x1f{usage}\x1f")
    return [(key.split("\x1f")[2], doc) for key, doc in rows]
