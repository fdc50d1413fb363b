"""Running commands that are not ours: confined, without the server's environment, killed whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol


@dataclass(frozen=True)
class Command:
    """A process to run in a box.

    ``workdir`` (a host folder) is the only writable place besides a private ``/tmp``, seen inside at ``mount``. ``environment``
    is everything the process gets; it reaches the box by file descriptor, never on a command line. ``pass_fds`` are kept open.
    """

    argv: Sequence[str]
    workdir: Path
    mount: str
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: str = ""
    network: bool = True
    pass_fds: tuple[int, ...] = ()
    readonly: Mapping[str, Path] = field(default_factory=dict)


class Process(Protocol):
    """A running command."""

    stdout: IO[bytes]
    """Standard output and standard error, merged."""

    stdin: IO[bytes]

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, or None when ``timeout`` seconds passed first. A signal N gives 128 + N."""
        ...

    def kill(self) -> None:
        """End the process and everything it started; returns when none is left."""
        ...


class Sandbox(Protocol):
    """A way to run commands. ``level`` names it for people: ``bubblewrap`` or ``process``."""

    level: str

    def prepare(self, folder: Path) -> None:
        """Make a work folder usable (owned) by the box."""
        ...

    def spawn(self, command: Command) -> Process:
        """Start a command; raises OSError when it cannot be started."""
        ...
