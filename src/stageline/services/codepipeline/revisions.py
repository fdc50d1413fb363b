"""``PutActionRevision``: somebody who watches a source says that there is a new revision."""

import hashlib

from stageline.core.pipeline.declaration import Action
from stageline.core.pipeline.events import ExecutionRequested
from stageline.core.pipeline.state import State
from stageline.engine.apply import Engine
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store, WriteTx
from stageline.services.codepipeline import records
from stageline.services.codepipeline.shapes import answer


def put_action_revision(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Start an execution for a revision that no execution has used; one that is known is answered with the execution it has.

    ``newRevision`` is true when the revision is new.
    """
    name, stage, revision = request["pipelineName"], request["stageName"], request["actionRevision"]["revisionId"]
    with store.write() as tx:
        tx.lock(f"pipeline/{name}")
        record = records.find(tx, ctx, name)
        found = engine.state(tx, name)
        if found is None:
            raise records.not_found(ctx, name)
        action = _source(found[1], stage, request["actionName"])
        key = f"{record['uid']}/{stage}/{action.name}/{hashlib.sha256(revision.encode('utf-8', 'surrogatepass')).hexdigest()}"
        known = _known(tx, found[1], stage, action.name, revision, key)
        if known:
            return {"newRevision": False, "pipelineExecutionId": known}
        execution_id = answer(
            engine.apply_in(tx, name, ExecutionRequested("PutActionRevision", ctx.caller.arn, person=ctx.caller.person))
        )
        tx.put(records.REPORTED, key, {"execution": execution_id, "at": ctx.now})
    return {"newRevision": True, "pipelineExecutionId": execution_id}


def _source(state: State, stage_name: str, action_name: str) -> Action:
    stage = state.declaration.stage(stage_name)
    if stage is None:
        text = f"Pipeline '{state.name}' does not have a stage with name '{stage_name}'"
        raise ApiError("StageNotFoundException", text)
    action = stage.action(action_name)
    if action is None:
        text = f"Stage '{stage_name}' of pipeline '{state.name}' does not have an action with name '{action_name}'"
        raise ApiError("ActionNotFoundException", text)
    if action.category != "Source":
        text = f"The action '{action_name}' is not a source action; only source actions have revisions."
        raise ApiError("ValidationException", text)
    return action


def _known(tx: WriteTx, state: State, stage: str, action: str, revision: str, key: str) -> str:
    """The execution that the revision has: reported before, or found by the action itself in its latest run."""
    reported = tx.get(records.REPORTED, key)
    if reported:
        return str(reported["execution"])
    shown = state.stages[stage].shown.get(action) if stage in state.stages else None
    return shown.execution_id if shown and shown.revision and shown.revision.id == revision else ""
