"""What differs between two commits, file by file."""

from collections.abc import Iterator
from pathlib import Path

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.codecommit.commits import resolve
from stageline.services.codecommit.pages import parts, token
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import folder_path
from stageline.services.codecommit.plumbing.objects import TREE, Node
from stageline.services.codecommit.plumbing.trees import Folder
from stageline.services.codecommit.records import opened

PAGE = 100
PAGE_LIMIT = 1_000


def get_differences(ctx: Context, request: Request, *, store: Store, git_dir: Path) -> Response:
    """Files added, modified and deleted between two commits, or all files of one as added; optionally below a path."""
    size = request.get("MaxResults", PAGE)
    if not 1 <= size <= PAGE_LIMIT:
        raise ApiError("InvalidMaxResultsException", f"MaxResults is 1 to {PAGE_LIMIT}.")
    after_path = folder_path(request.get("afterPath") or request.get("beforePath") or "")
    before_path = folder_path(request.get("beforePath") or request.get("afterPath") or "")
    before_name, after_name, start = request.get("beforeCommitSpecifier"), request["afterCommitSpecifier"], 0
    if request.get("NextToken"):
        before_id, after_name, start = parts(request["NextToken"], str, str, int)
        before_name = before_id or None
    with opened(store, git_dir, request["repositoryName"]) as (_, folder), git.Objects(folder) as objects:
        after_id, after = resolve(objects, folder, after_name)
        new = _at(objects, after.tree, after_path)
        before_id, old = "", None
        if before_name:
            before_id, before = resolve(objects, folder, before_name)
            old = _at(objects, before.tree, before_path)
        if new is None and old is None:
            raise ApiError("PathDoesNotExistException", f"The path {after_path or before_path} does not exist in these commits")
        found = list(_differences(folder, (old, before_path), (new, after_path)))
    result: Response = {"differences": found[start : start + size]}
    if len(found) > start + size:
        result["NextToken"] = token(before_id, after_id, start + size)
    return result


def _at(objects: git.Objects, tree: str, path: str) -> Node | None:
    return Folder(objects, tree).find(path) if path else Node(TREE, tree)


def _differences(folder: Path, old: tuple[Node | None, str], new: tuple[Node | None, str]) -> Iterator[Response]:
    (old_node, old_path), (new_node, new_path) = old, new
    # A path may be a file on one side and a folder on the other: compare folders with folders, report the file by itself.
    for node, path, kind in ((old_node, old_path, "D"), (new_node, new_path, "A")):
        other = new_node if kind == "D" else old_node
        if node is not None and node.mode != TREE and (other is None or other.mode == TREE):
            yield _entry(kind, node, node, path, path)
    if old_node and new_node and TREE not in (old_node.mode, new_node.mode):
        if old_node != new_node:
            yield _entry("M", old_node, new_node, old_path, new_path)
        return
    old_tree = old_node.oid if old_node and old_node.mode == TREE else git.EMPTY_TREE
    new_tree = new_node.oid if new_node and new_node.mode == TREE else git.EMPTY_TREE
    if old_tree == new_tree:
        return
    raw = git.run(folder, "diff-tree", "-r", "-z", "--no-renames", "--end-of-options", old_tree, new_tree)
    words = iter(raw.split(b"\0")[:-1])
    for head in words:
        name = next(words).decode("utf-8", "replace")
        old_mode, new_mode, old_oid, new_oid, letter = head.lstrip(b":").decode().split(" ")
        kind = letter if letter in ("A", "D") else "M"
        before, after = Node(int(old_mode, 8), old_oid), Node(int(new_mode, 8), new_oid)
        yield _entry(kind, before, after, f"{old_path}/{name}".lstrip("/"), f"{new_path}/{name}".lstrip("/"))


def _entry(kind: str, old: Node, new: Node, old_path: str, new_path: str) -> Response:
    entry: Response = {"changeType": kind}
    if kind != "A":
        entry["beforeBlob"] = {"blobId": old.oid, "path": old_path, "mode": f"{old.mode:06o}"}
    if kind != "D":
        entry["afterBlob"] = {"blobId": new.oid, "path": new_path, "mode": f"{new.mode:06o}"}
    return entry
