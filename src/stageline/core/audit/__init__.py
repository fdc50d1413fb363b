"""The chain that the audit trail is kept in: how records are linked, and how a link that does not fit is found."""
