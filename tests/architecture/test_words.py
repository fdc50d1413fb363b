"""The project speaks of itself alone: no place where it was made, no registry, no unfinished work."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Put together from parts, so that this file does not find itself.
BANNED = re.compile(
    "|".join(
        (
            r"/wo" + r"rk/(main|shared|\.)",
            r"files\.python" + r"hosted",
            r"py" + r"pi\.org",
            r"registry\.np" + r"mjs",
            r"\bFIX" + r"ME\b",
            r"\bX" + r"XX\b",
        )
    )
)
GENERATED = {"requirements.lock", "package-lock.json", "LICENSE"}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:  # unpacked from an archive
        return [path for folder in ("src", "tests", "docs") for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_banned_word_is_in_any_tracked_file() -> None:
    found = []
    for path in _tracked():
        if path.name in GENERATED or not path.is_file():
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in BANNED.finditer(text)]
    assert found == []
