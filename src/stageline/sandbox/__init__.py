"""Ways to run commands that are not ours: ``bubblewrap`` (confined) and ``process`` (for trusted repositories)."""
