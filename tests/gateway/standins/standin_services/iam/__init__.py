"""Stand-in for iam."""
