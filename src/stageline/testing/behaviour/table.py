"""How the results are told: a line for each theme, then every difference; or a document for machines."""

import json
from collections.abc import Sequence
from itertools import groupby

from stageline.testing.behaviour.run import FAILED, PASSED, SKIPPED, Result

WIDTH = 150


def count(results: Sequence[Result], outcome: str) -> int:
    """How many went so."""
    return sum(1 for each in results if each.outcome == outcome)


def shown(results: Sequence[Result]) -> str:
    """The score table."""
    rows = [("theme", PASSED, FAILED, SKIPPED, "first difference")]
    for theme, group in groupby(results, key=lambda each: each.check.theme):
        of = list(group)
        first = next((f"{each.check.name}: {each.told}" for each in of if each.outcome == FAILED), "")
        rows.append((theme, *_counts(of), _short(first)))
    rows.append(("total", *_counts(results), ""))
    wide = max(len(row[0]) for row in rows)
    return "\n".join(f"{row[0]:<{wide}}  {row[1]:>6}  {row[2]:>6}  {row[3]:>7}  {row[4]}".rstrip() for row in rows)


def _counts(results: Sequence[Result]) -> tuple[str, str, str]:
    return str(count(results, PASSED)), str(count(results, FAILED)), str(count(results, SKIPPED))


def differences(results: Sequence[Result]) -> str:
    """Every failed check: its rule and the difference."""
    failed = [each for each in results if each.outcome == FAILED]
    return "\n".join(f"{each.check.title}\n    rule: {each.check.rule}\n    {each.told}" for each in failed)


def document(results: Sequence[Result], about: dict[str, str]) -> str:
    """Everything, as JSON."""
    checks = [
        {
            "theme": each.check.theme,
            "name": each.check.name,
            "rule": each.check.rule,
            "outcome": each.outcome,
            "told": each.told,
            "seconds": each.seconds,
        }
        for each in results
    ]
    counts = {each: count(results, each) for each in (PASSED, FAILED, SKIPPED)}
    return json.dumps({**about, **counts, "checks": checks}, indent=1) + "\n"


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
