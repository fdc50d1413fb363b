"""What the gateway tells the audit trail about each request."""
