"""Conditions of stages: before entry, on success, on failure; the rule is VariableCheck, which every CodePipeline has."""

from typing import Any

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import Doc, condition, gate, rule, variable
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

MODE = [variable("mode", "open")]
OPEN = rule("#{variables.mode}", "open")


def guarded(trial: Trial, *stages: Doc, **more: Any) -> Pipeline:
    """A pipeline with the variable ``mode``, which is "open" unless an execution is started with another value."""
    return Pipeline(trial, *stages, variables=MODE, **more)


def shut(pipeline: Pipeline) -> str:
    """Start an execution with another value; its id."""
    return pipeline.start(variables=[{"name": "mode", "value": "shut"}])


def shown(pipeline: Pipeline, moment: str, stage: str = "Gate") -> str:
    """The status of a condition, as the state shows it."""
    state = pipeline.stage(stage).get(f"{moment}ConditionState", {})
    return str(state.get("latestExecution", {}).get("status", ""))


def override(pipeline: Pipeline, execution: str, kind: str = "BEFORE_ENTRY", stage: str = "Gate") -> Doc:
    """What OverrideStageCondition is asked."""
    return {"pipelineName": pipeline.name, "stageName": stage, "pipelineExecutionId": execution, "conditionType": kind}


def rolled(pipeline: Pipeline) -> Doc:
    """The rollback that came by itself, once there is one."""

    def look() -> Doc | None:
        return next((each for each in pipeline.executions() if each.get("executionType") == "ROLLBACK"), None)

    return dict(pipeline.trial.until("an execution of type ROLLBACK", look))


@check
def passed_it_lets_in(trial: Trial) -> None:
    """A condition before entry whose rules succeed lets the actions run, and its rule is in the history."""
    pipeline = guarded(trial, gate(beforeEntry=condition("FAIL", OPEN)))
    first = pipeline.first()
    pipeline.held(first)
    same("the condition", shown(pipeline, "beforeEntry"), "Succeeded")
    listed = trial.client.list_rule_executions(pipelineName=pipeline.name)["ruleExecutionDetails"]
    (run,) = [each for each in listed if each["pipelineExecutionId"] == first]
    same("the rule", (run["stageName"], run["ruleName"], run["status"]), ("Gate", "Compare", "Succeeded"))
    same("the resolved value", run["input"]["resolvedConfiguration"]["Variable"], "open")
    same("the written value", run["input"]["configuration"]["Variable"], "#{variables.mode}")
    refused(trial.client.list_rule_executions, "PipelineNotFound", pipelineName=trial.name())


@check
def failed_it_keeps_out(trial: Trial) -> None:
    """FAIL before entry: no action runs, and neither does a later stage."""
    pipeline = guarded(trial, gate(beforeEntry=condition("FAIL", OPEN)), gate("Final"))
    second = shut(pipeline)
    pipeline.approve(pipeline.first())
    trial.becomes("the condition", lambda: shown(pipeline, "beforeEntry"), "Failed")
    same("the actions that ran", pipeline.names(second), ["Fetch"])
    pipeline.ends(second, "Failed")


@check
def failed_it_skips(trial: Trial) -> None:
    """SKIP before entry: the stage is Skipped without running an action, and the execution goes on."""
    pipeline = guarded(trial, gate(beforeEntry=condition("SKIP", OPEN)), gate("Final"))
    pipeline.approve(pipeline.first())
    second = shut(pipeline)
    trial.becomes("the stage", lambda: pipeline.inside("Gate"), (second, "Skipped"))
    pipeline.approve(pipeline.first(), "Final")
    pipeline.approve(second, "Final")
    pipeline.ends(second)
    trial.becomes("the actions that ran", lambda: pipeline.names(second), ["Fetch", "Approve"])
    same("the stage of the approval", pipeline.run(second, "Approve")["stageName"], "Final")


@check
def on_success_it_may_fail_the_stage(trial: Trial) -> None:
    """FAIL on success: the actions have succeeded, yet the stage and the execution fail."""
    pipeline = guarded(trial, gate(onSuccess=condition("FAIL", rule("#{variables.mode}", "shut"))), gate("Final"))
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first, "Failed")
    same("the action", pipeline.shown()["status"], "Succeeded")
    same("the condition", shown(pipeline, "onSuccess"), "Failed")
    same("who entered the next stage", pipeline.inside("Final"), ("", ""))


@check
def on_success_it_may_roll_back(trial: Trial) -> None:
    """ROLLBACK on success: the stage is rolled back by itself to the last execution that succeeded in it."""
    pipeline = guarded(trial, gate(onSuccess=condition("ROLLBACK", OPEN)))
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first)
    second = shut(pipeline)
    pipeline.approve(second)
    found = rolled(pipeline)
    same("the trigger", found["trigger"]["triggerType"], "AutomatedRollback")
    same("the target", found["rollbackMetadata"]["rollbackTargetPipelineExecutionId"], first)


@check
def a_failure_is_retried_once(trial: Trial) -> None:
    """onFailure RETRY runs the stage again by itself, once; the second failure counts."""
    again = {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}
    pipeline = Pipeline(trial, gate(onFailure=again))
    first = pipeline.first()
    pipeline.reject(first)
    token = pipeline.held(first)
    found = pipeline.stage("Gate").get("retryStageMetadata", {})
    same("the count", found.get("autoStageRetryAttempt"), 1)
    same("the trigger", found.get("latestRetryTrigger"), "AutomatedStageRetry")
    pipeline.answer(token, "Rejected")
    pipeline.ends(first, "Failed")
    trial.becomes("how often the action ran", lambda: len(set(pipeline.ids(first, "Approve"))), 2)


@check
def a_failure_is_rolled_back(trial: Trial) -> None:
    """onFailure ROLLBACK rolls the stage back by itself; without an earlier success the stage is just failed."""
    pipeline = Pipeline(trial, gate(onFailure={"result": "ROLLBACK"}))
    first = pipeline.first()
    pipeline.reject(first)
    pipeline.ends(first, "Failed")
    second = pipeline.start()
    pipeline.approve(second)
    pipeline.ends(second)
    third = pipeline.start()
    pipeline.reject(third)
    found = rolled(pipeline)
    same("the trigger", found["trigger"]["triggerType"], "AutomatedRollback")
    same("the target", found["rollbackMetadata"]["rollbackTargetPipelineExecutionId"], second)
    pipeline.ends(third, "Failed")
    pipeline.approve(found["pipelineExecutionId"])
    pipeline.ends(found["pipelineExecutionId"])
    rollbacks = [each for each in pipeline.executions() if each.get("executionType") == "ROLLBACK"]
    same("how many rollbacks there are", len(rollbacks), 1)


@check
def somebody_may_let_it_in(trial: Trial) -> None:
    """A failed condition before entry can be overridden: then the actions of the stage run in the same execution."""
    pipeline = guarded(trial, gate(beforeEntry=condition("FAIL", rule("#{variables.mode}", "shut"))))
    first = pipeline.first()
    trial.becomes("the condition", lambda: shown(pipeline, "beforeEntry"), "Failed")
    trial.client.override_stage_condition(**override(pipeline, first))
    pipeline.held(first)
    same("the condition afterwards", shown(pipeline, "beforeEntry"), "Overridden")
    pipeline.approve(first)
    pipeline.ends(first)


@check
def somebody_may_let_it_out(trial: Trial) -> None:
    """A failed condition on success can be overridden: then the execution goes on to the next stage."""
    wanted = condition("FAIL", rule("#{variables.mode}", "shut"))
    pipeline = guarded(trial, gate(onSuccess=wanted), gate("Final"))
    first = pipeline.first()
    pipeline.approve(first)
    trial.becomes("the condition", lambda: shown(pipeline, "onSuccess"), "Failed")
    trial.client.override_stage_condition(**override(pipeline, first, "ON_SUCCESS"))
    pipeline.approve(first, "Final")
    pipeline.ends(first)


@check
def what_cannot_be_overridden(trial: Trial) -> None:
    """A skip cannot be overridden, nor a condition that was passed; pipeline and stage must be there."""
    wanted = condition("SKIP", rule("#{variables.mode}", "shut"))
    pipeline = guarded(trial, gate(beforeEntry=wanted), gate("Final", beforeEntry=condition("FAIL", OPEN)))
    first = pipeline.first()
    pipeline.held(first, "Final")
    call = trial.client.override_stage_condition
    refused(call, "ConditionNotOverridable", **override(pipeline, first))
    refused(call, "ConditionNotOverridable", **override(pipeline, first, stage="Final"))
    refused(call, "StageNotFound", **override(pipeline, first, stage="Nowhere"))
    refused(call, "Validation", **override(pipeline, first, "ON_FAILURE"))
    refused(call, "PipelineNotFound", **{**override(pipeline, first), "pipelineName": trial.name()})


@check
def operators(trial: Trial) -> None:
    """EQ, NE, CONTAINS and MATCHES compare as they are called; one rule that fails fails the condition."""
    good = [
        rule("#{variables.mode}", "open", "EQ", "Equal"),
        rule("#{variables.mode}", "shut", "NE", "Different"),
        rule("#{variables.mode}", "pe", "CONTAINS", "Part"),
        rule("#{variables.mode}", "o[a-z]+n", "MATCHES", "Pattern"),
    ]
    bad = [*good[:3], rule("#{variables.mode}", "o[0-9]+", "MATCHES", "Pattern")]
    pipeline = guarded(trial, gate(beforeEntry=condition("FAIL", *good)), gate("Final", beforeEntry=condition("FAIL", *bad)))
    first = pipeline.first()
    pipeline.approve(first)
    trial.becomes("the condition with a wrong rule", lambda: shown(pipeline, "beforeEntry", "Final"), "Failed")
    (state,) = pipeline.stage("Final")["beforeEntryConditionState"]["conditionStates"]
    rules = {each["ruleName"]: each["latestExecution"]["status"] for each in state["ruleStates"]}
    same("its rules", rules, {"Equal": "Succeeded", "Different": "Succeeded", "Part": "Succeeded", "Pattern": "Failed"})


@check
def results_fit_their_moment(trial: Trial) -> None:
    """A result that does not belong to its moment is refused, and so are conditions in a pipeline of type V1."""
    codes = ("InvalidStructure", "InvalidStageDeclaration", "Validation")
    some = rule("#{codepipeline.PipelineExecutionId}", "x")
    for wrong in (gate(beforeEntry=condition("ROLLBACK", some)), gate(onSuccess=condition("SKIP", some))):
        refused(trial.client.create_pipeline, *codes, pipeline=trial.document(wrong))
    first = trial.document(gate(beforeEntry=condition("FAIL", some)), pipelineType="V1")
    refused(trial.client.create_pipeline, *codes, pipeline=first)


@check
def the_rule_types_are_listed(trial: Trial) -> None:
    """ListRuleTypes names VariableCheck with its three required properties."""
    found = trial.client.list_rule_types()["ruleTypes"]
    (listed,) = [each for each in found if each["id"]["provider"] == "VariableCheck"]
    properties = {each["name"] for each in listed["ruleConfigurationProperties"] if each["required"]}
    holds("Variable, Value and Operator are required", properties >= {"Variable", "Value", "Operator"}, sorted(properties))
