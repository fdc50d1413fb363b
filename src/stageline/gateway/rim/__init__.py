"""Where the wire ends: how bodies come in, and what browsers are told about answers."""
