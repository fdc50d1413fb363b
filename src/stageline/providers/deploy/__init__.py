"""Deploy actions."""
