"""Figures beside their budgets."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, how it came out, and what it should be at most (or at least)."""

    what: str
    figure: str
    budget: str


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def render(rows: Sequence[Row]) -> str:
    """A table in Markdown."""
    head = Row("what", "measured", "budget")
    columns = [max(len(getattr(row, name)) for row in (head, *rows)) for name in ("what", "figure", "budget")]
    rule = Row(*("-" * width for width in columns))
    return "\n".join(
        f"| {row.what:<{columns[0]}} | {row.figure:<{columns[1]}} | {row.budget:<{columns[2]}} |" for row in (head, rule, *rows)
    )
