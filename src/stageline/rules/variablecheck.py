"""VariableCheck: compares a variable with a value, as texts.

A regular expression is matched in a process of its own, which is ended when it takes too long: the author of a pipeline writes
the expression, but whoever fills the variable could make it run for hours.
"""

import json
import subprocess
import sys

from stageline.core.pipeline.actiontype import Property
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome

OPERATORS = {"EQ": "is not equal to", "NE": "is equal to", "CONTAINS": "does not contain", "MATCHES": "does not match"}
RULE_TYPE = RuleType(
    "VariableCheck",
    properties=(
        Property("Variable", required=True, description="The variable, `#{namespace.key}`, or any text."),
        Property(
            "Operator",
            choices=tuple(OPERATORS),
            required=True,
            description="EQ, NE, CONTAINS, or MATCHES (a regular expression for the whole text).",
        ),
        Property("Value", required=True, description="What it is compared with."),
    ),
    skips=True,
)
PATIENCE = 5.0
SHOWN = 200
_MATCH = """
import json, re, sys
pattern, text = json.load(sys.stdin.buffer)
try:
    print("yes" if re.fullmatch(pattern, text) else "no")
except (re.error, OverflowError, RecursionError) as error:
    print(f"error {error}")
"""


def start(job: Job, aws: Aws) -> Outcome:
    """Compare."""
    variable, value = job.configuration["Variable"], job.configuration["Value"]
    operator = job.configuration["Operator"]
    if operator not in OPERATORS:
        return Failed("ConfigurationError", f"The Operator '{operator}' is not one of {', '.join(OPERATORS)}.")
    try:
        holds = _holds(operator, variable, value)
    except ValueError as error:
        return Failed("ConfigurationError", f"The regular expression '{_cut(value)}' cannot be used: {error}")
    if holds:
        return Done(job.id)
    return Failed("JobFailed", f"'{_cut(variable)}' {OPERATORS[operator]} '{_cut(value)}'", job.id)


def _holds(operator: str, variable: str, value: str) -> bool:
    if operator == "EQ":
        return variable == value
    if operator == "NE":
        return variable != value
    return value in variable if operator == "CONTAINS" else _matches(value, variable)


def _matches(pattern: str, text: str) -> bool:
    """Whether an expression matches a whole text. Raises ValueError when it cannot be told."""
    command = [sys.executable, "-I", "-S", "-c", _MATCH]
    try:
        done = subprocess.run(command, input=json.dumps([pattern, text]).encode(), env={}, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise ValueError(f"it takes more than {PATIENCE:g} seconds on this variable") from None
    answer, _, why = done.stdout.decode("utf-8", "replace").strip().partition(" ")
    if answer not in ("yes", "no"):
        raise ValueError(why or "it cannot be evaluated")
    return answer == "yes"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """Compare again."""
    return start(job, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
