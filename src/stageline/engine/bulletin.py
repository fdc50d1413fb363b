"""CodePipeline's EventBridge events (user guide: "Monitoring CodePipeline events"), from announcements of the core."""

from datetime import UTC, datetime

from stageline.core.pipeline.effects import Announce
from stageline.core.pipeline.state import ActionRun, Artifact
from stageline.ports.store import Doc

SOURCE = "aws.codepipeline"
DETAIL_TYPES = {
    "Pipeline": "CodePipeline Pipeline Execution State Change",
    "Stage": "CodePipeline Stage Execution State Change",
    "Action": "CodePipeline Action Execution State Change",
}


def instant(at: int) -> str:
    """ISO 8601 with milliseconds."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def render(account: str, region: str, announcement: Announce) -> Doc:
    """The event, without the envelope fields that publishing fills in."""
    execution = announcement.execution
    detail: Doc = {
        "pipeline": "",
        "execution-id": execution.id,
        "state": announcement.state,
        "version": float(execution.version),
        "pipeline-execution-attempt": float(execution.attempt),
    }
    if announcement.level == "Pipeline":
        detail["start-time"] = instant(execution.started)
        if announcement.state == "STARTED":
            detail["execution-trigger"] = {"trigger-type": execution.trigger, "trigger-detail": execution.trigger_detail}
        if announcement.state == "STOPPING" and execution.stop_reason:
            detail["stop-execution-comments"] = execution.stop_reason
    elif announcement.level == "Stage":
        detail["stage"] = announcement.stage
        if execution.retried:
            detail["stage-last-retry-attempt-time"] = instant(execution.retried)
        if execution.run is not None and announcement.state != "RESUMED":
            detail["start-time"] = instant(execution.run.started)
    elif announcement.run is not None:
        detail.update(_action(region, announcement.run, announcement.state))
        if announcement.state == "STARTED" and announcement.inputs:
            detail["input-artifacts"] = [_artifact(name, each) for name, each in announcement.inputs.items()]
    name = announcement.pipeline
    detail["pipeline"] = name
    return {
        "source": SOURCE,
        "detail-type": DETAIL_TYPES[announcement.level],
        "resources": [f"arn:aws:codepipeline:{region}:{account}:{name}"],
        "detail": detail,
    }


def _action(region: str, run: ActionRun, state: str) -> Doc:
    category, owner, provider, version = run.type
    detail: Doc = {
        "stage": run.stage,
        "action": run.action,
        "action-execution-id": run.id,
        "start-time": instant(run.started),
        "region": region,
        "type": {"owner": owner, "provider": provider, "category": category, "version": version},
    }
    if state in ("SUCCEEDED", "FAILED"):
        result = {
            "external-execution-url": run.external_url,
            "external-execution-summary": run.summary or run.error_message,
            "external-execution-id": run.external_id,
            "error-code": run.error_code,
        }
        detail["execution-result"] = {key: value for key, value in result.items() if value}
    if state == "SUCCEEDED":
        detail["output-artifacts"] = [_artifact(name, each) for name, each in run.outputs.items()]
    return detail


def _artifact(name: str, artifact: Artifact) -> Doc:
    return {"name": name, "s3location": {"bucket": artifact.bucket, "key": artifact.key}}
