"""The audit trail in the store: segments of a chain of hashes, an anchor beside the database."""
