"""``RollbackStage``: what an earlier execution ran a stage with is put together again from history."""

from stageline.core.pipeline.events import RollbackRequested
from stageline.core.pipeline.state import Artifact, Revision, Snapshot
from stageline.engine import history
from stageline.engine.apply import Engine
from stageline.engine.codec import decode
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.codepipeline import records
from stageline.services.codepipeline.shapes import answer


def rollback_stage(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Run a stage as the target execution ran it, in a new execution of the type ROLLBACK."""
    name, stage, target = request["pipelineName"], request["stageName"], request["targetPipelineExecutionId"]
    with store.write() as tx:
        tx.lock(f"pipeline/{name}")
        record = records.find(tx, ctx, name)
        document = tx.get(records.VERSION, records.version_key(record["uid"], record["version"])) or {}
        if all(each["name"] != stage for each in document.get("stages", [])):
            raise ApiError("StageNotFoundException", f"Pipeline '{name}' does not have a stage with name '{stage}'")
        row = _target(tx, ctx, name, record, stage, target)
        event = RollbackRequested(stage, _snapshot(tx, record["uid"], row), row["version"], ctx.caller.arn, ctx.caller.person)
        return {"pipelineExecutionId": answer(engine.apply_in(tx, name, event))}


def _target(tx: ReadTx, ctx: Context, name: str, record: Doc, stage: str, target: str) -> Doc:
    number = tx.get(history.NUMBER, f"{record['uid']}/{target}")
    row = tx.get(history.EXECUTION, history.execution_key(record["uid"], number["number"])) if number else None
    if row is None:
        text = f"Account '{ctx.account}' does not have an execution with id '{target}' for pipeline '{name}'"
        raise ApiError("PipelineExecutionNotFoundException", text)
    if row["version"] != record["version"]:
        text = (
            f"The execution {target} ran version {row['version']} of the pipeline, which is at version {record['version']} now."
        )
        raise ApiError("PipelineExecutionOutdatedException", f"{text} Choose an execution of the current version.")
    if row.get("kind") == "ROLLBACK":
        raise _unable(stage, f"the execution {target} is a rollback itself; choose its target")
    if stage not in row["passed"]:
        raise _unable(stage, f"the execution {target} has not succeeded in it")
    return row


def _unable(stage: str, why: str) -> ApiError:
    return ApiError("UnableToRollbackStageException", f"The stage '{stage}' cannot be rolled back: {why}.")


def _snapshot(tx: ReadTx, uid: str, row: Doc) -> Snapshot:
    """Later runs count more than earlier ones: a retry replaced what came before it."""
    artifacts: dict[str, Artifact] = {}
    namespaces: dict[str, dict[str, str]] = {}
    prefix = f"{uid}/{row['id']}/"
    for key, _ in tx.scan(history.BY_EXECUTION, prefix):
        started, run_id = key.removeprefix(prefix).split("/")
        run = tx.get(history.ACTION, history.action_key(uid, int(started), run_id))
        if run is None or run["run"].get("status") != "Succeeded":
            continue
        artifacts.update({each: decode(Artifact, found) for each, found in run["run"].get("outputs", {}).items()})
        if run["namespace"]:
            namespaces[run["namespace"]] = run.get("variables", {})
    revisions = {source["action"]: _revision(source) for source in row["sources"]}
    return Snapshot(row["id"], row["variables"], namespaces, artifacts, revisions)


def _revision(source: Doc) -> Revision:
    return decode(Revision, {key: value for key, value in source.items() if key not in ("action", "artifacts")})
