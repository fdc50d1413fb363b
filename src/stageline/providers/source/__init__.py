"""Source actions."""
