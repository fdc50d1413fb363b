"""Views of a pipeline's journal: what its events mean to a person who asks why."""
