"""What the IAM operations share: stored entities, identifiers, policy documents, paging, sessions."""
