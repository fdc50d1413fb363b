"""Conditions of a stage: their rules are run like actions, and when one of them fails the condition's result is engaged.

The rule holds for all three kinds of condition; a rule never counts the other way round (user guide: "How do stage conditions
work?", which is of two minds about failure conditions).
"""

from dataclasses import replace

from stageline.core.pipeline import actions
from stageline.core.pipeline.declaration import Action, Condition, Rule, Stage
from stageline.core.pipeline.state import (
    ABANDONED,
    CANCELLED,
    FAILED,
    OVERRIDDEN,
    ROLLBACK,
    RUNNING,
    SUCCEEDED,
    ConditionRun,
    Execution,
    StageRun,
)
from stageline.core.pipeline.turn import Turn

BEFORE_ENTRY, ON_SUCCESS, ON_FAILURE = "BEFORE_ENTRY", "ON_SUCCESS", "ON_FAILURE"
PASSED = (SUCCEEDED, OVERRIDDEN)
WORDS = {BEFORE_ENTRY: "entry condition", ON_SUCCESS: "success condition", ON_FAILURE: "failure condition"}


def declared(stage: Stage, kind: str) -> Condition | None:
    """The condition of that kind which a stage declares."""
    failure = stage.on_failure.condition if stage.on_failure else None
    return {BEFORE_ENTRY: stage.before_entry, ON_SUCCESS: stage.on_success, ON_FAILURE: failure}[kind]


def ask(turn: Turn, execution_id: str, kind: str) -> str | None:
    """What a condition says: None while its rules run, its result when it has failed, else "" (also when there is none).

    Asking begins the evaluation. A rollback is not held up by conditions.
    """
    execution = turn.execution(execution_id)
    run = _inside(execution)
    stage = turn.declaration(execution).stage(run.stage)
    condition = declared(stage, kind) if stage else None
    if condition is None or execution.kind == ROLLBACK:
        return ""
    if kind not in run.conditions:
        _begin(turn, execution_id, kind, condition)
    status = _settled(turn, execution_id, kind)
    if status == RUNNING:
        return None
    return condition.result if status == FAILED else ""


def _begin(turn: Turn, execution_id: str, kind: str, condition: Condition) -> None:
    run = _inside(turn.execution(execution_id))
    begun = {**run.conditions, kind: ConditionRun(RUNNING, turn.at)}
    turn.save(execution_id, run=replace(run, conditions=begun))
    for rule in condition.rules:
        actions.start(turn, execution_id, run.stage, _work(rule), condition=kind)


def _work(rule: Rule) -> Action:
    """A rule as what it is to those who run it: an action without outputs."""
    return Action(
        rule.name,
        rule.type,
        configuration=rule.configuration,
        commands=rule.commands,
        inputs=rule.inputs,
        role=rule.role,
        region=rule.region,
        timeout=rule.timeout,
    )


def _settled(turn: Turn, execution_id: str, kind: str) -> str:
    """The status of a condition, once its rules have ended the final one."""
    run = _inside(turn.execution(execution_id))
    condition = run.conditions[kind]
    if condition.status != RUNNING or any(each.status == RUNNING for each in condition.runs.values()):
        return condition.status
    broken = next((each for each in condition.runs.values() if each.status != SUCCEEDED), None)
    why = f"Rule '{broken.action}' failed: {broken.error_message}" if broken else ""
    _save(turn, execution_id, kind, replace(condition, status=FAILED if broken else SUCCEEDED, updated=turn.at, summary=why))
    return FAILED if broken else SUCCEEDED


def override(turn: Turn, execution_id: str, kind: str, by: str) -> None:
    """Let an execution pass a condition whatever its rules say; those that run are followed no longer."""
    for each in tuple(_inside(turn.execution(execution_id)).conditions[kind].runs.values()):
        if each.status == RUNNING:
            actions.abandon(turn, replace(each, by=by))
    condition = _inside(turn.execution(execution_id)).conditions[kind]
    changed = replace(condition, status=OVERRIDDEN, updated=turn.at, summary=f"Overridden by {by}")
    _save(turn, execution_id, kind, changed)


def abandon(turn: Turn, execution_id: str) -> None:
    """Follow the rules in progress no longer."""
    run = turn.execution(execution_id).run
    for each in run.judging if run else ():
        actions.abandon(turn, each)


def close(turn: Turn, execution_id: str, status: str) -> None:
    """The stage ends before its condition has: what was being evaluated is abandoned, or cancelled by an update."""
    run = _inside(turn.execution(execution_id))
    left = CANCELLED if status == CANCELLED else ABANDONED
    for kind, condition in run.conditions.items():
        if all(each.status != ABANDONED for each in condition.runs.values()):
            _settled(turn, execution_id, kind)
        elif condition.status == RUNNING:
            _save(turn, execution_id, kind, replace(condition, status=left, updated=turn.at))


def why(run: StageRun, kind: str) -> str:
    """Why a condition failed, in a sentence."""
    return f"The {WORDS[kind]} of stage '{run.stage}' failed. {run.conditions[kind].summary}".strip()


def broken(run: StageRun) -> tuple[str, ...]:
    """The kinds of the conditions that stand in the way of a stage."""
    return tuple(kind for kind, each in run.conditions.items() if each.status == FAILED and kind != ON_FAILURE)


def again(run: StageRun, mode: str) -> StageRun:
    """A stage run as it is retried: without the runs that are to be made again, without the conditions that come after them.

    Only FAILED_ACTIONS keeps an entry condition that was passed: the first action has been let in already.
    """
    if mode != "FAILED_ACTIONS":
        return replace(run, status=RUNNING, runs={}, conditions={})
    runs = {name: each for name, each in run.runs.items() if each.status not in (FAILED, ABANDONED)}
    kept = {kind: each for kind, each in run.conditions.items() if kind == BEFORE_ENTRY and each.status in PASSED}
    return replace(run, status=RUNNING, runs=runs, conditions=kept)


def _save(turn: Turn, execution_id: str, kind: str, condition: ConditionRun) -> None:
    run = _inside(turn.execution(execution_id))
    turn.save(execution_id, run=replace(run, conditions={**run.conditions, kind: condition}))


def _inside(execution: Execution) -> StageRun:
    if execution.run is None:
        raise AssertionError(f"execution {execution.id} is in no stage")
    return execution.run
