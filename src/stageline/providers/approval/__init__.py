"""Approval actions."""
