"""Asking policies what they would allow, without doing anything."""
