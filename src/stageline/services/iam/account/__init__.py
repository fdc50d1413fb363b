"""The account as a whole."""
