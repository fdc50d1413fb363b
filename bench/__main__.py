"""Runs all measurements, or those named on the command line, and prints each figure beside its budget."""

import sys

from bench import console, flows, memory, reads, restart, scale, transitions
from bench.table import Row, render

MEASUREMENTS = {
    "transitions": transitions.measure,
    "flows": flows.measure,
    "reads": reads.measure,
    "restart": restart.measure,
    "scale": scale.measure,
    "memory": memory.measure,
    "console": console.measure,
}


def main() -> int:
    """The exit code: 2 when a name is unknown."""
    names = sys.argv[1:] or list(MEASUREMENTS)
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows += MEASUREMENTS[name]()
    print(render(rows))
    return 0


sys.exit(main())
