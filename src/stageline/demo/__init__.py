"""The demo: a real repository pushed through a real pipeline, through the public API only."""
