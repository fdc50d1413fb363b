"""Reading files, folders and blobs of a commit."""

from pathlib import Path
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.codecommit.commits import resolve
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import file_path, folder_path, is_commit_id
from stageline.services.codecommit.plumbing.objects import SUBMODULE, SYMLINK, TREE
from stageline.services.codecommit.plumbing.trees import Folder, mode_name
from stageline.services.codecommit.records import opened

FILE_LIMIT = 6 * 1024 * 1024


def get_file(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """A file of a commit with its content. A link is a file whose content is its target; it is not followed."""
    path = file_path(request["filePath"])
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), git.Objects(folder) as objects:
        commit_id, commit = resolve(objects, folder, request.get("commitSpecifier"))
        node = Folder(objects, commit.tree).find(path)
        if node is None or node.mode in (TREE, SUBMODULE):
            raise no_file(path, commit_id)
        content = _content(objects, node.oid)
    if content is None:
        raise no_file(path, commit_id)
    return {
        "commitId": commit_id,
        "blobId": node.oid,
        "filePath": path,
        "fileMode": mode_name(node.mode),
        "fileSize": len(content),
        "fileContent": content,
    }


def get_blob(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """The content of a blob by its id."""
    blob_id = request["blobId"]
    if not is_commit_id(blob_id):
        raise ApiError("InvalidBlobIdException", "The blob ID is not valid; give all 40 hexadecimal digits.")
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), git.Objects(folder) as objects:
        content = _content(objects, blob_id.lower())
    if content is None:
        raise ApiError("BlobIdDoesNotExistException", f"The blob {blob_id} does not exist in this repository")
    return {"content": content}


def get_folder(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """What lies in one folder of a commit, not below it."""
    path = folder_path(request["folderPath"])
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), git.Objects(folder) as objects:
        commit_id, commit = resolve(objects, folder, request.get("commitSpecifier"))
        at: Folder | None = Folder(objects, commit.tree)
        for part in path.encode().split(b"/") if path else []:
            at = at.enter(part) if at is not None else None
    if at is None:
        raise ApiError("FolderDoesNotExistException", f"The folder {path} does not exist in the commit {commit_id}")
    result: dict[str, Any] = {"commitId": commit_id, "folderPath": path, "treeId": at.oid}
    result |= {"subFolders": [], "files": [], "symbolicLinks": [], "subModules": []}
    for raw, node in at.nodes.items():
        name = raw.decode("utf-8", "replace")
        place = {"absolutePath": f"{path}/{name}" if path else name, "relativePath": name}
        if node.mode == TREE:
            result["subFolders"].append({"treeId": node.oid, **place})
        elif node.mode == SUBMODULE:
            result["subModules"].append({"commitId": node.oid, **place})
        else:
            kind = "symbolicLinks" if node.mode == SYMLINK else "files"
            result[kind].append({"blobId": node.oid, **place, "fileMode": mode_name(node.mode)})
    return result


def no_file(path: str, commit_id: str) -> ApiError:
    """The refusal for a file that is not there."""
    return ApiError("FileDoesNotExistException", f"The file {path} does not exist in the commit {commit_id}")


def _content(objects: git.Objects, oid: str) -> bytes | None:
    found = objects.info(oid)
    if found is None or found[0] != "blob":
        return None
    if found[1] > FILE_LIMIT:
        raise ApiError(
            "FileTooLargeException", f"The file has {found[1]} bytes; files over {FILE_LIMIT} bytes are read with a git client."
        )
    return objects.read(oid, "blob")
