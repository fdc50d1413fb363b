"""Reading commits, and finding the commit that a specifier means."""

from pathlib import Path

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.codecommit.pages import parts, token
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import file_path, is_commit_id, is_ref_name
from stageline.services.codecommit.plumbing.objects import Commit, parse_commit, peeled
from stageline.services.codecommit.plumbing.refs import HEADS, TAGS, read_head, read_ref
from stageline.services.codecommit.plumbing.trees import Folder
from stageline.services.codecommit.records import opened

BATCH = 100
PAGE = 100


def get_commit(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """One commit by its full id."""
    commit_id = request["commitId"]
    if not is_commit_id(commit_id):
        raise ApiError("InvalidCommitIdException", "The commit ID is not valid; give all 40 hexadecimal digits.")
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), git.Objects(folder) as objects:
        data = objects.read(commit_id.lower(), "commit")
    if data is None:
        raise ApiError("CommitIdDoesNotExistException", f"The commit {commit_id} does not exist in this repository")
    return {"commit": shown(commit_id.lower(), parse_commit(data))}


def batch_get_commits(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """Several commits; those that are not there are listed in ``errors``."""
    ids = list(dict.fromkeys(request["commitIds"]))
    if not ids:
        raise ApiError("CommitIdsListRequiredException", "At least one commit ID is required.")
    if len(ids) > BATCH:
        raise ApiError("CommitIdsLimitExceededException", f"At most {BATCH} commit IDs are taken at once.")
    commits, errors = [], []
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), git.Objects(folder) as objects:
        for commit_id in ids:
            data = objects.read(commit_id.lower(), "commit") if is_commit_id(commit_id) else None
            if data is not None:
                commits.append(shown(commit_id.lower(), parse_commit(data)))
            else:
                errors.append(_failure(commit_id))
    return {"commits": commits, "errors": errors}


def list_file_commit_history(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """The commits that changed a file, newest first, each with those that changed it next."""
    size = request.get("maxResults", PAGE)
    if not 1 <= size <= PAGE:
        raise ApiError("InvalidMaxResultsException", f"maxResults is 1 to {PAGE}.")
    path = file_path(request["filePath"])
    specifier, start = request.get("commitSpecifier"), 0
    if request.get("nextToken"):
        specifier, start = parts(request["nextToken"], str, int)
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), git.Objects(folder) as objects:
        tip, _ = resolve(objects, folder, specifier)
        listed = git.run(folder, "rev-list", "--parents", "--end-of-options", tip, "--", path).decode().splitlines()
        lines = [line.split(" ") for line in listed]
        children: dict[str, list[str]] = {}
        for commit_id, *parents in lines:
            for parent in parents:
                children.setdefault(parent, []).append(commit_id)
        versions = []
        for commit_id, *_ in lines[start : start + size]:
            oid, commit = resolve(objects, folder, commit_id)
            node = Folder(objects, commit.tree).find(path)
            blob = node.oid if node is not None else None
            newer = children.get(oid, [])
            versions.append({"commit": shown(oid, commit), "blobId": blob, "path": path, "revisionChildren": newer})
    result: Response = {"revisionDag": versions}
    if len(lines) > start + size:
        result["nextToken"] = token(tip, start + size)
    return result


def resolve(objects: git.Objects, folder: Path, specifier: str | None) -> tuple[str, Commit]:
    """The commit that a branch, a tag, a full reference name, a full id or nothing (the default branch) means.

    CommitDoesNotExistException when there is none. Revision expressions such as ``main~1`` are not specifiers.
    """
    oid = _lookup(folder, specifier)
    if oid is None:
        what = specifier if specifier else f"the default branch {read_head(folder)}"
        raise ApiError("CommitDoesNotExistException", f"Could not resolve commit for {what}")
    oid = peel(objects, oid)
    data = objects.read(oid, "commit")
    if data is not None:
        return oid, parse_commit(data)
    raise ApiError("CommitDoesNotExistException", f"{specifier} does not name a commit")


def peel(objects: git.Objects, oid: str) -> str:
    """What lies under an annotated tag; any other object, or none, is its own answer."""
    for _ in range(8):  # A tag of a tag is legal; a longer chain is nobody's honest work.
        found = objects.info(oid)
        tag = objects.read(oid, "tag") if found is not None and found[0] == "tag" else None
        if tag is None:
            break
        oid = peeled(tag)
    return oid


def shown(commit_id: str, commit: Commit) -> Response:
    """A commit as the API shows it."""
    return {
        "commitId": commit_id,
        "treeId": commit.tree,
        "parents": list(commit.parents),
        "message": commit.message,
        "author": dict(zip(("name", "email", "date"), commit.author, strict=True)),
        "committer": dict(zip(("name", "email", "date"), commit.committer, strict=True)),
        "additionalData": "",
    }


def _lookup(folder: Path, specifier: str | None) -> str | None:
    if specifier is None or specifier == "HEAD":
        return read_ref(folder, HEADS + read_head(folder))
    if is_commit_id(specifier):
        return specifier.lower()
    if not is_ref_name(specifier):
        raise ApiError(
            "InvalidCommitException", "The commit specifier is not valid; give a branch, a tag, a reference or a full commit ID."
        )
    candidates = [HEADS + specifier, TAGS + specifier]
    if specifier.startswith((HEADS, TAGS)):
        candidates.insert(0, specifier)
    return next((oid for ref in candidates if (oid := read_ref(folder, ref))), None)


def _failure(commit_id: str) -> dict[str, str]:
    if not is_commit_id(commit_id):
        return {"commitId": commit_id, "errorCode": "InvalidCommitIdException", "errorMessage": f"{commit_id} is not a commit ID"}
    return {
        "commitId": commit_id,
        "errorCode": "CommitIdDoesNotExistException",
        "errorMessage": f"The commit {commit_id} does not exist in this repository",
    }
