"""VariableCheck: compares a variable with a value, as texts.

The author of a pipeline writes the regular expression, but whoever fills the variable could make it run for hours.
"""

from stageline.core.pipeline.actiontype import Property
from stageline.core.pipeline.ruletype import RuleType
from stageline.expressions import fits
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
SHOWN = 200


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
    return value in variable if operator == "CONTAINS" else fits(value, variable)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """Compare again."""
    return start(job, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
