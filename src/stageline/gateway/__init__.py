"""From HTTP bytes to a service function and back."""
