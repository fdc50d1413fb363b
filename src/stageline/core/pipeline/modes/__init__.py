"""Execution modes: how executions wait in front of a stage, one policy a file."""
