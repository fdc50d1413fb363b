"""The policies of somebody as a simulation needs them: text, what it is called, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import Policy, compile_policy
from stageline.ports.api import ApiError
from stageline.ports.store import Doc, ReadTx
from stageline.services.iam.model import managed
from stageline.services.iam.model.documents import parsed
from stageline.services.iam.model.entities import BY_WORD, GROUP, USER, EntityKind, arn_of, find


@dataclass(frozen=True)
class Source:
    """A policy with its name, its kind (``PolicySourceType``), and who holds it; ``arn`` is empty for one that is not managed."""

    name: str
    kind: str
    text: str
    holder: str = ""
    holder_kind: str = ""
    arn: str = ""

    @property
    def document(self) -> Mapping[str, Any]:
        """The parsed document."""
        return parsed(self.text)

    def policy(self, *, resource_side: bool = False) -> Policy:
        """The document made ready."""
        return compile_policy(self.document, resource_side=resource_side)

    @property
    def id(self) -> str:
        """``SourcePolicyId``: a managed policy's name, ``user_alice_given`` for an inline one, an input's number."""
        return self.name if self.arn or not self.holder else f"{self.holder_kind}_{self.holder}_{self.name}"


def entity(tx: ReadTx, account: str, arn: str) -> tuple[EntityKind, Doc]:
    """The user, group or role of an ARN; refuses what is not one, and one that does not exist."""
    parts = arn.split(":", 5)
    word, _, rest = (parts[5] if len(parts) == 6 else "").partition("/")
    if parts[:3] != ["arn", "aws", "iam"] or word not in BY_WORD or not rest:
        raise ApiError("InvalidInput", f"ARN {arn} is not that of a user, group or role.", 400)
    what = BY_WORD[word]
    doc = find(tx, what, rest.rsplit("/", 1)[-1])
    if doc is None or arn_of(account, what, doc) != arn:
        raise ApiError("NoSuchEntity", f"The {word} with ARN {arn} cannot be found.", 404)
    return what, doc


def of_entity(tx: ReadTx, account: str, what: EntityKind, doc: Doc) -> list[Source]:
    """The policies that grant to an entity: its own, and for a user those of its groups."""
    holders = [(what, doc)]
    if what is USER:
        holders += [(GROUP, group) for key in doc["groups"] if (group := tx.get(GROUP.kind, key)) is not None]
    found: list[Source] = []
    for kind, holder in holders:
        word, name = kind.word, holder["name"]
        found += [Source(policy, word, text, name, word) for policy, text in holder["inline"].items()]
        found += [_managed(tx, account, arn, name, word) for arn in holder["attached"]]
    return found


def boundary_of(tx: ReadTx, account: str, doc: Doc) -> Source | None:
    """The permissions boundary of a user or role."""
    return _managed(tx, account, doc["boundary"]) if doc.get("boundary") else None


def principal(account: str, what: EntityKind, doc: Doc) -> Principal:
    """A user, group or role as the evaluator knows it; a group counts as one of its members."""
    arn = arn_of(account, what, doc)
    if what.word == "role":
        session = f"arn:aws:sts::{account}:assumed-role/{doc['name']}/simulated"
        return Principal("role", session, account, f"{doc['id']}:simulated", arn)
    return Principal("user", arn, account, doc["id"])


def _managed(tx: ReadTx, account: str, arn: str, holder: str = "", word: str = "") -> Source:
    doc = managed.lookup(tx, account, arn)
    if doc is None:
        raise ApiError("NoSuchEntity", f"Policy {arn} was not found.", 404)
    kind = "aws-managed" if doc.get("aws") else "user-managed"
    return Source(doc["name"], kind, managed.text_of(doc), holder, word, arn)
