"""Actions: starting one with its variables and artifacts resolved, and taking in how its work went."""

from dataclasses import replace

from stageline.core.ids import derived_tail
from stageline.core.pipeline.commandtext import Prepared, prepare
from stageline.core.pipeline.declaration import Action
from stageline.core.pipeline.effects import (
    CancelAction,
    CancelTimer,
    ForgetAction,
    Refusal,
    SetTimer,
    StartAction,
)
from stageline.core.pipeline.events import ActionFailed, ActionProgressed, ActionSucceeded, ActionTimedOut
from stageline.core.pipeline.state import ABANDONED, FAILED, SUCCEEDED, ActionRun, Artifact, Execution
from stageline.core.pipeline.turn import Turn
from stageline.core.pipeline.variables import MAX_OUTPUT, MAX_RESOLVED, Unresolved, resolve, size

REVISION_KINDS: dict[str, tuple[str, ...]] = {
    "CodeCommit": ("COMMIT_ID",),
    "CodeStarSourceConnection": ("COMMIT_ID",),
    "GitHub": ("COMMIT_ID",),
    "ECR": ("IMAGE_DIGEST",),
    "S3": ("S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"),
}
"""Which source revision types fit which provider (source overrides page); the first is what the provider's revisions are."""


def start(turn: Turn, execution_id: str, stage: str, action: Action, *, condition: str = "") -> None:
    """Start an action, or fail it at once when a variable or an artifact that it needs is not there.

    With ``condition`` the action is a rule of that condition of the stage.
    """
    execution = turn.execution(execution_id)
    declaration = turn.declaration(execution)
    run_id = turn.ids.uuid()
    outputs = {
        name: Artifact(declaration.bucket, f"{declaration.name[:20]}/{name[:10]}/{derived_tail(run_id, name)}")
        for name in action.outputs
    }
    resolved = resolve(action.configuration, scope(execution))
    prepared = prepare(action.commands, action.environment, scope(execution))
    work = prepared if isinstance(prepared, Prepared) else Prepared()
    approval = action.category == "Approval"
    run = ActionRun(
        run_id,
        execution_id,
        stage,
        action.name,
        action.type,
        execution.version,
        started=turn.at,
        updated=turn.at,
        # While an approval waits, its summary is what the reviewer should know.
        summary=resolved.get("CustomData", "") if approval and isinstance(resolved, dict) else "",
        token=turn.ids.uuid() if approval else "",
        outputs=outputs,
        condition=condition,
    )
    problem = _problem(execution, action, resolved, prepared)
    begin = StartAction(
        run,
        action,
        configuration={} if isinstance(resolved, Unresolved) else resolved,
        inputs={name: execution.artifacts[name] for name in action.inputs if name in execution.artifacts},
        outputs=outputs,
        role=declaration.role,
        encryption_key=declaration.encryption_key,
        timeout=action.timeout,
        action_role=action.role if action.role != declaration.role else "",
        overrides=_wanted(execution, action),
        mode=execution.mode,
        person=execution.person,
        revisions={name: revision.id for name, revision in execution.revisions.items()},
        commands=work.commands,
        environment=work.environment,
    )
    turn.save_run(run, start=begin)
    if not condition:
        turn.announce("Action", "STARTED", execution_id, stage=stage, run=run, inputs=begin.inputs)
    if problem:
        _finish(turn, replace(run, status=FAILED, error_code="ConfigurationError", error_message=problem))
    else:
        turn.effects += [begin, SetTimer(run, turn.at + action.timeout * 60_000, action.timeout)]


def _wanted(execution: Execution, action: Action) -> dict[str, str]:
    """The source revisions that an action has to take: those asked for at the start, and in a retry the one taken before."""
    asked = {each.kind: each.value for each in execution.overrides if each.action == action.name}
    kind = next(iter(REVISION_KINDS.get(action.type[2], ())), "")
    taken = execution.revisions.get(action.name)
    if action.category == "Source" and taken is not None and kind:
        return {kind: taken.id, **asked}
    return asked


def scope(execution: Execution) -> dict[str, dict[str, str]]:
    """What an action of an execution may refer to."""
    named = {namespace: dict(values) for namespace, values in execution.namespaces.items()}
    if execution.variables:  # a pipeline without variables may use the name for an action
        named["variables"] = dict(execution.variables)
    return {**named, "codepipeline": {"PipelineExecutionId": execution.id}}


def _problem(execution: Execution, action: Action, resolved: dict[str, str] | Unresolved, prepared: Prepared | Unresolved) -> str:
    """Why an action cannot start, or nothing."""
    if isinstance(resolved, Unresolved) or isinstance(prepared, Unresolved):
        named = [name for each in (resolved, prepared) if isinstance(each, Unresolved) for name in each.references]
        names = ", ".join(sorted(set(named)))  # the order of a configuration is not the same when the journal is folded
        what = f"The action references variables that have no value in this execution: {names}."
        return f"{what} Check that the action which produces them ran and exports them."
    missing = [name for name in action.inputs if name not in execution.artifacts]
    if missing:
        return f"The input artifact {', '.join(missing)} was not produced in this execution."
    used = size(resolved) + size({each.name: each.value for each in prepared.environment})
    if used > MAX_RESOLVED:
        return f"The resolved configuration of the action takes {used} bytes; at most {MAX_RESOLVED} are allowed."
    return ""


def find(turn: Turn, run_id: str) -> ActionRun | None:
    """The action run of that id, if it is still in progress."""
    for execution in turn.state.executions.values():
        for run in (*execution.run.acting, *execution.run.judging) if execution.run else ():
            if run.id == run_id:
                return run
    return None


def stale(run_id: str) -> Refusal:
    """The answer to news about an action run that has ended already."""
    return Refusal("Stale", f"action run {run_id} is not in progress")


def progressed(turn: Turn, event: ActionProgressed) -> Refusal | None:
    """Note how the work of an action stands."""
    run = find(turn, event.run_id)
    if run is None:
        return stale(event.run_id)
    turn.save_run(
        replace(
            run,
            updated=turn.at,
            external_id=event.external_id or run.external_id,
            external_url=event.external_url or run.external_url,
            summary=event.summary or run.summary,
            percent=event.percent if event.percent is not None else run.percent,
            log_stream=event.log_stream or run.log_stream,
        )
    )
    return None


def succeeded(turn: Turn, event: ActionSucceeded) -> Refusal | ActionRun:
    """The work is done: keep its variables, artifacts and revision for those that come later."""
    run = find(turn, event.run_id)
    if run is None:
        return stale(event.run_id)
    used = size(event.variables)
    if used > MAX_OUTPUT:
        text = f"The output variables of the action take {used} bytes; at most {MAX_OUTPUT} are allowed."
        return failed(turn, ActionFailed(event.run_id, "ConfigurationError", text, event.external_id, event.external_url))
    revision = event.revision
    outputs = {
        name: replace(artifact, revision=revision.id if revision else artifact.revision) for name, artifact in run.outputs.items()
    }
    done = replace(
        run,
        status=SUCCEEDED,
        external_id=event.external_id or run.external_id,
        external_url=event.external_url or run.external_url,
        summary=event.summary or run.summary,
        log_stream=event.log_stream or run.log_stream,
        revision=revision,
        outputs=outputs,
    )
    _finish(turn, done, dict(event.variables))
    if run.condition:
        return done
    execution = turn.execution(run.execution_id)
    action = _action(turn, execution, run)
    changes = {"artifacts": {**execution.artifacts, **outputs}}
    if action is not None and action.namespace:
        changes["namespaces"] = {**execution.namespaces, action.namespace: dict(event.variables)}  # type: ignore[dict-item]
    if revision is not None:
        changes["revisions"] = {**execution.revisions, run.action: revision}  # type: ignore[dict-item]
    turn.save(execution.id, **changes)
    return done


def _action(turn: Turn, execution: Execution, run: ActionRun) -> Action | None:
    stage = turn.declaration(execution).stage(run.stage)
    return stage.action(run.action) if stage else None


def failed(turn: Turn, event: ActionFailed) -> Refusal | ActionRun:
    """The work failed; its siblings go on."""
    run = find(turn, event.run_id)
    if run is None:
        return stale(event.run_id)
    ended = replace(
        run,
        status=FAILED,
        error_code=event.code,
        error_message=event.message,
        external_id=event.external_id or run.external_id,
        external_url=event.external_url or run.external_url,
        log_stream=event.log_stream or run.log_stream,
    )
    _finish(turn, ended)
    return ended


def timed_out(turn: Turn, event: ActionTimedOut) -> Refusal | ActionRun:
    """The action took longer than it may: it has failed, and its work is stopped."""
    run = find(turn, event.run_id)
    if run is None:
        return stale(event.run_id)
    what = "The approval was not answered" if run.type[0] == "Approval" else "The action did not complete"
    what = "The rule did not complete" if run.condition else what
    ended = replace(run, status=FAILED, error_code="TimedOut", error_message=f"{what} within {event.minutes} minutes.")
    _finish(turn, ended)
    turn.effects.append(CancelAction(ended))
    return ended


def abandon(turn: Turn, run: ActionRun) -> None:
    """Follow the action no longer; what it started elsewhere goes on."""
    _finish(turn, replace(run, status=ABANDONED))
    turn.effects.append(ForgetAction(run))


def _finish(turn: Turn, run: ActionRun, variables: dict[str, str] | None = None) -> None:
    run = replace(run, updated=turn.at)
    turn.save_run(run, variables=variables)
    turn.effects.append(CancelTimer(run))
    state = {SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", ABANDONED: "ABANDONED"}[run.status]
    if not run.condition:
        turn.announce("Action", state, run.execution_id, stage=run.stage, run=run)
