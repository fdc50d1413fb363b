"""Users, groups, roles and policies as stored documents: where they lie, how they are found, changed and refused.

Every change of IAM goes through ``changing``: one writer at a time, and the generation that caches compare is counted up in
the same transaction. Names are unique ignoring case and matched with case.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from stageline.ports.api import ApiError
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.iam.model.ids import unique_id

GENERATION = ("iam.generation", "all")
POLICIES = "iam.policy"
KEYS = "iam.key"
CREDENTIALS = "iam.credential"
MEMBERS = "iam.member"
"""Membership, key ``group/user``, both in lower case."""
USES = "iam.use"
"""Who uses a managed policy, key ``ARN␟usage␟word␟name``; see ``use_key``."""
INSTANCE_PROFILES = "iam.instance-profile"
LOGINS = "iam.login"
"""Passwords of users, key: the user's unique id."""
ACCOUNT = "iam.account"
"""What there is once: ``alias``, ``password-policy``, ``credential-report``."""
ROLES_USED = "iam.role-used"
KEYS_USED = "iam.key-used"
GIT_USERS = "iam.git-user"
"""``ServiceUserName`` of a service-specific credential to its id."""
OWNERS = "iam.id"
"""Unique id of a user or role to the key of its document."""

_PATH = re.compile(r"/|/[!-~]+/")


@dataclass(frozen=True)
class EntityKind:
    """What differs between users, groups and roles."""

    word: str
    kind: str
    prefix: str
    quota: str
    most: int
    inline_most: int
    attached_quota: str

    @property
    def title(self) -> str:
        """``User``, ``Group``, ``Role``."""
        return self.word.capitalize()

    @property
    def name_member(self) -> str:
        """The request member that names one: ``UserName``."""
        return f"{self.title}Name"


USER = EntityKind("user", "iam.user", "AIDA", "UsersPerAccount", 5000, 2048, "PoliciesPerUser")
GROUP = EntityKind("group", "iam.group", "AGPA", "GroupsPerAccount", 300, 5120, "PoliciesPerGroup")
ROLE = EntityKind("role", "iam.role", "AROA", "RolesPerAccount", 1000, 10240, "PoliciesPerRole")
BY_WORD = {what.word: what for what in (USER, GROUP, ROLE)}


@contextmanager
def changing(store: Store) -> Iterator[WriteTx]:
    """A transaction that changes IAM."""
    with store.write() as tx:
        tx.lock("iam")
        yield tx
        tx.put(*GENERATION, {"value": generation(tx) + 1})


def generation(tx: ReadTx) -> int:
    """How often IAM has been changed so far."""
    doc = tx.get(*GENERATION)
    return int(doc["value"]) if doc else 0


def arn_of(account: str, what: EntityKind, doc: Doc) -> str:
    """The ARN of an entity."""
    return f"arn:aws:iam::{account}:{what.word}{doc['path']}{doc['name']}"


def find(tx: ReadTx, what: EntityKind, name: str) -> Doc | None:
    """The entity of exactly that name, or None."""
    doc = tx.get(what.kind, name.lower())
    return doc if doc is not None and doc["name"] == name else None


def need(tx: ReadTx, what: EntityKind, name: str) -> Doc:
    """The entity of exactly that name; refuses when there is none."""
    doc = find(tx, what, name)
    if doc is None:
        raise missing(what, name)
    return doc


def missing(what: EntityKind, name: str) -> ApiError:
    """The refusal for an entity that does not exist."""
    return ApiError("NoSuchEntity", f"The {what.word} with name {name} cannot be found.", 404)


def save(tx: WriteTx, what: EntityKind, doc: Doc) -> None:
    """Store a changed entity under its name."""
    tx.put(what.kind, doc["name"].lower(), doc)


def create(tx: WriteTx, what: EntityKind, doc: Doc) -> Doc:
    """Store a new entity, with a new id and without permissions."""
    check_path(doc["path"])
    key = doc["name"].lower()
    if tx.get(what.kind, key) is not None:
        raise ApiError("EntityAlreadyExists", f"{what.title} with name {doc['name']} already exists.", 409)
    if len(tx.scan(what.kind)) >= what.most:
        raise quota(what.quota, what.most)
    entity = {"id": unique_id(what.prefix), "inline": {}, "attached": [], "boundary": "", "tags": {}, **doc}
    tx.put(what.kind, key, entity)
    if what is not GROUP:
        tx.put(OWNERS, entity["id"], {"word": what.word, "key": key})
    return entity


def remove(tx: WriteTx, what: EntityKind, doc: Doc) -> None:
    """Delete an entity that holds nothing any more; refuses in AWS's words while it does."""
    if doc["inline"]:
        raise conflict("Cannot delete entity, must delete policies first.")
    if doc["attached"]:
        raise conflict("Cannot delete entity, must detach all policies first.")
    if doc["boundary"]:
        tx.delete(USES, use_key(doc["boundary"], "boundary", what, doc))
    tx.delete(what.kind, doc["name"].lower())
    tx.delete(OWNERS, doc["id"])


def rename(tx: WriteTx, what: EntityKind, doc: Doc, name: str, path: str) -> Doc:
    """Give an entity another name and path; its id, its permissions and its uses of policies stay."""
    check_path(path)
    key, old = name.lower(), doc["name"].lower()
    if key != old and tx.get(what.kind, key) is not None:
        raise ApiError("EntityAlreadyExists", f"{what.title} with name {name} already exists.", 409)
    uses = [(arn, "attached") for arn in doc["attached"]] + ([(doc["boundary"], "boundary")] if doc["boundary"] else [])
    for arn, usage in uses:
        tx.delete(USES, use_key(arn, usage, what, doc))
    tx.delete(what.kind, old)
    renamed = {**doc, "name": name, "path": path}
    tx.put(what.kind, key, renamed)
    for arn, usage in uses:
        add_use(tx, arn, usage, what, renamed)
    if what is not GROUP:
        tx.put(OWNERS, doc["id"], {"word": what.word, "key": key})
    return renamed


def use_key(policy_arn: str, usage: str, what: EntityKind, doc: Doc) -> str:
    """The key under which an entity's use (``attached`` or ``boundary``) of a managed policy is noted."""
    return "\x1f".join((policy_arn, usage, what.word, doc["name"].lower()))


def add_use(tx: WriteTx, policy_arn: str, usage: str, what: EntityKind, doc: Doc) -> None:
    """Note that an entity uses a managed policy."""
    tx.put(USES, use_key(policy_arn, usage, what, doc), {"name": doc["name"], "id": doc["id"], "path": doc["path"]})


def by_id(tx: ReadTx, unique: str) -> tuple[EntityKind, Doc] | None:
    """The user or role of a unique id, or None."""
    owner = tx.get(OWNERS, unique)
    if owner is None:
        return None
    what = BY_WORD[owner["word"]]
    doc = tx.get(what.kind, owner["key"])
    return (what, doc) if doc is not None and doc["id"] == unique else None


def need_modifiable(role: Doc) -> None:
    """Refuse to change what only an AWS service may change: its service-linked role."""
    if role["path"].startswith("/aws-service-role/"):
        message = f"Cannot perform the operation on the protected role '{role['name']}' - this role is only modifiable by AWS"
        raise ApiError("UnmodifiableEntity", message, 400)


def check_path(path: str) -> None:
    """Refuse a path that does not begin and end with a slash."""
    if not _PATH.fullmatch(path) or len(path) > 512:
        raise ApiError(
            "ValidationError",
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters "
            "and/or / characters.",
        )


def conflict(message: str) -> ApiError:
    """The refusal to delete what is still in use."""
    return ApiError("DeleteConflict", message, 409)


def quota(name: str, most: int) -> ApiError:
    """The refusal of one too many."""
    return ApiError("LimitExceeded", f"Cannot exceed quota for {name}: {most}", 409)
