"""Build actions."""
