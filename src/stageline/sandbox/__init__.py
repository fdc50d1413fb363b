"""Sandboxes: ways to run commands that are not ours."""
