"""Answering a manual approval: a token works once, for its own action only."""

from dataclasses import replace

from stageline.core.pipeline import actions, stage
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import ActionFailed, ActionSucceeded, ApprovalAnswered
from stageline.core.pipeline.state import RUNNING, ActionRun, Demands
from stageline.core.pipeline.turn import Turn

REMEMBERED = 50
"""Used tokens that a stage remembers, to tell "answered already" from "not valid"."""


def approval_answered(turn: Turn, event: ApprovalAnswered) -> Refusal | str:
    """Approve or reject; the answer is empty."""
    run = _alone(turn, event)
    refusal = None if run else _refusal(turn, event)
    if refusal:
        return refusal
    here = turn.stage(event.stage)
    run = run or here.shown[event.action]
    asked = _demands(turn, event, run)
    refusal = _not_by(turn, event, run, asked)
    if refusal:
        return refusal
    approvers = (*run.approvers, event.person) if event.person else run.approvers
    given = len(run.approvers) + 1
    if event.approved and given < asked.persons:
        told = f"{given} of {asked.persons} approvals, the last by {event.by}"
        turn.save_run(replace(run, by=event.by, approvers=approvers, updated=turn.at, summary=told))
        return ""
    if turn.state.declaration.stage(event.stage) is not None:
        turn.save_stage(event.stage, answered=(*here.answered[1 - REMEMBERED :], _used(event)))
    turn.save_run(replace(run, by=event.by, summary=event.summary, approvers=approvers if event.approved else run.approvers))
    if event.approved:
        actions.succeeded(turn, ActionSucceeded(run.id, summary=event.summary))
    else:
        text = f"The approval was rejected by {event.by}" + (f": {event.summary}" if event.summary else "")
        actions.failed(turn, ActionFailed(run.id, "JobFailed", text))
    stage.advance(turn, run.execution_id)
    return ""


def _used(event: ApprovalAnswered) -> str:
    return f"{event.action} {event.token}"


def _demands(turn: Turn, event: ApprovalAnswered, run: ActionRun) -> Demands:
    """What is demanded now and what was when the approval began to wait, whichever is stricter."""
    now = Demands(event.needed, event.others_only)
    inside = turn.execution(run.execution_id).run
    held = inside.held.get(event.action) if inside else None
    return now.with_those(held.demands) if held else now


def _not_by(turn: Turn, event: ApprovalAnswered, run: ActionRun, asked: Demands) -> Refusal | None:
    """Who may not approve: the person behind the execution where others have to, and whoever has approved already."""
    if not event.approved:
        return None
    person = turn.execution(run.execution_id).person
    if asked.others_only and person and person == event.person:
        text = (
            "This pipeline does not let the person who started an execution, or made its change, approve it. Ask somebody else."
        )
        return Refusal("AccessDenied", text)
    if event.person and event.person in run.approvers:
        text = f"You have approved already; {asked.persons} persons have to. Ask somebody else."
        return Refusal("ApprovalAlreadyCompleted", text)
    return None


def _alone(turn: Turn, event: ApprovalAnswered) -> ActionRun | None:
    """The approval that waits in an execution of the mode PARALLEL: the state of the pipeline shows none of these."""
    for execution in turn.state.executions.values():
        if execution.parallel and execution.run and execution.run.stage == event.stage:
            run = execution.run.runs.get(event.action)
            if run is not None and run.token and run.token == event.token and run.status == RUNNING:
                return run
    return None


def _refusal(turn: Turn, event: ApprovalAnswered) -> Refusal | None:
    declared = turn.state.declaration.stage(event.stage)
    if declared is None:
        return Refusal("StageNotFound", f"Pipeline '{turn.state.name}' does not have a stage with name '{event.stage}'")
    action = declared.action(event.action)
    if action is None or action.category != "Approval":
        where = f"Stage '{event.stage}' of pipeline '{turn.state.name}'"
        return Refusal("ActionNotFound", f"{where} does not have an approval action with name '{event.action}'")
    here = turn.stage(event.stage)
    if _used(event) in here.answered:
        return Refusal("ApprovalAlreadyCompleted", "The approval action has already been approved or rejected.")
    run = here.shown.get(event.action)
    if run is None or run.token != event.token or run.status != RUNNING:
        return Refusal("InvalidApprovalToken", "The approval token is not valid for this action, or it has expired.")
    return None
