"""Stand-in for s3."""
