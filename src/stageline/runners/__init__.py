"""Runners: where due tasks are claimed and handled."""
