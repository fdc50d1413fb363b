"""Results side by side: ``python -m stageline.testing.behaviour.compare A.json B.json`` prints a Markdown table.

The files are those of ``--json``; each gives a column, with the file's name as its title.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stageline.testing.behaviour.check import Check, discover
from stageline.testing.behaviour.run import PASSED, SKIPPED

Outcomes = Mapping[tuple[str, str], str]


def outcomes(document: Mapping[str, Any]) -> Outcomes:
    """The outcome of each check by theme and name."""
    return {(each["theme"], each["name"]): each["outcome"] for each in document["checks"]}


def compared(columns: Mapping[str, Outcomes]) -> str:
    """A row for each theme: how many of its checks passed, of those that were not skipped."""
    checks = discover()
    lines = [("theme", "checks", *columns), ("---", *("---:" for _ in range(len(columns) + 1)))]
    for theme in dict.fromkeys(each.theme for each in checks):
        of = [each for each in checks if each.theme == theme]
        lines.append((theme, str(len(of)), *(_score(of, found) for found in columns.values())))
    lines.append(("**all**", str(len(checks)), *(_score(checks, found) for found in columns.values())))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _score(checks: Sequence[Check], found: Outcomes) -> str:
    told = [found.get((each.theme, each.name), SKIPPED) for each in checks]
    ran = [each for each in told if each != SKIPPED]
    return f"{ran.count(PASSED)} of {len(ran)}" if ran else "not run"


def main(files: Sequence[str]) -> int:
    """Print the table of some files."""
    if not files:
        print("usage: python -m stageline.testing.behaviour.compare RESULTS.json …", file=sys.stderr)
        return 2
    print(compared({Path(each).stem: outcomes(json.loads(Path(each).read_text())) for each in files}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
