"""Test actions."""
