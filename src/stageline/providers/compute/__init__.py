"""Actions that run commands."""
