"""PARALLEL: each execution runs for itself; a stage has no lock and no queue. Only a disabled transition holds executions."""

LIMIT: int | None = 50
"""Executions of one pipeline in flight at once (quotas page)."""
ACTIONS = 5
"""Actions of one execution in progress at once (quotas page); the others of their run order wait."""
