"""What every build gets limited to before its first instruction, whichever sandbox runs it."""

import resource
from dataclasses import dataclass

OPEN_FILES = 65_536
PROCESSES = 8_192


@dataclass(frozen=True)
class Limits:
    """Resource limits of a build. ``processes`` is None where builds share the server's own user, whose other processes count."""

    open_files: int
    processes: int | None
    oom_score: int = 500
    """Builds are to be ended before the server when memory runs out."""


def limits(uid: int | None) -> Limits:
    """The limits that this machine lets us set."""
    return Limits(
        _at_most(resource.RLIMIT_NOFILE, OPEN_FILES), None if uid is None else _at_most(resource.RLIMIT_NPROC, PROCESSES)
    )


def _at_most(kind: int, wish: int) -> int:
    hard = resource.getrlimit(kind)[1]
    return wish if hard == resource.RLIM_INFINITY else min(hard, wish)


def shell_prelude(chosen: Limits) -> str:
    """Shell text that takes on the limits and becomes the rest of its command line."""
    lines = ["ulimit -c 0", f"ulimit -n {chosen.open_files}"]
    if chosen.processes is not None:
        # dash spells it -p, every other shell -u.
        lines.append(f"{{ ulimit -u {chosen.processes} || ulimit -p {chosen.processes}; }} 2>/dev/null")
    lines.append(f"{{ echo {chosen.oom_score} >/proc/self/oom_score_adj; }} 2>/dev/null")
    lines.append('exec "$@"')
    return "; ".join(lines)
