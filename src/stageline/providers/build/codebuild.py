"""CodeBuild: runs a project on the input artifacts; its artifacts and exported variables are the action's outputs."""

from stageline.core.pipeline.actiontype import ActionType
from stageline.jobs.codebuild import PROPERTIES, cancel, poll, start

ACTION_TYPE = ActionType(
    "Build", "AWS", "CodeBuild", properties=PROPERTIES, inputs=(1, 5), outputs=(0, 5), timeout_minutes=36 * 60
)
__all__ = ["ACTION_TYPE", "cancel", "poll", "start"]
