"""History rows: executions and action runs as the API lists them, newest first, apart from the state.

Keys start with the pipeline's uid, which a pipeline of the same name created later does not share. Kinds and keys:

- ``codepipeline.execution``          uid/number            the execution
- ``codepipeline.execution-number``   uid/execution id      {"number"}
- ``codepipeline.action``             uid/started/run id    the action run
- ``codepipeline.execution-action``   uid/execution id/started/run id    {}
- ``codepipeline.action-started``     run id                {"uid", "started", "pipeline"}
- ``codepipeline.rule``               uid/started/run id    the run of a condition's rule
- ``codepipeline.execution-rule``     uid/execution id/started/run id    {}
"""

from collections.abc import Mapping

from stageline.core.pipeline.effects import RecordAction, RecordExecution, StartAction
from stageline.core.pipeline.state import ActionRun, Artifact
from stageline.engine.codec import encode
from stageline.ports.store import Doc, ReadTx, WriteTx

EXECUTION = "codepipeline.execution"
NUMBER = "codepipeline.execution-number"
ACTION = "codepipeline.action"
BY_EXECUTION = "codepipeline.execution-action"
STARTED = "codepipeline.action-started"
RULE = "codepipeline.rule"
RULE_BY_EXECUTION = "codepipeline.execution-rule"


def execution_key(uid: str, number: int) -> str:
    """Sorts executions of a pipeline by start."""
    return f"{uid}/{number:012d}"


def action_key(uid: str, started: int, run_id: str) -> str:
    """Sorts action runs of a pipeline by start."""
    return f"{uid}/{started:015d}/{run_id}"


def record_execution(tx: WriteTx, uid: str, effect: RecordExecution) -> None:
    """Write an execution's row."""
    execution = effect.execution
    if execution.started == execution.updated:
        tx.put(NUMBER, f"{uid}/{execution.id}", {"number": execution.number})
    tx.put(EXECUTION, execution_key(uid, execution.number), _execution_row(effect))


def _execution_row(effect: RecordExecution) -> Doc:
    execution = effect.execution
    row: Doc = {
        "id": execution.id,
        "number": execution.number,
        "version": execution.version,
        "mode": execution.mode,
        "status": execution.status,
        "summary": execution.summary,
        "started": execution.started,
        "updated": execution.updated,
        "trigger": execution.trigger,
        "trigger_detail": execution.trigger_detail,
        "stop_reason": execution.stop_reason,
        "attempt": execution.attempt,
        "retried": execution.retried,
        "kind": execution.kind,
        "rollback_target": execution.rollback_target,
        "variables": dict(execution.variables),
        "passed": list(execution.passed),
        "sources": [
            {"action": action, "artifacts": list(artifacts), **encode(execution.revisions[action])}
            for action, artifacts in effect.sources
            if action in execution.revisions
        ],
    }
    return row


def record_action(tx: WriteTx, uid: str, pipeline: str, effect: RecordAction) -> None:
    """Write the row of an action's (or a rule's) run: all of it when it starts, what changed when it goes on or ends."""
    run = effect.run
    key = action_key(uid, run.started, run.id)
    kind, by_execution = (RULE, RULE_BY_EXECUTION) if run.condition else (ACTION, BY_EXECUTION)
    row = {**_start_row(effect.start), "attempt": effect.attempt} if effect.start else tx.get(kind, key) or {}
    if effect.start:
        tx.put(by_execution, f"{uid}/{run.execution_id}/{run.started:015d}/{run.id}", {})
        tx.put(STARTED, run.id, {"uid": uid, "started": run.started, "pipeline": pipeline})
    row = {**row, "run": encode(run)}
    if effect.variables is not None:
        row["variables"] = dict(effect.variables)
    tx.put(kind, key, row)


def run_row(tx: ReadTx, uid: str, run: ActionRun) -> Doc | None:
    """The row of a run of an action or a rule."""
    return tx.get(RULE if run.condition else ACTION, action_key(uid, run.started, run.id))


def _start_row(start: StartAction) -> Doc:
    return {
        "configuration": dict(start.action.configuration),
        "resolved": dict(start.configuration),
        "role": start.action.role,
        "region": start.action.region,
        "namespace": start.action.namespace,
        "inputs": _locations(start.inputs),
        "outputs": _locations(start.outputs),
    }


def _locations(artifacts: Mapping[str, Artifact]) -> list[Doc]:
    return [{"name": name, "bucket": each.bucket, "key": each.key} for name, each in artifacts.items()]


def forget(tx: WriteTx, uid: str, *, limit: int = 500) -> bool:
    """Delete up to ``limit`` rows of each kind of a deleted pipeline; whether rows are left."""
    left = False
    for kind in (EXECUTION, NUMBER, ACTION, BY_EXECUTION, RULE, RULE_BY_EXECUTION):
        rows = tx.scan(kind, f"{uid}/", limit=limit)
        for key, _ in rows:
            tx.delete(kind, key)
            if kind in (ACTION, RULE):
                tx.delete(STARTED, key.rsplit("/", 1)[1])
        left = left or len(rows) == limit
    return left


def expire(tx: WriteTx, uid: str, row: Doc) -> None:
    """Delete an execution, given its row, with the runs of its actions and rules."""
    prefix = f"{uid}/{row['id']}/"
    for kind, by_execution in ((ACTION, BY_EXECUTION), (RULE, RULE_BY_EXECUTION)):
        for key, _ in tx.scan(by_execution, prefix):
            started, run_id = key.removeprefix(prefix).split("/")
            tx.delete(kind, action_key(uid, int(started), run_id))
            tx.delete(STARTED, run_id)
            tx.delete(by_execution, key)
    tx.delete(NUMBER, f"{uid}/{row['id']}")
    tx.delete(EXECUTION, execution_key(uid, row["number"]))
