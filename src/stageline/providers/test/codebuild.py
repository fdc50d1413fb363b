"""CodeBuild as a test: the same as the build, with the shorter time limit of test actions."""

from stageline.core.pipeline.actiontype import ActionType
from stageline.jobs.codebuild import PROPERTIES, cancel, poll, start

ACTION_TYPE = ActionType("Test", "AWS", "CodeBuild", properties=PROPERTIES, inputs=(1, 5), outputs=(0, 5), timeout_minutes=8 * 60)
__all__ = ["ACTION_TYPE", "cancel", "poll", "start"]
