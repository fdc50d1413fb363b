"""Stand-in for sts."""
