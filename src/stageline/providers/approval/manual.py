"""Manual approval: waits for a person's ``PutApprovalResult``, at most seven days unless the action says otherwise."""

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.ports.aws import Aws
from stageline.ports.provider import Failed, Job, Outcome, Running

ACTION_TYPE = ActionType(
    "Approval",
    "AWS",
    "Manual",
    properties=(
        Property("NotificationArn", description="An SNS topic that is told that an approval is needed."),
        Property("CustomData", description="What the reviewer should know."),
        Property("ExternalEntityLink", description="A URL for the reviewer."),
    ),
    timeout_minutes=7 * 24 * 60,
)


def start(job: Job, aws: Aws) -> Outcome:
    """Wait; the answer comes through the API, not from here."""
    if job.configuration.get("NotificationArn"):
        text = "This server cannot send notifications to SNS topics yet. Remove NotificationArn from the approval action."
        return Failed("ConfigurationError", text)
    return Running(_shown(job), again=0)


def _shown(job: Job) -> str:
    """No state of the pipeline shows the token in the mode PARALLEL: there it is the external id of the action execution."""
    return job.token if job.mode == "PARALLEL" else ""


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """Still waiting."""
    return Running(external_id, again=0)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
