"""Shipped for tests: doubles and the conformance suites that hold them to the real thing."""
