"""Walking and editing the tree of a commit, reading only the folders that a path passes through."""

from stageline.ports.api import ApiError
from stageline.services.codecommit.plumbing.git import EMPTY_TREE, Kind, Objects
from stageline.services.codecommit.plumbing.objects import (
    EXECUTABLE,
    FILE,
    SUBMODULE,
    SYMLINK,
    TREE,
    Node,
    oid_of,
    parse_tree,
    render_tree,
)

MODES = {FILE: "NORMAL", EXECUTABLE: "EXECUTABLE", SYMLINK: "SYMLINK"}
NUMBERS = {name: mode for mode, name in MODES.items()}


def mode_name(mode: int) -> str:
    """``NORMAL``, ``EXECUTABLE`` or ``SYMLINK`` (old histories hold files of mode 100664)."""
    return MODES.get(mode, "NORMAL")


class Folder:
    """A folder of a tree that can be changed in memory; subfolders are read when they are entered."""

    def __init__(self, objects: Objects, oid: str = EMPTY_TREE) -> None:
        self._objects = objects
        self.oid = oid
        self.nodes: dict[bytes, Node] = {}
        self._entered: dict[bytes, Folder] = {}
        if oid != EMPTY_TREE:
            data = objects.read(oid, "tree")
            if data is None:
                raise ValueError(f"no tree {oid}")
            self.nodes = parse_tree(data)

    def find(self, path: str) -> Node | None:
        """What lies at a path, or None."""
        *folders, name = path.encode().split(b"/")
        at: Folder | None = self
        for part in folders:
            at = at.enter(part) if at is not None else None
        return at.nodes.get(name) if at is not None else None

    def enter(self, name: bytes) -> "Folder | None":
        """A subfolder, or None."""
        if name in self._entered:
            return self._entered[name]
        node = self.nodes.get(name)
        if node is None or node.mode != TREE:
            return None
        self._entered[name] = Folder(self._objects, node.oid)
        return self._entered[name]

    def put(self, path: str, node: Node) -> None:
        """Add or replace a file; ApiError where a file and a folder would have to share a name."""
        *folders, name = path.encode().split(b"/")
        at = self
        for part in folders:
            there = at.nodes.get(part)
            if there is not None and there.mode == SUBMODULE:
                raise ApiError("FilePathConflictsWithSubmodulePathException", f"{path} lies in a submodule.")
            if there is not None and there.mode != TREE:
                raise ApiError(
                    "DirectoryNameConflictsWithFileNameException", f"A folder of {path} has the name of an existing file."
                )
            below = at.enter(part)
            if below is None:
                below = Folder(self._objects)
                at.nodes[part] = Node(TREE, EMPTY_TREE)
                at._entered[part] = below
            at = below
        there = at.nodes.get(name)
        if there is not None and there.mode == SUBMODULE:
            raise ApiError("FilePathConflictsWithSubmodulePathException", f"{path} is a submodule.")
        if there is not None and there.mode == TREE:
            raise ApiError("FileNameConflictsWithDirectoryNameException", f"{path} is an existing folder.")
        at.nodes[name] = node

    def remove(self, path: str) -> None:
        """Take a file away, and with it the folders that it leaves empty."""
        *folders, name = path.encode().split(b"/")
        chain: list[tuple[Folder, bytes]] = []
        at = self
        for part in folders:
            below = at.enter(part)
            if below is None:
                return
            chain.append((at, part))
            at = below
        at.nodes.pop(name, None)
        while chain and not at.nodes:
            at, part = chain.pop()
            del at.nodes[part]
            at._entered.pop(part, None)

    def has_folder(self, path: str) -> bool:
        """Whether a folder lies at a path; the root does as long as anything is in it."""
        at: Folder | None = self
        for part in path.encode().split(b"/") if path else []:
            at = at.enter(part) if at is not None else None
        return at is not None and bool(at.nodes)

    def write(self) -> tuple[str, list[tuple[Kind, bytes]]]:
        """The id of the tree as it is now, and the trees that are new."""
        fresh: list[tuple[Kind, bytes]] = []
        for name, folder in self._entered.items():
            oid, below = folder.write()
            fresh += below
            self.nodes[name] = Node(TREE, oid)
        data = render_tree(self.nodes)
        oid = oid_of("tree", data)
        if oid != self.oid:
            fresh.append(("tree", data))
        return oid, fresh
