"""CodeBuild: runs a project, with the input artifacts as its sources if there are any; the rule succeeds as the build does."""

from stageline.core.pipeline.ruletype import RuleType
from stageline.jobs.codebuild import PROPERTIES, cancel, poll, start

RULE_TYPE = RuleType("CodeBuild", properties=PROPERTIES, inputs=(0, 5))
__all__ = ["RULE_TYPE", "cancel", "poll", "start"]
