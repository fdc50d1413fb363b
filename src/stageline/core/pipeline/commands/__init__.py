"""What people and triggers ask of a pipeline, one kind of request a file."""
