"""Which stage conditions are refused, and in which words: one row a rule."""

from typing import Any

import pytest

from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.ruletype import RuleType
from stageline.core.pipeline.validate.rules import check_rules
from stageline.rules.catalog import discover, rule_types

KNOWN = rule_types(discover())
LATE = RuleType("Late", kinds=("ON_SUCCESS",))
TYPES = {**KNOWN, LATE.id: LATE}
GOOD: dict[str, dict[str, Any]] = {
    "VariableCheck": {"configuration": {"Variable": "#{src.Ref}", "Operator": "EQ", "Value": "main"}},
    "DeploymentWindow": {"configuration": {"Cron": "0 0 9-17 ? * MON-FRI *", "TimeZone": "Europe/Berlin"}},
    "LambdaInvoke": {"configuration": {"FunctionName": "f", "UserParameters": "#{variables.Given}"}},
    "CloudWatchAlarm": {"configuration": {"AlarmName": "a", "WaitTime": "5"}},
    "CodeBuild": {"configuration": {"ProjectName": "p"}},
    "Commands": {"commands": ["test -e a", "echo #{src.Ref}"], "inputArtifacts": [{"name": "Src"}]},
    "Late": {},
}


def rule(provider: str = "VariableCheck", name: str = "Check", **more: Any) -> dict[str, Any]:
    return {"name": name, "ruleTypeId": {"category": "Rule", "provider": provider}, **GOOD.get(provider, {}), **more}


def condition(*rules: dict[str, Any], result: str | None = "FAIL") -> dict[str, Any]:
    return {"conditions": [{"rules": list(rules), **({"result": result} if result else {})}]}


def pipeline(where: int = 1, **conditions: Any) -> dict[str, Any]:
    """Source → Build → Deploy, with conditions at one stage."""
    fetch = {"name": "Fetch", "outputArtifacts": [{"name": "Src"}], "namespace": "src"}
    build = {"name": "Pack", "outputArtifacts": [{"name": "Out"}], "namespace": "built"}
    stages: list[dict[str, Any]] = [
        {"name": "Source", "actions": [fetch]},
        {"name": "Build", "actions": [build]},
        {"name": "Deploy", "actions": [{"name": "Copy"}]},
    ]
    more = {key: conditions.pop(key) for key in ("executionMode", "pipelineType") if key in conditions}
    stages[where] |= conditions
    return {"name": "p", "pipelineType": "V2", "variables": [{"name": "Given"}], "stages": stages, **more}


def entry(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return pipeline(beforeEntry=condition(*rules, **more))


RESULTS = {"beforeEntry": "FAIL", "onSuccess": "ROLLBACK", "onFailure": "ROLLBACK"}
ACCEPTED = {
    f"{name} {provider}": pipeline(**{name: condition(rule(provider), result=result)})
    for _, _, provider, _ in KNOWN
    for name, result in RESULTS.items()
}
ACCEPTED |= {
    "no condition": pipeline(),
    "skip": entry(rule("VariableCheck"), rule("LambdaInvoke", "Second"), result="SKIP"),
    "five": entry(*(rule(name=f"R{number}") for number in range(5))),
    "a rollback without conditions": pipeline(onFailure={"result": "ROLLBACK"}),
    "a retry": pipeline(onFailure={"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}),
    "a retry and a condition": pipeline(
        onFailure={
            "result": "RETRY",
            "retryConfiguration": {"retryMode": "FAILED_ACTIONS"},
            **condition(rule(), result="ROLLBACK"),
        }
    ),
    "a retry of the source stage": pipeline(0, onFailure={"result": "RETRY"}),
    "a retry in PARALLEL": pipeline(executionMode="PARALLEL", onFailure={"result": "RETRY"}),
    "what the stage itself makes, afterwards": pipeline(
        onSuccess=condition(rule("Commands", commands=["echo #{built.X}"], inputArtifacts=[{"name": "Out"}]))
    ),
    "a type that fits the kind": pipeline(onSuccess=condition(rule("Late"))),
    "limits of the timeout": entry(rule(timeoutInMinutes=5), rule(name="Other", timeoutInMinutes=86_400)),
    "a window from a variable": entry(rule("DeploymentWindow", configuration={"Cron": "#{variables.Given}"})),
    "an operator from a variable": entry(
        rule(configuration={"Variable": "a", "Operator": "#{variables.Given}", "Value": "b"}),
    ),
}


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_accepted(name: str) -> None:
    assert check_rules(ACCEPTED[name], TYPES.get, region="us-east-1") is None


STAGE, STRUCTURE = "InvalidStageDeclaration", "InvalidStructure"
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "V1": (
        pipeline(pipelineType="V1", beforeEntry=condition(rule())),
        STRUCTURE,
        "Stage conditions (beforeEntry) can only be used with V2 pipelines",
    ),
    "two conditions": (
        pipeline(beforeEntry={"conditions": condition(rule())["conditions"] * 2}),
        STAGE,
        "The condition beforeEntry of stage 'Build' has 2 entries; exactly one is allowed",
    ),
    "no rules": (entry(), STAGE, "The condition beforeEntry of stage 'Build' has 0 rules; there must be 1 to 5"),
    "six rules": (
        entry(*(rule(name=f"R{number}") for number in range(6))),
        STAGE,
        "The condition beforeEntry of stage 'Build' has 6 rules; there must be 1 to 5",
    ),
    "a name twice": (
        entry(rule(), rule()),
        STAGE,
        "Rule names must be unique within a condition. The condition beforeEntry of stage 'Build' uses the rule name Check more "
        "than once",
    ),
    "entry rollback": (
        entry(rule(), result="ROLLBACK"),
        STAGE,
        "The condition beforeEntry of stage 'Build' has the result ROLLBACK; it must be one of FAIL, SKIP",
    ),
    "no result": (
        entry(rule(), result=None),
        STAGE,
        "The condition beforeEntry of stage 'Build' has no result; it must be one of FAIL, SKIP",
    ),
    "success skip": (
        pipeline(onSuccess=condition(rule(), result="SKIP")),
        STAGE,
        "The condition onSuccess of stage 'Build' has the result SKIP; it must be one of FAIL, ROLLBACK",
    ),
    "failure fail": (
        pipeline(onFailure=condition(rule(), result="FAIL")),
        STAGE,
        "The condition onFailure of stage 'Build' has the result FAIL; it must be one of RETRY, ROLLBACK",
    ),
    "failure skip without conditions": (
        pipeline(onFailure={"result": "SKIP"}),
        STAGE,
        "The condition onFailure of stage 'Build' has the result SKIP; it must be one of RETRY, ROLLBACK",
    ),
    "a failure of which nothing comes": (
        pipeline(onFailure={}),
        STAGE,
        "The condition onFailure of stage 'Build' has neither a condition nor a result",
    ),
    "a retry mode without a retry": (
        pipeline(onFailure={"result": "ROLLBACK", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}),
        STAGE,
        "The condition onFailure of stage 'Build' has a retryConfiguration, which can only be used with the result RETRY",
    ),
    "rollback in PARALLEL": (
        pipeline(executionMode="PARALLEL", onSuccess=condition(rule(), result="ROLLBACK")),
        STRUCTURE,
        "The condition onSuccess of stage 'Build' has the result ROLLBACK, which a pipeline in the mode PARALLEL cannot have",
    ),
    "rollback of the source stage": (
        pipeline(0, onFailure={"result": "ROLLBACK"}),
        STAGE,
        "The condition onFailure of stage 'Source' has the result ROLLBACK; the source stage cannot be rolled back",
    ),
    "skip with another type": (
        entry(rule("DeploymentWindow"), result="SKIP"),
        STAGE,
        "Rule Check is of the type DeploymentWindow, which cannot be used with the result SKIP; LambdaInvoke and VariableCheck "
        "can (stage 'Build')",
    ),
    "another kind of condition": (
        entry(rule("Late")),
        STAGE,
        "Rule Check is of the type Late, which cannot be used in beforeEntry (stage 'Build')",
    ),
    "no such type": (
        entry(rule("Horoscope")),
        STAGE,
        "RuleType (Category: 'Rule', Provider: 'Horoscope', Owner: 'AWS', Version: '1') in rule 'Check' of stage 'Build' is not "
        "available",
    ),
    "missing configuration": (
        entry(rule(configuration={"Variable": "a", "Operator": "EQ"})),
        STAGE,
        "Rule configuration for rule 'Check' is missing required configuration 'Value'",
    ),
    "unknown configuration": (
        entry(rule("LambdaInvoke", configuration={"FunctionName": "f", "Colour": "red"})),
        STAGE,
        "Rule configuration for rule 'Check' contains unknown configuration 'Colour'",
    ),
    "no such operator": (
        entry(rule(configuration={"Variable": "a", "Operator": "LIKE", "Value": "b"})),
        STAGE,
        "Rule configuration for rule 'Check' has the value 'LIKE' for 'Operator', which must be one of EQ, NE, CONTAINS, MATCHES",
    ),
    "not a number": (
        entry(rule("CloudWatchAlarm", configuration={"AlarmName": "a", "WaitTime": "soon"})),
        STAGE,
        "Rule configuration for rule 'Check' has the value 'soon' for 'WaitTime', which must be a number",
    ),
    "not a window": (
        entry(rule("DeploymentWindow", configuration={"Cron": "at night"})),
        STAGE,
        "Rule configuration for rule 'Check' has a 'Cron' that cannot be used: 'at night' has 2 fields; there must be 6, or 7 "
        "with the year",
    ),
    "inputs where there are none": (
        entry(rule(inputArtifacts=[{"name": "Src"}])),
        STAGE,
        "Rule Check declares 1 input artifacts which is more than the maximum count (0)",
    ),
    "an input that comes later": (
        entry(rule("Commands", inputArtifacts=[{"name": "Out"}])),
        STAGE,
        "Input Artifact Bundle Out in rule Check is not declared as Output Artifact Bundle in any of the preceding actions",
    ),
    "an input twice": (
        entry(rule("Commands", inputArtifacts=[{"name": "Src"}, {"name": "Src"}])),
        STAGE,
        "Input Artifact Bundle Src in rule Check has been used more than once.",
    ),
    "two sources": (
        pipeline(onSuccess=condition(rule("CodeBuild", inputArtifacts=[{"name": "Src"}, {"name": "Out"}]))),
        STAGE,
        "Rule configuration for rule 'Check' is missing required configuration 'PrimarySource'",
    ),
    "another source": (
        entry(rule("CodeBuild", inputArtifacts=[{"name": "Src"}], configuration={"ProjectName": "p", "PrimarySource": "X"})),
        STAGE,
        "The PrimarySource 'X' of rule 'Check' is not one of its input artifacts",
    ),
    "no commands": (entry(rule("Commands", commands=[])), STAGE, "Rule Check must have a non-empty commands field"),
    "commands of several lines": (
        entry(rule("Commands", commands=["a\nb"])),
        STAGE,
        "Rule Check has a command of several lines; each command is a single line",
    ),
    "commands elsewhere": (
        entry(rule(commands=["true"])),
        STAGE,
        "Rule Check declares commands, which can only be used with the Commands rule",
    ),
    "a short timeout": (
        entry(rule(timeoutInMinutes=4)),
        STAGE,
        "Rule Check has a timeoutInMinutes of 4; it must be from 5 to 86400",
    ),
    "another Region": (
        entry(rule(region="eu-west-1")),
        STAGE,
        "Rule Check is in the Region eu-west-1; this server has the Region us-east-1 only",
    ),
    "a namespace that comes later": (
        entry(rule(configuration={"Variable": "#{built.X}", "Operator": "EQ", "Value": "b"})),
        STAGE,
        "Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.). "
        "The following pipeline execution variables are referencing a namespace that does not exist.\n"
        "StageName=[Build], RuleName=[Check], RuleConfigurationKey=[Variable], VariableReferenceText=[#{built.X}]",
    ),
    "a variable that is not declared": (
        entry(rule(configuration={"Variable": "#{variables.Other}", "Operator": "EQ", "Value": "b"})),
        STAGE,
        "The rule 'Check' references #{variables.Other}, but the pipeline does not declare the variable 'Other'",
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused(name: str) -> None:
    document, code, message = REFUSED[name]
    assert check_rules(document, TYPES.get, region="us-east-1") == Refusal(code, message)
