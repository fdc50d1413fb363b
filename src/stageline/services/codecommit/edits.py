"""Commits through the API: one file put, one file deleted, or many changes at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.events import Events
from stageline.ports.store import Store
from stageline.services.codecommit.drafts import Draft, land
from stageline.services.codecommit.files import FILE_LIMIT
from stageline.services.codecommit.plumbing.names import file_path
from stageline.services.codecommit.plumbing.objects import FILE, SUBMODULE, TREE, Node
from stageline.services.codecommit.plumbing.trees import NUMBERS, mode_name

COMMIT_LIMIT = 7 * 1024 * 1024
ENTRIES = 100
KEEP = ".gitkeep"


def put_file(ctx: Context, request: Request, *, store: Store, git_dir: Path, events: Events) -> Response:
    """Add or replace one file on a branch."""
    path, content = file_path(request["filePath"]), _sized(request["fileContent"])
    mode = _mode(request)

    def edit(draft: Draft) -> str:
        there = draft.tree.find(path)
        node = Node(mode or _kept(there), draft.blob(content))
        if there == node:
            raise ApiError("SameFileContentException", f"The file {path} has this content already.")
        draft.tree.put(path, node)
        return node.oid

    landed, blob_id = land(ctx, request, edit, store=store, git_dir=git_dir, events=events)
    return {"commitId": landed.commit_id, "blobId": blob_id, "treeId": landed.tree_id}


def delete_file(ctx: Context, request: Request, *, store: Store, git_dir: Path, events: Events) -> Response:
    """Delete one file from a branch."""
    path = file_path(request["filePath"])

    def edit(draft: Draft) -> str:
        node = _file(draft, path)
        _remove(draft, [path], keep=request.get("keepEmptyFolders", False))
        return node.oid

    landed, blob_id = land(ctx, request, edit, store=store, git_dir=git_dir, events=events)
    return {"commitId": landed.commit_id, "blobId": blob_id, "treeId": landed.tree_id, "filePath": path}


def create_commit(ctx: Context, request: Request, *, store: Store, git_dir: Path, events: Events) -> Response:
    """Put, copy, move and delete files and set their modes in one commit."""
    plan = _plan(request)

    def edit(draft: Draft) -> dict[str, Node | None]:
        return _apply(draft, plan, keep=request.get("keepEmptyFolders", False))

    landed, before = land(ctx, request, edit, store=store, git_dir=git_dir, events=events)
    return {"commitId": landed.commit_id, "treeId": landed.tree_id, **_report(plan, before)}


@dataclass
class Plan:
    """What CreateCommit is asked to do, by path; ``result`` is filled while it is done."""

    content: dict[str, tuple[bytes, int | None]] = field(default_factory=dict)
    source: dict[str, tuple[str, bool, int | None]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    modes: dict[str, int] = field(default_factory=dict)
    result: dict[str, Node | None] = field(default_factory=dict)


def _plan(request: Request) -> Plan:
    puts, deletes, modes = (request.get(key, []) for key in ("putFiles", "deleteFiles", "setFileModes"))
    if not (puts or deletes or modes):
        raise ApiError("FileEntryRequiredException", "A commit needs at least one of putFiles, deleteFiles and setFileModes.")
    if len(puts) + len(deletes) + len(modes) > ENTRIES:
        raise ApiError("MaximumFileEntriesExceededException", f"A commit has at most {ENTRIES} entries.")
    plan = Plan()
    for entry in puts:
        _plan_put(plan, entry)
    plan.deleted = [file_path(entry["filePath"]) for entry in deletes]
    for entry in modes:
        mode = _mode(entry)
        if mode is None:
            raise ApiError("FileModeRequiredException", "The fileMode is required.")
        plan.modes[file_path(entry["filePath"])] = mode
    if sum(len(content) for content, _ in plan.content.values()) > COMMIT_LIMIT:
        raise ApiError(
            "FolderContentSizeLimitExceededException", f"The files of a commit have at most {COMMIT_LIMIT} bytes together."
        )
    moved = [source for source, move, _ in plan.source.values() if move]
    _distinct([*(file_path(entry["filePath"]) for entry in (*puts, *modes)), *plan.deleted, *moved])
    _no_file_in_file([*plan.content, *plan.source])
    return plan


def _plan_put(plan: Plan, entry: dict[str, Any]) -> None:
    path, mode = file_path(entry["filePath"]), _mode(entry)
    if "fileContent" in entry and "sourceFile" in entry:
        raise ApiError("FileContentAndSourceFileSpecifiedException", f"Give fileContent or sourceFile for {path}, not both.")
    if "fileContent" in entry:
        plan.content[path] = (_sized(entry["fileContent"]), mode)
    elif "sourceFile" in entry:
        source, move = file_path(entry["sourceFile"]["filePath"]), bool(entry["sourceFile"].get("isMove", False))
        if move and source.rpartition("/")[2] == KEEP:
            raise ApiError("RestrictedSourceFileException", f"A {KEEP} file cannot be moved.")
        plan.source[path] = (source, move, mode)
    else:
        raise ApiError("SourceFileOrContentRequiredException", f"Give fileContent or sourceFile for {path}.")


def _apply(draft: Draft, plan: Plan, *, keep: bool) -> dict[str, Node | None]:
    """Change the draft; what lay at each path before."""
    paths = [*plan.content, *plan.source, *plan.deleted, *plan.modes]
    moved = [source for source, move, _ in plan.source.values() if move]
    before = {path: draft.tree.find(path) for path in (*paths, *moved)}
    sources = {path: _file(draft, source) for path, (source, _, _) in plan.source.items()}
    for path in plan.deleted:
        _file(draft, path)
    for path, mode in plan.modes.items():
        plan.result[path] = Node(mode, _file(draft, path).oid)
    for path, (content, wanted) in plan.content.items():
        plan.result[path] = Node(wanted or _kept(before[path]), draft.blob(content))
    for path, (_, _, wanted) in plan.source.items():
        plan.result[path] = Node(wanted or sources[path].mode, sources[path].oid)
    gone = [*plan.deleted, *moved]
    for path in gone:
        draft.tree.remove(path)
    for path, node in plan.result.items():
        if node is not None:
            draft.tree.put(path, node)
    _keep_folders(draft, gone, keep=keep)
    plan.result |= dict.fromkeys(gone)
    return before


def _report(plan: Plan, before: dict[str, Node | None]) -> Response:
    report: dict[str, list[Response]] = {"filesAdded": [], "filesUpdated": [], "filesDeleted": []}
    for path, after in plan.result.items():
        old = before[path]
        if after == old:
            continue
        kind = "filesAdded" if old is None else "filesDeleted" if after is None else "filesUpdated"
        node = after or old
        assert node is not None
        report[kind].append({"absolutePath": path, "blobId": node.oid, "fileMode": mode_name(node.mode)})
    return report


def _remove(draft: Draft, paths: Sequence[str], *, keep: bool) -> None:
    for path in paths:
        draft.tree.remove(path)
    _keep_folders(draft, paths, keep=keep)


def _keep_folders(draft: Draft, paths: Sequence[str], *, keep: bool) -> None:
    for path in paths if keep else ():
        folder = path.rpartition("/")[0]
        if not draft.tree.has_folder(folder):
            draft.tree.put(f"{folder}/{KEEP}".lstrip("/"), Node(FILE, draft.blob(b"")))


def _file(draft: Draft, path: str) -> Node:
    node = draft.tree.find(path)
    if node is None or node.mode in (TREE, SUBMODULE):
        raise ApiError("FileDoesNotExistException", f"The file {path} does not exist on the branch.")
    return node


def _kept(there: Node | None) -> int:
    return there.mode if there is not None and there.mode not in (TREE, SUBMODULE) else FILE


def _mode(entry: dict[str, Any]) -> int | None:
    name = entry.get("fileMode")
    if name is not None and name not in NUMBERS:
        raise ApiError("InvalidFileModeException", "The fileMode is NORMAL, EXECUTABLE or SYMLINK.")
    return NUMBERS[name] if name else None


def _sized(content: bytes) -> bytes:
    if len(content) > FILE_LIMIT:
        raise ApiError(
            "FileContentSizeLimitExceededException", f"A file has at most {FILE_LIMIT} bytes; use a git client for more."
        )
    return content


def _distinct(paths: Sequence[str]) -> None:
    seen: set[str] = set()
    for path in paths:
        if path in seen:
            raise ApiError("SamePathRequestException", f"The path {path} occurs more than once in the request.")
        seen.add(path)


def _no_file_in_file(paths: Sequence[str]) -> None:
    names = set(paths)
    for path in paths:
        parts = path.split("/")
        if any("/".join(parts[:count]) in names for count in range(1, len(parts))):
            raise ApiError("PutFileEntryConflictException", f"A folder of {path} is itself put as a file.")
