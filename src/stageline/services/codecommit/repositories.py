"""Repositories: make, show, list, rename, describe, delete."""

import uuid
from pathlib import Path

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Store
from stageline.services.codecommit.pages import parts, token
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import check_repository_name
from stageline.services.codecommit.plumbing.refs import default_branch, held
from stageline.services.codecommit.records import KIND, find, folder_of, metadata, opened
from stageline.services.codecommit.tags import check_tags

PAGE = 1_000
BATCH = 100


def create_repository(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """Make an empty repository."""
    name = request["repositoryName"]
    check_repository_name(name)
    _check_description(request.get("repositoryDescription", ""))
    if request.get("kmsKeyId"):
        raise NotImplementedHere("kmsKeyId: encrypting a repository with a key of your own")
    tags = check_tags(request.get("tags", {}))
    taken = ApiError("RepositoryNameExistsException", f"Repository named {name} already exists")
    with store.read() as tx:
        if tx.get(KIND, name) is not None:
            raise taken
    doc = {"id": str(uuid.uuid4()), "name": name, "created": ctx.now, "modified": ctx.now, "tags": tags}
    if request.get("repositoryDescription"):
        doc["description"] = request["repositoryDescription"]
    folder = folder_of(git_dir, doc)
    git.create(folder)
    with store.write() as tx:
        inserted = tx.insert(KIND, name, doc)
    if not inserted:
        git.remove(folder)
        raise taken
    return {"repositoryMetadata": metadata(ctx, doc, None)}


def get_repository(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """One repository."""
    with opened(store, git_dir, request["repositoryName"]) as (doc, folder):
        return {"repositoryMetadata": metadata(ctx, doc, default_branch(folder))}


def batch_get_repositories(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """Several repositories; those that are not there are named in ``repositoriesNotFound`` and in ``errors``."""
    names = list(dict.fromkeys(request["repositoryNames"]))
    if not names:
        raise ApiError("RepositoryNamesRequiredException", "At least one repository name is required.")
    if len(names) > BATCH:
        raise ApiError("MaximumRepositoryNamesExceededException", f"At most {BATCH} repository names are taken at once.")
    for name in names:
        check_repository_name(name)
    found, absent = [], []
    with store.read() as tx:
        docs = {name: tx.get(KIND, name) for name in names}
    for name, doc in docs.items():
        try:
            if doc is None:
                raise git.Missing(name)
            found.append(metadata(ctx, doc, default_branch(folder_of(git_dir, doc))))
        except git.Missing:
            absent.append(name)
    errors = [
        {"repositoryName": name, "errorCode": "RepositoryDoesNotExistException", "errorMessage": f"{name} does not exist"}
        for name in absent
    ]
    return {"repositories": found, "repositoriesNotFound": absent, "errors": errors}


def list_repositories(ctx: Context, request: Request, *, store: Store) -> Response:
    """Names and ids of all repositories, by name or by the last change."""
    by = request.get("sortBy", "repositoryName")
    order = request.get("order", "ascending")
    if by not in ("repositoryName", "lastModifiedDate"):
        raise ApiError("InvalidSortByException", "sortBy is repositoryName or lastModifiedDate.")
    if order not in ("ascending", "descending"):
        raise ApiError("InvalidOrderException", "order is ascending or descending.")
    with store.read() as tx:
        docs = [doc for _, doc in tx.scan(KIND)]

    def position(doc: dict[str, object]) -> tuple[object, ...]:
        return (doc["modified"], doc["name"]) if by == "lastModifiedDate" else (0, doc["name"])

    docs.sort(key=position, reverse=order == "descending")
    if request.get("nextToken"):
        modified, name = parts(request["nextToken"], int, str)
        after = (modified if by == "lastModifiedDate" else 0, name)
        docs = [doc for doc in docs if (position(doc) < after if order == "descending" else position(doc) > after)]
    page = docs[:PAGE]
    result: Response = {"repositories": [{"repositoryName": doc["name"], "repositoryId": doc["id"]} for doc in page]}
    if len(docs) > PAGE:
        result["nextToken"] = token(page[-1]["modified"], page[-1]["name"])
    return result


def delete_repository(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """Delete a repository with all that was pushed to it; a name that is not taken is no error."""
    name = request["repositoryName"]
    check_repository_name(name)
    with store.write() as tx:
        doc = tx.get(KIND, name)
        if doc is None:
            return {}
        tx.delete(KIND, name)
    folder = folder_of(git_dir, doc)
    try:
        with held(folder):
            git.remove(folder)
    except git.Missing:
        git.remove(folder)
    return {"repositoryId": doc["id"]}


def update_repository_name(ctx: Context, request: Request, *, store: Store) -> Response:
    """Rename a repository; its URLs and its ARN follow the name."""
    old, new = request["oldName"], request["newName"]
    check_repository_name(new)
    with store.write() as tx:
        doc = find(tx, old)
        if not tx.insert(KIND, new, {**doc, "name": new, "modified": ctx.now}):
            raise ApiError("RepositoryNameExistsException", f"Repository named {new} already exists")
        tx.delete(KIND, old)
    return {}


def update_repository_description(ctx: Context, request: Request, *, store: Store) -> Response:
    """Change, or with no text remove, the description."""
    text = request.get("repositoryDescription", "")
    _check_description(text)
    with store.write() as tx:
        doc = find(tx, request["repositoryName"])
        doc = {**doc, "modified": ctx.now, "description": text}
        if not text:
            del doc["description"]
        tx.put(KIND, doc["name"], doc)
    return {}


def sweep(store: Store, git_dir: Path, now: int, *, age: int = 3_600_000) -> int:
    """Delete folders that belong to no repository (left by a crash) and are older than ``age`` ms; returns how many."""
    with store.read() as tx:
        known = {doc["id"] for _, doc in tx.scan(KIND)}
    stray = [
        folder
        for folder in (git_dir.iterdir() if git_dir.is_dir() else ())
        if folder.name.removesuffix(".deleted") not in known and folder.stat().st_mtime_ns // 1_000_000 < now - age
    ]
    for folder in stray:
        git.remove(folder.with_name(folder.name.removesuffix(".deleted")))
    return len(stray)


def _check_description(text: str) -> None:
    if len(text) > 1_000 or any(char < " " and char not in "\t\r\n" for char in text):
        raise ApiError(
            "InvalidRepositoryDescriptionException",
            "The repository description is not valid: at most 1,000 characters, no control characters.",
        )
