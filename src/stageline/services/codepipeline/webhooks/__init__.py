"""Webhooks: URLs of this server that start a pipeline when something is posted to them."""
