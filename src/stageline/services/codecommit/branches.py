"""Branches: make, show, list, delete, choose the default one."""

from pathlib import Path

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.events import Events
from stageline.ports.store import Store
from stageline.services.codecommit.announcements import Change, announce
from stageline.services.codecommit.pages import parts, token
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import check_branch_name, is_commit_id
from stageline.services.codecommit.plumbing.refs import HEADS, default_branch, held, read_head, read_ref, read_refs
from stageline.services.codecommit.records import opened

PAGE = 1_000


def create_branch(ctx: Context, request: Request, *, store: Store, git_dir: Path, events: Events) -> Response:
    """Make a branch at a commit; the default branch stays what it is."""
    name, commit = request["branchName"], request["commitId"]
    check_branch_name(name)
    if not is_commit_id(commit):
        raise ApiError("InvalidCommitIdException", "The commit ID is not valid; give all 40 hexadecimal digits.")
    with opened(store, git_dir, request["repositoryName"]) as (doc, folder):
        with git.Objects(folder) as objects:
            found = objects.info(commit.lower())
        if found is None or found[0] != "commit":
            raise ApiError("CommitDoesNotExistException", f"The commit {commit} does not exist in {doc['name']}")
        with held(folder):
            if read_ref(folder, HEADS + name):
                raise ApiError("BranchNameExistsException", f"The branch {name} already exists in {doc['name']}")
            _create_ref(folder, name, commit.lower())
            announce(ctx, store, events, doc, [Change(HEADS + name, git.ZERO, commit.lower())])
    return {}


def get_branch(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """A branch and the commit at its tip."""
    for member, code in (("repositoryName", "RepositoryNameRequiredException"), ("branchName", "BranchNameRequiredException")):
        if not request.get(member):
            raise ApiError(code, f"The {member} is required.")
    name = request["branchName"]
    check_branch_name(name)
    with opened(store, git_dir, request["repositoryName"]) as (_, folder):
        commit = read_ref(folder, HEADS + name)
    if commit is None:
        raise no_branch(request["repositoryName"], name)
    return {"branch": {"branchName": name, "commitId": commit}}


def list_branches(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """The names of all branches, sorted."""
    after = parts(request["nextToken"], str)[0] if request.get("nextToken") else ""
    with opened(store, git_dir, request["repositoryName"]) as (_, folder):
        names = [ref.removeprefix(HEADS) for ref in read_refs(folder, HEADS)]
    names = [name for name in names if name > after]
    result: Response = {"branches": names[:PAGE]}
    if len(names) > PAGE:
        result["nextToken"] = token(names[PAGE - 1])
    return result


def delete_branch(ctx: Context, request: Request, *, store: Store, git_dir: Path, events: Events) -> Response:
    """Delete a branch; one that is not there is no error, the default branch cannot go."""
    name = request["branchName"]
    check_branch_name(name)
    with opened(store, git_dir, request["repositoryName"]) as (doc, folder), held(folder):
        commit = read_ref(folder, HEADS + name)
        if commit is None:
            return {}
        if name == read_head(folder):
            raise ApiError(
                "DefaultBranchCannotBeDeletedException",
                f"{name} is the default branch of {doc['name']}; make another branch the default one first.",
            )
        git.update_ref(folder, HEADS + name, git.ZERO, commit)
        announce(ctx, store, events, doc, [Change(HEADS + name, commit, git.ZERO)])
    return {"deletedBranch": {"branchName": name, "commitId": commit}}


def update_default_branch(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """Make another branch the default one."""
    name = request["defaultBranchName"]
    check_branch_name(name)
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), held(folder):
        if read_ref(folder, HEADS + name) is None:
            raise no_branch(request["repositoryName"], name)
        if default_branch(folder) != name:
            git.set_head(folder, name)
    return {}


def no_branch(repository: str, branch: str) -> ApiError:
    """The refusal for a branch that is not there."""
    return ApiError("BranchDoesNotExistException", f"The branch {branch} does not exist in the repository {repository}")


def _create_ref(folder: Path, name: str, commit: str) -> None:
    try:
        git.update_ref(folder, HEADS + name, commit, git.ZERO)
    except git.GitError as error:
        # Git keeps branches as files: 'a' and 'a/b' cannot both be.
        raise ApiError(
            "InvalidBranchNameException", f"The branch {name} cannot be created beside the existing branches: {error}"
        ) from None
