"""Requests made by chance from a service's model, sent over real HTTP, and their answers held against the model."""
