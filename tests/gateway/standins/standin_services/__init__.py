"""Small services for tests of the gateway."""
