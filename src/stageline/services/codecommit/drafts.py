"""A commit made by the API: checked against the tip of its branch, written as one pack, landed by compare-and-swap."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from stageline.ports.api import ApiError, Context, Request
from stageline.ports.events import Events
from stageline.ports.store import Doc, Store
from stageline.services.codecommit.announcements import Change, announce
from stageline.services.codecommit.branches import no_branch
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import check_branch_name, is_commit_id
from stageline.services.codecommit.plumbing.objects import Commit, oid_of, parse_commit, render_commit, render_pack
from stageline.services.codecommit.plumbing.refs import HEADS, TAGS, default_branch, held, read_ref, read_refs
from stageline.services.codecommit.plumbing.trees import Folder
from stageline.services.codecommit.records import opened

NAME_LIMIT = 1_000
MESSAGE_LIMIT = 100_000

_UNFIT = re.compile(r"[<>\x00-\x1f\x7f]|[\ud800-\udfff]")

R = TypeVar("R")


@dataclass
class Draft:
    """A tree that is being changed and the new blobs that it refers to; ``parent`` is empty for a first commit."""

    parent: str
    tree: Folder
    objects: git.Objects
    blobs: dict[str, bytes] = field(default_factory=dict)

    def blob(self, content: bytes) -> str:
        """Take content into the commit; its id."""
        oid = oid_of("blob", content)
        self.blobs[oid] = content
        return oid


@dataclass(frozen=True)
class Landed:
    """What came of a draft."""

    commit_id: str
    tree_id: str


def land(
    ctx: Context, request: Request, edit: Callable[[Draft], R], *, store: Store, git_dir: Path, events: Events
) -> tuple[Landed, R]:
    """Apply ``edit`` to the tip of a branch and move the branch to the resulting commit.

    The request holds repositoryName, branchName, parentCommitId, commitMessage, email, and authorName or name.
    """
    check_branch_name(request["branchName"])
    _check_words(request)
    with opened(store, git_dir, request["repositoryName"]) as (doc, folder), git.Objects(folder) as objects:
        parent = _parent(doc, folder, objects, request)
        data = objects.read(parent, "commit") if parent else None
        before = parse_commit(data) if data is not None else None
        draft = Draft(parent, Folder(objects, before.tree if before else git.EMPTY_TREE), objects)
        result = edit(draft)
        tree_id, trees = draft.tree.write()
        if before is not None and tree_id == before.tree:
            raise ApiError("NoChangeException", "The commit would not change anything.")
        commit = render_commit(_commit(ctx, request, tree_id, parent))
        commit_id = oid_of("commit", commit)
        blobs = [("blob", content) for content in draft.blobs.values()]
        if tree_id == git.EMPTY_TREE:
            trees = [("tree", b"")]
        _add(folder, [*blobs, *trees, ("commit", commit)])
        _swap(ctx, doc, folder, request, parent, commit_id, store=store, events=events)
        git.tidy(folder)
    return Landed(commit_id, tree_id), result


def _parent(doc: Doc, folder: Path, objects: git.Objects, request: Request) -> str:
    """The tip that the commit goes on top of, "" in an empty repository."""
    branch, given = request["branchName"], request.get("parentCommitId", "")
    if given and not is_commit_id(given):
        raise ApiError("InvalidParentCommitIdException", "The parent commit ID is not valid; give all 40 hexadecimal digits.")
    given = given.lower()
    tip = read_ref(folder, HEADS + branch)
    if tip is None:
        if read_ref(folder, TAGS + branch):
            raise ApiError("BranchNameIsTagNameException", f"{branch} is the name of a tag; give the name of a branch.")
        if read_refs(folder, HEADS):
            raise no_branch(doc["name"], branch)
    if given:
        found = objects.info(given)
        if found is None or found[0] != "commit":
            raise ApiError("ParentCommitDoesNotExistException", f"The parent commit {given} does not exist in {doc['name']}")
    if tip is None:
        return ""
    if not given:
        raise ApiError(
            "ParentCommitIdRequiredException",
            f"The parentCommitId is required: the repository is not empty, {branch} is at {tip}.",
        )
    if given != tip:
        raise _outdated(branch, tip)
    return tip


def _swap(
    ctx: Context, doc: Doc, folder: Path, request: Request, parent: str, commit_id: str, *, store: Store, events: Events
) -> None:
    branch = request["branchName"]
    with held(folder):
        tip = read_ref(folder, HEADS + branch) or ""
        if tip != parent:
            raise _outdated(branch, tip)
        git.update_ref(folder, HEADS + branch, commit_id, parent or git.ZERO)
        if default_branch(folder) is None:
            git.set_head(folder, branch)
        announce(ctx, store, events, doc, [Change(HEADS + branch, parent or git.ZERO, commit_id)])


def _add(folder: Path, objects: list[tuple[Any, bytes]]) -> None:
    try:
        git.add_pack(folder, render_pack(objects), len(objects))
    except git.GitError as error:
        if "fsck" not in str(error):
            raise
        raise ApiError("InvalidPathException", f"Git refuses the content of this commit: {error}") from None


def _commit(ctx: Context, request: Request, tree_id: str, parent: str) -> Commit:
    name = request.get("authorName") or request.get("name") or ctx.caller.arn.rpartition("/")[2].rpartition(":")[2]
    person = (name, request.get("email", ""), f"{ctx.now // 1000} +0000")
    return Commit(tree_id, (parent,) if parent else (), person, person, request.get("commitMessage", ""))


def _check_words(request: Request) -> None:
    name = request.get("authorName") or request.get("name") or ""
    email, message = request.get("email", ""), request.get("commitMessage", "")
    if len(name) > NAME_LIMIT or _UNFIT.search(name):
        raise ApiError(
            "NameLengthExceededException", f"The name has at most {NAME_LIMIT} characters, no angle brackets and no line breaks."
        )
    if len(email) > NAME_LIMIT or _UNFIT.search(email):
        raise ApiError("InvalidEmailException", "The email address is not valid: no angle brackets, no line breaks.")
    if len(message.encode("utf-8", "replace")) > MESSAGE_LIMIT or "\0" in message or re.search("[\ud800-\udfff]", message):
        raise ApiError(
            "CommitMessageLengthExceededException", f"The commit message is text of at most {MESSAGE_LIMIT} bytes without NUL."
        )


def _outdated(branch: str, tip: str) -> ApiError:
    return ApiError(
        "ParentCommitIdOutdatedException",
        f"The parent commit ID is not the tip of the branch {branch}, which is at {tip or 'no commit'}; try again on top of it.",
    )
