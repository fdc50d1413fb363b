"""Commands: shell commands on the input artifacts, without a build project; what they make and set are the action's outputs."""

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.jobs.commands import cancel, poll, start

ACTION_TYPE = ActionType(
    "Compute",
    "AWS",
    "Commands",
    properties=(
        Property("EnvironmentType", description="LINUX_CONTAINER (default)."),
        Property("ComputeType", description="BUILD_GENERAL1_SMALL (default), BUILD_GENERAL1_MEDIUM or BUILD_GENERAL1_LARGE."),
        Property("VpcId", description="Taken and not used: commands run in this server's network."),
        Property("Subnets", description="Taken and not used."),
        Property("SecurityGroupIds", description="Taken and not used."),
    ),
    inputs=(1, 10),
    outputs=(0, 1),
    timeout_minutes=55,
    v2_only=True,
)

__all__ = ["ACTION_TYPE", "cancel", "poll", "start"]
