"""CloudTrail: looking up management events in the audit trail."""
