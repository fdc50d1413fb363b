"""Commands: shell commands on the input artifacts; the rule succeeds when all of them end with exit code 0."""

from stageline.core.pipeline.ruletype import RuleType
from stageline.jobs.commands import cancel, poll, start

RULE_TYPE = RuleType("Commands", inputs=(0, 10), timeout_minutes=55, commands=True)
__all__ = ["RULE_TYPE", "cancel", "poll", "start"]
