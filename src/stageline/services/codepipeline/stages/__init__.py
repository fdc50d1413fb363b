"""What people do to a stage of a pipeline."""
